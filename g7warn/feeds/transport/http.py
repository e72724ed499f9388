"""Fetches payloads over HTTP: bounded in time and size, polite, and only from public hosts."""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx

from g7warn.errors import (
    G7WarnError,
    SourceRateLimited,
    SourceRejected,
    SourceUnavailable,
    TransientError,
)
from g7warn.feeds.base import Payload, hash_body
from g7warn.feeds.transport.cache import HttpCache

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from g7warn.clock import Clock
    from g7warn.feeds.catalog import Document

MAX_BYTES = 64 * 1024 * 1024
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_TOTAL_SECONDS = 300.0  # a publisher that drips bytes for longer is not answering
_ATTEMPTS = 3
_BACKOFF_SECONDS = (1.0, 4.0)
_LONGEST_WAIT_SECONDS = 60.0  # a longer Retry-After is left to the scheduler
_MAX_REDIRECTS = 5
_PRESENT = timedelta(hours=12)  # between planning a long ingest and fetching its last file
_EMPTY_ANSWER = b"NoRecordsFound"  # OECD answers 404 with this body when nothing matches a query
_USER_AGENT = "g7warn (critical-minerals early warning)"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """What a fetch may take.

    Attributes:
        max_bytes: Of the body after decoding.
        attempts: Calls in all, the first included.
        total_seconds: Of one call, from connection to last byte.
        is_private_allowed: Whether loopback and private hosts may be asked: for tests.
    """

    max_bytes: int = MAX_BYTES
    attempts: int = _ATTEMPTS
    total_seconds: float = _TOTAL_SECONDS
    is_private_allowed: bool = False


