"""Signals and alert events on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from g7warn.domain.alert import AlertEvent, EventKind, Grade, Reason
from g7warn.domain.marking import MessageStatus
from g7warn.store import alerts, signals
from g7warn.store.engine import begin_writing
from tests.support.assessments import make_assessment, make_fingerprint
from tests.support.observing import day
from tests.support.signals import build_signal

if TYPE_CHECKING:
    from sqlalchemy import Engine

RAISED = AlertEvent(
    alert_id="nickel-price-up-1",
    sequence=1,
    kind=EventKind.RAISED,
    reason=Reason.FIRST,
    grade=Grade.WARNING,
    previous_grade=Grade.NORMAL,
    raised_at=day("2022-03-05"),
    as_of=day("2022-03-05"),
    assessment=make_assessment(),
)
ESCALATED = replace(
    RAISED, sequence=2, kind=EventKind.ESCALATED, grade=Grade.CRITICAL, as_of=day("2022-04-05")
)
ENDED = replace(
    RAISED, sequence=3, kind=EventKind.ENDED, grade=Grade.NORMAL, as_of=day("2022-09-05")
)
LITHIUM = replace(
    RAISED,
    alert_id="lithium-price-up-1",
    as_of=day("2022-05-05"),
    assessment=make_assessment(fingerprint=make_fingerprint("lithium")),
)


def append(store: Engine, *events: AlertEvent) -> tuple[AlertEvent, ...]:
    with begin_writing(store) as connection:
        return alerts.append(connection, events)


def test_events_come_back_equal_and_in_order(store: Engine) -> None:
    append(store, RAISED, ESCALATED, LITHIUM, ENDED)
    found = alerts.read_events(store, as_of=day("2023-01-01"))
    assert found == (RAISED, ESCALATED, LITHIUM, ENDED)


def test_repeated_run_appends_nothing(store: Engine) -> None:
    assert append(store, RAISED, RAISED) == (RAISED,)
    assert append(store, RAISED, ESCALATED) == (ESCALATED,)
    assert append(store, RAISED, ESCALATED) == ()
    assert len(alerts.read_events(store, as_of=day("2023-01-01"))) == 2


def test_event_once_stored_is_not_replaced(store: Engine) -> None:
    append(store, RAISED)
    append(store, replace(RAISED, grade=Grade.WATCH))
    assert alerts.read_events(store, as_of=day("2023-01-01"))[0].grade is Grade.WARNING


def test_later_events_are_not_seen(store: Engine) -> None:
    append(store, RAISED, ESCALATED)
    assert alerts.read_events(store, as_of=day("2022-04-04")) == (RAISED,)


@pytest.mark.parametrize(("as_of", "count"), [("2022-08-01", 3), ("2022-10-01", 1)])
def test_open_alerts_are_those_open_at_that_time(store: Engine, as_of: str, count: int) -> None:
    append(store, RAISED, ESCALATED, LITHIUM, ENDED)
    assert len(alerts.read_events(store, as_of=day(as_of), open_only=True)) == count


def test_events_of_one_fingerprint_and_status_are_chosen(store: Engine) -> None:
    exercise = replace(RAISED, alert_id="exercise-1", status=MessageStatus.EXERCISE)
    append(store, RAISED, LITHIUM, exercise)
    now = day("2023-01-01")
    chosen = alerts.read_events(store, as_of=now, fingerprint=make_fingerprint("lithium"))
    assert chosen == (LITHIUM,)
    assert alerts.read_events(store, as_of=now, status=MessageStatus.EXERCISE) == (exercise,)


def test_signals_are_kept_once_and_the_newest_finding_counts(store: Engine) -> None:
    as_of, old, new = day("2022-04-05"), build_signal(score=1.0), build_signal(score=2.0)
    with begin_writing(store) as connection:
        assert signals.put(connection, as_of, [old, old]) == 1
        assert signals.put(connection, as_of, [old]) == 0
        assert signals.put(connection, as_of, [new]) == 1
    assert [found.score for found in signals.read(store, as_of=as_of)] == [2.0]
    assert signals.read(store, as_of=day("2022-04-06")) == ()
    assert signals.read(store, as_of=as_of, mineral="lithium") == ()


def test_findings_of_one_indicator_about_two_severities_are_both_read(store: Engine) -> None:
    as_of = day("2022-04-05")
    both = [build_signal(criterion=f"price +{size} % or more") for size in (25, 50)]
    with begin_writing(store) as connection:
        signals.put(connection, as_of, both)
    assert list(signals.read(store, as_of=as_of)) == both
