"""Real files through source and suite, as the pipeline does it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from g7warn.feeds.base import get_source
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.requests import fetch_request, plan_requests
from g7warn.feeds.transport import MirrorTransport
from g7warn.feeds.vintage import stamp_known_at
from g7warn.validate import inspect_batch
from g7warn.validate.suites import load_suite

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.validate import ValidationReport

_PAYLOADS = 3  # some feeds have dozens, much alike
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def inspect_feed(feed: str, *, data: Path) -> tuple[ValidationReport, ...]:
    """Return the reports of the first recorded payloads of a feed, in the order of retrieval."""
    dataset = get_dataset(feed)
    transport = MirrorTransport(data / "manifest.csv")
    reports = []
    for request in plan_requests(dataset, transport, until=NOW)[:_PAYLOADS]:
        payload = fetch_request(transport, request)
        parsed = get_source(dataset.source).parse(payload, dataset)
        table = stamp_known_at(parsed, dataset, payload)
        reports.append(inspect_batch(table, suite=load_suite(dataset.suite)))
    return tuple(reports)