class HttpTransport:
    """The network.

    Args:
        clock: Gives `fetched_at`.
        cache: Folder of validators and bodies for conditional requests; None: unconditional.
        limits: What a fetch may take.
        on_progress: Called with the bytes read and the bytes expected (0 where unknown).
        sleep: Waits between attempts.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        cache: Path | None = None,
        limits: HttpLimits | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._cache = HttpCache(cache)
        self._limits = limits or HttpLimits()
        self._on_progress = on_progress or (lambda _read, _expected: None)
        self._sleep = sleep

    def addresses_of(self, document: Document) -> tuple[str, ...]:
        """Return the newest address: the one its landing page links to, else the newest known."""
        if document.landing_page and document.pattern:
            try:
                page = self.fetch(document.landing_page, as_of=self._clock.now())
            except G7WarnError:
                return document.newest_addresses
            text = page.body.decode("utf-8", errors="replace")
            if link := re.search(document.pattern, text):
                return (link[0],)
        return document.newest_addresses

    def versions(self, address: str, *, until: datetime) -> tuple[datetime, ...]:
        """Return the present instant: the network has one version, the one of now.

        `until` was read from a clock a moment ago, so it lies before this call's own present.
        """
        del address
        now = self._clock.now()
        return (min(now, until),) if until >= now - _PRESENT else ()

    def fetch(self, address: str, *, as_of: datetime) -> Payload:
        """Return what the address holds now; transient failures are tried again a few times.

        Raises:
            SourceUnavailable: Time-out, connection failure or 5xx, after all attempts; or asked
                for an instant in the past, of which the network knows nothing.
            SourceRateLimited: 429, or 503 with Retry-After, after all attempts.
            SourceRejected: 4xx, too large, too many redirects, or a host that is not public.
        """
        if as_of < self._clock.now() - _PRESENT:
            message = f"the network cannot say what {address!r} held at {as_of.isoformat()}"
            raise SourceUnavailable(message, address=address)
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return self._fetch_once(address)
            except TransientError as error:
                wait = _BACKOFF_SECONDS[min(attempt, len(_BACKOFF_SECONDS)) - 1]
                if isinstance(error, SourceRateLimited):
                    wait = error.retry_after_seconds
                if attempt == self._limits.attempts or wait > _LONGEST_WAIT_SECONDS:
                    raise
                self._sleep(wait)
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _fetch_once(self, address: str) -> Payload:
        headers = {"User-Agent": _USER_AGENT, **self._cache.validators(address)}
        try:
            with httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
                url = address
                for _ in range(_MAX_REDIRECTS + 1):
                    self._check_host(url)
                    with client.stream("GET", url, headers=headers) as response:
                        if not response.has_redirect_location:
                            return self._take(address, response)
                        url = urljoin(url, response.headers["Location"])
        except (httpx.TimeoutException, httpx.TransportError) as error:
            message = f"{address!r} did not answer: {type(error).__name__}"
            raise SourceUnavailable(message, address=address) from error
        except (httpx.InvalidURL, ValueError) as error:
            message = f"{address!r} is no address that can be fetched: {error}"
            raise SourceRejected(message, address=address) from error
        message = f"{address!r} redirects more than {_MAX_REDIRECTS} times"
        raise SourceRejected(message, address=address)

    def _take(self, address: str, response: httpx.Response) -> Payload:
        status = response.status_code
        if status == httpx.codes.NOT_MODIFIED and (known := self._cache.body(address)):
            return self._to_payload(address, known, response)
        if status == httpx.codes.NOT_FOUND:
            start = self._read_body(address, response, limit=4096)
            if start.strip() == _EMPTY_ANSWER:
                return self._to_payload(address, start, response)
        _raise_for_status(address, response)
        body = self._read_body(address, response, limit=self._limits.max_bytes)
        self._cache.put(address, body, response.headers)
        return self._to_payload(address, body, response)

    def _read_body(self, address: str, response: httpx.Response, *, limit: int) -> bytes:
        declared = response.headers.get("Content-Length", "")
        expected = int(declared) if declared.isascii() and declared.isdigit() else 0
        started, size, parts = time.monotonic(), 0, []
        if expected <= limit:
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                self._on_progress(size, expected)
                if size > limit:
                    break
                if time.monotonic() - started > self._limits.total_seconds:
                    message = f"{address!r} sent {size:,} bytes in {self._limits.total_seconds} s"
                    raise SourceUnavailable(message, address=address)
        if max(size, expected) > limit and response.is_success:
            message = (
                f"{address!r} is larger than {limit:,} bytes and was not read to its end. Raise "
                "max_bytes in the catalogue if the publisher's file has really grown"
            )
            raise SourceRejected(message, address=address, limit_bytes=limit)
        return b"".join(parts)

    def _to_payload(self, address: str, body: bytes, response: httpx.Response) -> Payload:
        return Payload(
            address=address,
            body=body,
            sha256=hash_body(body),
            media_type=response.headers.get("Content-Type", ""),
            fetched_at=self._clock.now(),
            etag=response.headers.get("ETag", ""),
            last_modified=response.headers.get("Last-Modified", ""),
        )

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = f"{url!r} is no http or https address"
            raise SourceRejected(message, address=url)
        if self._limits.is_private_allowed:
            return
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        except OSError as error:
            message = f"the name of {url!r} is not known now"
            raise SourceUnavailable(message, address=url) from error
        if not all(ipaddress.ip_address(entry[4][0]).is_global for entry in found):
            message = f"{url!r} leads to an address that is not public, and is not fetched"
            raise SourceRejected(message, address=url)


def _raise_for_status(address: str, response: httpx.Response) -> None:
    status = response.status_code
    if response.is_success:
        return
    context: dict[str, object] = {"address": address, "status": status}
    wait = response.headers.get("Retry-After", "")
    if status == httpx.codes.TOO_MANY_REQUESTS or (status == 503 and wait):
        seconds = float(wait) if wait.isascii() and wait.isdigit() else 60.0
        message = f"{address!r} asks to wait for {seconds:g} s"
        raise SourceRateLimited(message, retry_after_seconds=seconds, **context)
    if status >= 500 or status == httpx.codes.REQUEST_TIMEOUT:
        message = f"{address!r} cannot answer now (HTTP {status})"
        raise SourceUnavailable(message, **context)
    message = f"{address!r} refuses (HTTP {status}): check the address and the access rights"
    raise SourceRejected(message, **context)
