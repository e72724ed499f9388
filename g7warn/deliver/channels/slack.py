"""Slack: blocks, the alert's thread, its chart; through `slack_sdk`, which only this file knows.

One call posts one message. Retries and pacing belong to the outbox: the library's own retry
handlers stay off, so that a slow Slack delays no other channel.

Source: Slack Web API, `chat.postMessage`, `files.getUploadURLExternal` and rate limits (one message
a second a channel, HTTP 429 with Retry-After), seen 2026-11.
"""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Generic

from pydantic import Field, SecretStr
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from g7warn.deliver.channels.base import (
    ChannelOptions,
    MessageT_contra,
    Receipt,
    UnlockedEndpoint,
    read_options,
    refuse_other_world,
)
from g7warn.deliver.render_slack import render_slack
from g7warn.errors import ChannelRejected, ChannelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.clock import Clock
    from g7warn.deliver.message import Chart

_GONE = frozenset({"channel_not_found", "is_archived", "account_inactive", "team_not_found"})
"""Answers that say that this endpoint is no more."""

_BUSY = frozenset(
    {
        *("ratelimited", "rate_limited", "message_limit_exceeded", "request_timeout"),
        *("internal_error", "fatal_error", "service_unavailable", "team_added_to_org"),
    }
)
"""Answers after which the same call may succeed later."""

_CODE = re.compile(r"^[a-z0-9_]+$")

DEFAULT_RETRY_SECONDS = 30.0
"""Wait after a 429 without a usable Retry-After. Judgement: half of Slack's minute windows."""


class SlackOptions(ChannelOptions):
    """Options of Slack.

    Attributes:
        token: Bot token, for endpoints without a secret of their own.
        base_url: Address of the API, ending in a slash.
        timeout_seconds: For one call.
    """

    token: SecretStr = SecretStr("")
    base_url: str = Field(default="https://slack.com/api/", pattern=r"^https?://.+/$")
    timeout_seconds: int = Field(default=10, ge=1, le=120)


class SlackChannel(Generic[MessageT_contra]):
    """Post to a Slack channel; later messages of an alert go into the thread of its first."""

    kind = "slack"

    def __init__(
        self, *, options: Mapping[str, object], clock: Clock, accepts: type[MessageT_contra]
    ) -> None:
        del clock
        self.accepts = accepts
        self._options = read_options(SlackOptions, options, kind=self.kind)

    def send(
        self, message: MessageT_contra, *, endpoint: UnlockedEndpoint, idempotency_key: str
    ) -> Receipt:
        """Post the message to the channel `endpoint.address` and its chart below it.

        Slack documents no idempotency key for messages: ours travels as `client_msg_id` and as
        metadata, so that a repeat after a lost answer can be told. A chart that cannot be
        uploaded does not undo the message: the receipt's detail says so.

        Raises:
            ChannelUnavailable: No connection, a timeout, 429, 5xx, or an answer that is no JSON.
            ChannelRejected: Slack refuses the token, the channel or the message.
        """
        refuse_other_world(message, accepts=self.accepts, kind=self.kind)
        client = self._open_client(endpoint)
        arguments: dict[str, object] = {
            "channel": endpoint.address,
            "client_msg_id": str(uuid.uuid5(uuid.NAMESPACE_URL, idempotency_key)),
            "metadata": {
                "event_type": "g7warn_message",
                "event_payload": {"key": idempotency_key, "alert": message.content.alert_id},
            },
            **render_slack(message),
        }
        if message.thread:
            arguments["thread_ts"] = message.thread
            arguments["reply_broadcast"] = True
        answer = self._call(client, "chat.postMessage", arguments)
        timestamp = answer.get("ts")
        if not isinstance(timestamp, str) or not timestamp:
            raise self._call_malformed("no message timestamp")
        thread = message.thread or timestamp
        detail = "posted"
        if message.content.chart is not None:
            detail = self._add_chart(client, message.content.chart, endpoint.address, thread)
        return Receipt(reference=timestamp, thread=thread, detail=detail)

    def _open_client(self, endpoint: UnlockedEndpoint) -> WebClient:
        token = (*endpoint.secrets, self._options.token)[0].get_secret_value()
        if not token:
            text = "Slack has no token: set G7WARN_SLACK_TOKEN or give the endpoint its own"
            raise ChannelRejected(text, channel=self.kind)
        return WebClient(
            token=token,
            base_url=self._options.base_url,
            timeout=self._options.timeout_seconds,
            retry_handlers=[],
        )

    def _add_chart(self, client: WebClient, chart: Chart, address: str, thread: str) -> str:
        try:
            client.files_upload_v2(
                channel=address,
                thread_ts=thread,
                content=chart.png,
                filename="chart.png",
                title=chart.alt[:100],
                alt_txt=chart.alt,
            )
        except (SlackApiError, SlackClientError, OSError, ValueError) as error:
            return f"posted; the chart was not taken ({type(error).__name__})"
        return "posted with chart"

    def _call(
        self, client: WebClient, method: str, arguments: dict[str, object]
    ) -> dict[str, object]:
        try:
            data = client.api_call(method, json=arguments).data
        except SlackApiError as error:
            raise self._translate(error) from None
        except (OSError, SlackClientError, ValueError) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            text = f"Slack at {self._options.base_url} did not answer {method}: {reason}"
            raise ChannelUnavailable(text, channel=self.kind) from None
        if not isinstance(data, dict):
            raise self._call_malformed("no JSON object")
        return data

    def _call_malformed(self, what: str) -> ChannelUnavailable:
        text = f"Slack at {self._options.base_url} gave a malformed answer: {what}"
        return ChannelUnavailable(text, channel=self.kind)

    def _translate(self, error: SlackApiError) -> ChannelUnavailable | ChannelRejected:
        status = int(getattr(error.response, "status_code", 0) or 0)
        answer = getattr(error.response, "data", None)
        code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        if status == HTTPStatus.TOO_MANY_REQUESTS or code in {"ratelimited", "rate_limited"}:
            wait = _read_retry_after(error)
            text = f"Slack asks to wait {wait:g} seconds"
            return ChannelUnavailable(text, channel=self.kind, retry_after_seconds=wait)
        is_refusal = bool(_CODE.match(code))  # the library puts its own sentences there as well
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _BUSY or not is_refusal:
            text = f"Slack cannot take messages now: HTTP {status} {code or 'malformed answer'}"
            return ChannelUnavailable(text, channel=self.kind, status=status)
        text = f"Slack refuses the message: {code}. Check token, channel and the app's scopes"
        return ChannelRejected(text, channel=self.kind, code=code, is_endpoint_gone=code in _GONE)


def _read_retry_after(error: SlackApiError) -> float:
    headers = {str(k).lower(): v for k, v in dict(error.response.headers or {}).items()}
    value = headers.get("retry-after", "")
    text = str(value[0] if isinstance(value, list) and value else value)
    return float(text) if text.isdigit() else DEFAULT_RETRY_SECONDS
