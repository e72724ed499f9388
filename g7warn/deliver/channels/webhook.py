"""Webhooks after Standard Webhooks 1.0.0: signed, pinned to a checked address, no redirects."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path  # noqa: TC003 - pydantic resolves annotations
from typing import TYPE_CHECKING, Generic

import httpx
from pydantic import Field

from g7warn.deliver.addresses import check_address
from g7warn.deliver.channels.base import (
    ChannelOptions,
    MessageT_contra,
    Receipt,
    UnlockedEndpoint,
    read_options,
    refuse_other_world,
)
from g7warn.deliver.render_webhook import render_webhook
from g7warn.deliver.standard_webhooks import sign_webhook
from g7warn.errors import ChannelRejected, ChannelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.clock import Clock

_LATER = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Answers below 500 after which the same request may succeed."""

_ID = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_WAIT = 86_400.0
"""Seconds of a Retry-After that are believed: a day."""


class WebhookOptions(ChannelOptions):
    """Options of webhooks.

    Attributes:
        allows_private: Whether private and loopback addresses, and plain http, are allowed.
        certificates: PEM file of authorities beside the usual ones, for a private one.
        timeout_seconds: For one request.
    """

    allows_private: bool = False
    certificates: Path | None = None
    timeout_seconds: float = Field(default=15.0, gt=0, le=60)


class WebhookChannel(Generic[MessageT_contra]):
    """Post each message to the receiver's address, signed with each of its secrets."""

    kind = "webhook"

    def __init__(
        self, *, options: Mapping[str, object], clock: Clock, accepts: type[MessageT_contra]
    ) -> None:
        self.accepts = accepts
        self._clock = clock
        self._options = read_options(WebhookOptions, options, kind=self.kind)
        self._context = httpx.create_ssl_context()
        if self._options.certificates is not None:
            self._context.load_verify_locations(cafile=self._options.certificates)

    def send(
        self, message: MessageT_contra, *, endpoint: UnlockedEndpoint, idempotency_key: str
    ) -> Receipt:
        """Post the message to `endpoint.address`.

        Raises:
            ChannelUnavailable: No connection, a timeout, 408, 425, 429 or 5xx.
            ChannelRejected: Any other answer but success (410: the endpoint is gone), a redirect,
                or an address that is not allowed.
        """
        refuse_other_world(message, accepts=self.accepts, kind=self.kind)
        target = check_address(endpoint.address, allows_private=self._options.allows_private)
        body = render_webhook(message)
        name = "msg_" + _ID.sub("-", idempotency_key)[:120]
        headers = sign_webhook(
            body, webhook_id=name, sent_at=self._clock.now(), secrets=endpoint.secrets
        )
        headers |= {
            "Host": target.host_header,
            "Content-Type": "application/json",
            "User-Agent": "g7warn",
        }
        try:
            status, wait = self._post(target.url, body, headers, host=target.host)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            text = f"webhook at {target.host} did not answer: {type(error).__name__}"
            raise ChannelUnavailable(text, channel=self.kind, host=target.host) from None
        self._judge(status, wait, host=target.host)
        return Receipt(reference=name, thread=message.content.alert_id, detail=f"HTTP {status}")

    def _post(
        self, url: str, body: bytes, headers: dict[str, str], *, host: str
    ) -> tuple[int, float]:
        # No connection is shared: two names on one address must each prove who they are.
        with (
            httpx.Client(
                verify=self._context,
                timeout=self._options.timeout_seconds,
                follow_redirects=False,
                trust_env=False,
            ) as client,
            client.stream(
                "POST", url, content=body, headers=headers, extensions={"sni_hostname": host}
            ) as answer,
        ):
            # The body is not read: nothing in it matters, and it could be endless.
            return answer.status_code, _read_wait(answer.headers.get("retry-after", ""))

    def _judge(self, status: int, wait: float, *, host: str) -> None:
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return
        text = f"webhook at {host} answers {status}"
        if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ChannelUnavailable(
                text, channel=self.kind, host=host, status=status, retry_after_seconds=wait
            )
        if status < HTTPStatus.BAD_REQUEST:
            text += ": redirects are not followed; enter the final address"
        is_gone = status == HTTPStatus.GONE
        raise ChannelRejected(
            text, channel=self.kind, host=host, status=status, is_endpoint_gone=is_gone
        )


def _read_wait(header: str) -> float:
    return min(float(header), _LONGEST_WAIT) if header.isascii() and header.isdigit() else 0.0
