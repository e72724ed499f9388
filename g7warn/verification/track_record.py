"""How alerts turned out: each states what it expects by when, and is stamped when that is over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median
from typing import TYPE_CHECKING

from g7warn.domain.alert import EventKind
from g7warn.domain.criterion import CriterionKind, parse_criterion
from g7warn.domain.notice import TrackRecord
from g7warn.domain.period import month_label
from g7warn.domain.signal import Certainty
from g7warn.signals.calendar import month_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.criterion import Criterion

YEAR = 12
_CLAIMING = frozenset({EventKind.RAISED, EventKind.ESCALATED, EventKind.REOPENED})
_ROUNDING = 1e-9
_DATED = re.compile(r"\d{4}-\d{2}(-\d{2})?")


class Outcome(StrEnum):
    """What became of what an event foretold."""

    HIT = "hit"
    FALSE_ALARM = "false_alarm"
    IN_EVENT = "in_event"  # it stated a fact: nothing was foretold
    SUPERSEDED = "superseded"  # a graver claim of the same alert took its place in the window
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """An event with what became of it.

    Attributes:
        event: The event.
        outcome: What became of what it foretold.
        lead_months: From the month of the event to the hit; 0 without one.
    """

    event: AlertEvent
    outcome: Outcome
    lead_months: int = 0


def find_series(event: AlertEvent) -> str:
    """Return the series that decides about an event's criterion; empty where none can."""
    signals = event.assessment.signals
    if not signals or parse_criterion(event.assessment.criterion) is None:
        return ""
    return next(iter(signals[0].evidence.series_ids), "")


def stamp_events(
    events: Iterable[AlertEvent], prices: Mapping[str, Sequence[tuple[str, float]]]
) -> list[Stamp]:
    """Return a stamp for each event that claims something, in the order of their happening.

    Args:
        events: Of any alerts, as known at one instant.
        prices: Series -> period and value, as known at that instant, for each `find_series`.
    """
    claims = sorted(
        (event for event in events if event.kind in _CLAIMING),
        key=lambda event: (event.as_of, event.alert_id, event.sequence),
    )
    return [
        _stamp(event, prices.get(find_series(event), ()), claims)
        for event in claims
        if event.assessment.certainty == Certainty.OBSERVED or find_series(event)
    ]


def _stamp(
    event: AlertEvent, prices: Sequence[tuple[str, float]], claims: Sequence[AlertEvent]
) -> Stamp:
    if event.assessment.certainty == Certainty.OBSERVED:
        return Stamp(event=event, outcome=Outcome.IN_EVENT)
    criterion = parse_criterion(event.assessment.criterion)
    monthly = _by_month(prices)
    base = month_index(event.assessment.signals[0].evidence.periods[-1])
    if criterion is None or base not in monthly:
        return Stamp(event=event, outcome=Outcome.OPEN)
    raised = month_index(month_label(event.as_of))
    for month in range(base + 1, base + criterion.months + 1):
        if _is_reached(monthly, month, base, criterion):
            return Stamp(event=event, outcome=Outcome.HIT, lead_months=max(month - raised, 0))
    end = base + criterion.months
    if max(monthly) < end:
        return Stamp(event=event, outcome=Outcome.OPEN)
    is_replaced = any(
        other.alert_id == event.alert_id
        and other.sequence > event.sequence
        and month_index(month_label(other.as_of)) <= end
        for other in claims
    )
    return Stamp(event=event, outcome=Outcome.SUPERSEDED if is_replaced else Outcome.FALSE_ALARM)


def _by_month(prices: Sequence[tuple[str, float]]) -> dict[int, float]:
    """Return prices by month number; daily ones as their mean."""
    months: dict[int, list[float]] = {}
    for label, value in prices:
        if _DATED.fullmatch(label) and value > 0.0:
            months.setdefault(month_index(label), []).append(value)
    return {month: fmean(values) for month, values in months.items()}


def _is_reached(monthly: Mapping[int, float], month: int, base: int, want: Criterion) -> bool:
    start = base if want.kind is CriterionKind.PRICE_MOVE else month - YEAR
    if month not in monthly or start not in monthly:
        return False
    change = monthly[month] / monthly[start] - 1.0
    sign = 1.0 if want.share > 0 else -1.0
    return sign * change >= sign * want.share - _ROUNDING


def tally(stamps: Iterable[Stamp]) -> TrackRecord | None:
    """Return how many of the closed claims came true; None where none has closed."""
    closed = [s for s in stamps if s.outcome in {Outcome.HIT, Outcome.FALSE_ALARM}]
    leads = [stamp.lead_months for stamp in closed if stamp.outcome is Outcome.HIT]
    if not closed:
        return None
    return TrackRecord(
        alerts=len(closed),
        hits=len(leads),
        median_lead_months=float(median(leads)) if leads else 0.0,
    )


def is_like(event: AlertEvent, other: AlertEvent) -> bool:
    """Return whether two events are of one grade, mineral, direction and rule."""
    mine, theirs = event.assessment, other.assessment
    return (
        event.grade == other.grade
        and mine.fingerprint == theirs.fingerprint
        and (mine.severity, mine.certainty) == (theirs.severity, theirs.certainty)
    )


def find_record(event: AlertEvent, stamps: Iterable[Stamp]) -> TrackRecord | None:
    """Return the record of earlier events like this one; None where none has closed."""
    earlier = (stamp for stamp in stamps if stamp.event.as_of < event.as_of)
    return tally(stamp for stamp in earlier if is_like(event, stamp.event))
