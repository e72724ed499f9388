"""Record: how earlier alerts turned out, as far as it was known at an instant."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from g7warn.domain.marking import MessageStatus
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import alerts
from g7warn.store.prices import read_prices
from g7warn.verification.track_record import (
    Outcome,
    Stamp,
    find_record,
    find_series,
    stamp_events,
    tally,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.notice import TrackRecord
    from g7warn.settings import Settings


def find_track_record(engine: Engine, event: AlertEvent, *, as_of: datetime) -> TrackRecord | None:
    """Return how earlier alerts of an event's grade, mineral and rule turned out.

    Args:
        engine: The store.
        event: A new event; one that foretells nothing has no record.
        as_of: Prices known later are not seen.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    if not find_series(event):
        return None
    fingerprint = event.assessment.fingerprint
    past = alerts.read_events(
        engine, as_of=as_of, fingerprint=fingerprint, status=MessageStatus.ACTUAL
    )
    return find_record(event, _stamp(engine, past, as_of=as_of))


def list_records(*, as_of: datetime, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return the record of every grade, rule and direction, over all minerals.

    Args:
        as_of: Events and prices of later instants are not seen.
        settings: In place of the environment's.

    Returns:
        Mappings: grade, rule, direction, hits, alerts (closed ones), median_lead_months, and how
        many are open, superseded or stated a fact (in_event).
    """
    with open_workspace(settings) as workspace:
        events = alerts.read_events(workspace.engine, as_of=as_of, status=MessageStatus.ACTUAL)
        stamps = _stamp(workspace.engine, events, as_of=as_of)
    groups: dict[tuple[int, str, str], list[Stamp]] = defaultdict(list)
    for stamp in stamps:
        found = stamp.event.assessment
        rule = f"{found.severity.name}_{found.certainty.name}".lower()
        groups[-stamp.event.grade, rule, found.fingerprint.direction].append(stamp)
    return [_describe(*key, group) for key, group in sorted(groups.items())]


def _describe(grade: int, rule: str, direction: str, stamps: list[Stamp]) -> dict[str, Any]:
    counts, record = Counter(stamp.outcome for stamp in stamps), tally(stamps)
    return {
        "grade": stamps[0].event.grade.label if grade else "",
        "rule": rule,
        "direction": str(direction),
        "alerts": record.alerts if record else 0,
        "hits": record.hits if record else 0,
        "median_lead_months": record.median_lead_months if record else 0.0,
        **{
            outcome.value: counts[outcome]
            for outcome in (Outcome.OPEN, Outcome.SUPERSEDED, Outcome.IN_EVENT)
        },
    }


def _stamp(engine: Engine, events: Iterable[AlertEvent], *, as_of: datetime) -> list[Stamp]:
    events = list(events)
    wanted = {series for event in events if (series := find_series(event))}
    prices = {
        series: [(period, value) for period, value, _ in read_prices(engine, series, as_of=as_of)]
        for series in sorted(wanted)
    }
    return stamp_events(events, prices)
