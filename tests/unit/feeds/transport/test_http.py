from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from g7warn.clock import FixedClock
from g7warn.errors import SourceRateLimited, SourceRejected, SourceUnavailable
from g7warn.feeds.catalog import Document
from g7warn.feeds.transport.http import HttpLimits, HttpTransport
from tests.support.http_publisher import Answer, HttpPublisher

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.feeds.base import Payload

NOW = datetime(2025, 1, 3, tzinfo=UTC)
LIMITS = HttpLimits(is_private_allowed=True, max_bytes=200_000, total_seconds=20)


class Waits(list[float]):
    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def fetch(publisher: HttpPublisher, waits: Waits | None = None, **options: object) -> Payload:
    given = {"limits": LIMITS, "sleep": Waits() if waits is None else waits, **options}
    return HttpTransport(FixedClock(NOW), **given).fetch(publisher.url, as_of=NOW)


def test_a_payload_carries_address_time_type_and_validators() -> None:
    headers = {"ETag": '"1"', "Last-Modified": "Fri, 03 Jan 2025 00:00:00 GMT"}
    with HttpPublisher(Answer(body=b"abc", headers=headers)) as publisher:
        payload = fetch(publisher)
    assert (payload.body, payload.fetched_at, payload.etag) == (b"abc", NOW, '"1"')


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_refusal_is_not_tried_again(status: int) -> None:
    with HttpPublisher(Answer(status=status)) as publisher, pytest.raises(SourceRejected):
        fetch(publisher)
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("status", [500, 502, 504, 408])
def test_a_failure_is_tried_again_a_bounded_number_of_times(status: int) -> None:
    waits = Waits()
    with HttpPublisher(Answer(status=status)) as publisher, pytest.raises(SourceUnavailable):
        fetch(publisher, waits)
    assert len(publisher.requests) == 3
    assert waits == [1.0, 4.0]


def test_a_publisher_that_recovers_is_read() -> None:
    with HttpPublisher(Answer(status=503), Answer(body=b"ok")) as publisher:
        assert fetch(publisher).body == b"ok"


def test_a_rate_limit_is_waited_for_as_long_as_was_asked() -> None:
    waits = Waits()
    limited = Answer(status=429, headers={"Retry-After": "7"})
    with HttpPublisher(limited, Answer(body=b"ok")) as publisher:
        assert fetch(publisher, waits).body == b"ok"
    assert waits == [7.0]


def test_a_long_rate_limit_is_handed_to_the_scheduler() -> None:
    limited = Answer(status=429, headers={"Retry-After": "3600"})
    with HttpPublisher(limited) as publisher, pytest.raises(SourceRateLimited) as caught:
        fetch(publisher)
    assert caught.value.retry_after_seconds == 3600
    assert len(publisher.requests) == 1


def test_a_declared_size_beyond_the_limit_is_refused_unread() -> None:
    huge = Answer(headers={"Content-Length": "500000000"}, endless=True)
    with HttpPublisher(huge) as publisher, pytest.raises(SourceRejected, match="larger than"):
        fetch(publisher)


def test_an_endless_body_is_cut_at_the_limit() -> None:
    with HttpPublisher(Answer(endless=True)) as publisher, pytest.raises(SourceRejected):
        fetch(publisher)


def test_an_unchanged_file_is_served_from_the_cache(tmp_path: Path) -> None:
    first = Answer(body=b"abc", headers={"ETag": '"1"'})
    with HttpPublisher(first, Answer(status=304)) as publisher:
        fetch(publisher, cache=tmp_path)
        again = fetch(publisher, cache=tmp_path)
    assert again.body == b"abc"
    assert publisher.requests[1][1]["If-None-Match"] == '"1"'


def test_a_damaged_cache_is_not_believed(tmp_path: Path) -> None:
    with HttpPublisher(Answer(body=b"abc", headers={"ETag": '"1"'})) as publisher:
        fetch(publisher, cache=tmp_path)
        for file in tmp_path.glob("*.body"):
            file.write_bytes(b"damaged")
        assert fetch(publisher, cache=tmp_path).body == b"abc"
    assert "If-None-Match" not in publisher.requests[1][1]


def test_progress_is_told() -> None:
    steps: list[tuple[int, int]] = []
    with HttpPublisher(Answer(body=b"abcd")) as publisher:
        fetch(publisher, on_progress=lambda read, expected: steps.append((read, expected)))
    assert steps[-1] == (4, 4)


def test_no_records_with_status_404_is_an_empty_answer() -> None:
    with HttpPublisher(Answer(status=404, body=b"NoRecordsFound")) as publisher:
        assert fetch(publisher).body == b"NoRecordsFound"


def test_redirects_are_followed_but_not_for_ever_and_not_to_other_schemes() -> None:
    with HttpPublisher(Answer(status=302, headers={"Location": "/b"}), Answer(body=b"b")) as found:
        assert fetch(found).body == b"b"
    with (
        HttpPublisher(Answer(status=302, headers={"Location": "/b"})) as loop,
        pytest.raises(SourceRejected, match="redirects"),
    ):
        fetch(loop)
    with (
        HttpPublisher(Answer(status=302, headers={"Location": "file:///etc/passwd"})) as other,
        pytest.raises(SourceRejected, match="no http"),
    ):
        fetch(other)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "http://10.0.0.1/", "http://[::1]/"])
def test_hosts_that_are_not_public_are_not_asked(url: str) -> None:
    with pytest.raises(SourceRejected, match="not public"):
        HttpTransport(FixedClock(NOW)).fetch(url, as_of=NOW)


def test_nobody_at_the_address_is_unavailable() -> None:
    with HttpPublisher(Answer()) as publisher:
        url = publisher.url
    with pytest.raises(SourceUnavailable):
        HttpTransport(FixedClock(NOW), limits=LIMITS, sleep=Waits()).fetch(url, as_of=NOW)


def test_the_network_does_not_know_the_past() -> None:
    transport = HttpTransport(FixedClock(NOW), limits=LIMITS)
    past = NOW - timedelta(days=30)
    assert transport.versions("https://a.example", until=past) == ()
    with pytest.raises(SourceUnavailable):
        transport.fetch("https://a.example", as_of=past)


def test_the_newest_address_is_found_on_the_landing_page() -> None:
    page = b'<a href="https://a.example/2026/CMO.xlsx">monthly</a>'
    with HttpPublisher(Answer(body=page)) as publisher:
        document = Document(
            name="monthly",
            addresses=("https://a.example/2025/CMO.xlsx",),
            pattern=r"https://a\.example/\d+/CMO\.xlsx",
            landing_page=publisher.url,
        )
        transport = HttpTransport(FixedClock(NOW), limits=LIMITS)
        assert transport.addresses_of(document) == ("https://a.example/2026/CMO.xlsx",)
        publisher.answers = [Answer(status=404)]
        assert transport.addresses_of(document) == ("https://a.example/2025/CMO.xlsx",)


class TickingClock:
    """A clock that goes on between two looks at it, as real ones do."""

    def __init__(self) -> None:
        self.looks = 0

    def now(self) -> datetime:
        self.looks += 1
        return NOW + timedelta(milliseconds=self.looks)


def test_what_was_asked_for_a_moment_ago_is_the_present_and_yesterday_is_not() -> None:
    clock = TickingClock()
    transport = HttpTransport(clock)
    until = clock.now()
    assert transport.versions("https://example.org/prices", until=until) == (until,)
    assert transport.versions("https://example.org/prices", until=until - timedelta(days=1)) == ()
