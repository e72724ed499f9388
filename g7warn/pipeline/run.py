"""Run: the whole chain for one instant, from a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from g7warn.feeds.catalog import list_feeds
from g7warn.pipeline.alerts import count_grades, list_alerts
from g7warn.pipeline.assess import assess
from g7warn.pipeline.ingest import ingest_many
from g7warn.pipeline.notify import notify

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from g7warn.settings import Settings


def run(
    *,
    as_of: datetime,
    settings: Settings | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Ingest every feed, assess, notify, and return what is open then.

    Args:
        as_of: Instant the chain stands for.
        settings: In place of the environment's.
        report: Called with the name of each step as it begins.
    """
    ingested = ingest_many(
        list_feeds(),
        as_of=as_of,
        settings=settings,
        report=lambda feed: report(f"ingesting {feed}"),
    )
    report("assessing")
    assessed = assess(as_of=as_of, settings=settings)
    report("notifying")
    notified = notify(as_of=as_of, settings=settings)
    alerts = list_alerts(as_of=as_of, settings=settings)
    return {
        "as_of": as_of.isoformat(),
        "ingested": ingested,
        "assessed": assessed,
        "notified": notified,
        "grades": count_grades(alerts),
        "alerts": alerts,
    }
