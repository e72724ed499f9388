"""The life of an alert, step by step and under random histories."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from g7warn.alerts.lifecycle import advance, find_latest, is_revised_away
from g7warn.domain.alert import AlertEvent, Assessment, EventKind, Fingerprint, Grade, Reason
from g7warn.domain.marking import MessageStatus
from g7warn.domain.signal import Family
from g7warn.errors import IllegalTransition
from tests.support.assessments import AS_OF, make_assessment, make_fingerprint

MONTH = timedelta(days=30)
SCALE = [Grade.NORMAL, Grade.WATCH, Grade.ADVISORY, Grade.WARNING, Grade.CRITICAL]


def live(*grades: Grade) -> list[AlertEvent]:
    """Return the events of one fingerprint that is given these grades, a month apart."""
    events: list[AlertEvent] = []
    for step, grade in enumerate(grades):
        now = AS_OF + step * MONTH
        events += advance(events, [make_assessment(grade, as_of=now)], as_of=now)
    return events


def test_a_life_runs_from_raised_to_ended_in_one_alert() -> None:
    events = live(Grade.WATCH, Grade.WARNING, Grade.WARNING, Grade.ADVISORY, Grade.NORMAL)
    assert [(e.kind, e.reason, e.grade) for e in events] == [
        (EventKind.RAISED, Reason.FIRST, Grade.WATCH),
        (EventKind.ESCALATED, Reason.ESCALATED, Grade.WARNING),
        (EventKind.EASED, Reason.EASED, Grade.ADVISORY),
        (EventKind.ENDED, Reason.ENDED, Grade.NORMAL),
    ]
    assert {event.alert_id for event in events} == {events[0].alert_id}
    assert [event.sequence for event in events] == [1, 2, 3, 4]
    assert {event.raised_at for event in events} == {AS_OF}


def test_stress_after_the_end_is_a_new_alert() -> None:
    events = live(Grade.WATCH, Grade.NORMAL, Grade.WATCH)
    assert [event.kind for event in events] == ["raised", "ended", "raised"]
    assert events[0].alert_id != events[2].alert_id


def come_back(*, months: int) -> list[AlertEvent]:
    """Return the events of an alert that ends after a month, with stress again months later."""
    events = live(Grade.WATCH, Grade.NORMAL)
    now = AS_OF + (1 + months) * MONTH
    again = [make_assessment(Grade.WARNING, as_of=now)]
    return [*events, *advance(events, again, as_of=now, rearm_months=6)]


def test_stress_that_comes_back_soon_opens_the_same_alert_again() -> None:
    first, ended, again = come_back(months=5)
    assert (again.kind, again.reason) == (EventKind.REOPENED, Reason.REOPENED)
    assert (again.alert_id, again.sequence) == (first.alert_id, 3)
    assert (again.previous_grade, again.grade) == (ended.grade, Grade.WARNING)
    assert again.is_open
    now = again.as_of + MONTH
    over = advance([first, ended, again], [make_assessment(Grade.NORMAL, as_of=now)], as_of=now)
    assert [event.kind for event in over] == [EventKind.ENDED]


def test_stress_that_comes_back_late_is_a_new_alert() -> None:
    first, _, again = come_back(months=7)
    assert (again.kind, again.sequence) == (EventKind.RAISED, 1)
    assert again.alert_id != first.alert_id


def test_an_alert_that_was_withdrawn_is_not_opened_again() -> None:
    events = live(Grade.WARNING)
    now = AS_OF + MONTH
    events += advance(events, [], as_of=now, revised_away={events[0].alert_id})
    later = now + MONTH
    again = advance(events, [make_assessment(as_of=later)], as_of=later, rearm_months=6)
    assert [event.kind for event in again] == [EventKind.RAISED]


def test_normal_raises_nothing() -> None:
    assert live(Grade.NORMAL, Grade.NORMAL) == []


@pytest.mark.parametrize(
    "unseen", [pytest.param([], id="absent"), pytest.param([Grade.BLIND], id="blind")]
)
def test_an_alert_that_cannot_be_seen_stays_open(unseen: list[Grade]) -> None:
    events = live(Grade.WARNING)
    later = AS_OF + MONTH
    assessments = [make_assessment(grade, as_of=later) for grade in unseen]
    assert advance(events, assessments, as_of=later) == []


def test_blindness_raises_and_ends_an_alert_of_its_own() -> None:
    sight = make_fingerprint(family=Family.DATA)
    events = live(Grade.WARNING)
    for step, grade in ((1, Grade.BLIND), (2, Grade.NORMAL)):
        now = AS_OF + step * MONTH
        events += advance(events, [make_assessment(grade, fingerprint=sight, as_of=now)], as_of=now)
    data = [event for event in events if event.assessment.fingerprint == sight]
    assert [(event.kind, event.grade) for event in data] == [
        (EventKind.RAISED, Grade.BLIND),
        (EventKind.ENDED, Grade.NORMAL),
    ]
    price = [event for event in events if event.assessment.fingerprint != sight]
    assert [event.kind for event in price] == [EventKind.RAISED]


@pytest.mark.parametrize(
    ("grade", "kind"),
    [
        pytest.param(Grade.NORMAL, EventKind.WITHDRAWN, id="quiet now"),
        pytest.param(None, EventKind.WITHDRAWN, id="not seen now"),
        pytest.param(Grade.WARNING, None, id="borne out by now"),
        pytest.param(Grade.WATCH, EventKind.EASED, id="lower by now"),
    ],
)
def test_an_alert_on_revised_data_is_withdrawn_unless_borne_out(
    grade: Grade | None, kind: EventKind | None
) -> None:
    events = live(Grade.WARNING)
    later = AS_OF + MONTH
    assessments = [] if grade is None else [make_assessment(grade, as_of=later)]
    new = advance(events, assessments, as_of=later, revised_away={events[0].alert_id})
    assert [event.kind for event in new] == ([] if kind is None else [kind])


def test_data_are_revised_away_only_where_the_recomputed_grade_is_normal() -> None:
    event = live(Grade.WARNING)[0]
    assert is_revised_away(event, make_assessment(Grade.NORMAL))
    assert not is_revised_away(event, make_assessment(Grade.WATCH))
    assert not is_revised_away(event, make_assessment(Grade.BLIND))
    assert not is_revised_away(event, None)
    with pytest.raises(IllegalTransition, match="another fingerprint"):
        is_revised_away(event, make_assessment(fingerprint=make_fingerprint("zinc")))


def test_exercise_and_actual_live_beside_each_other() -> None:
    actual = live(Grade.WARNING)
    exercise = advance(
        actual, [make_assessment(Grade.CRITICAL)], as_of=AS_OF, status=MessageStatus.EXERCISE
    )
    assert [event.kind for event in exercise] == [EventKind.RAISED]
    assert exercise[0].alert_id != actual[0].alert_id
    assert advance(actual + exercise, [make_assessment(Grade.WARNING)], as_of=AS_OF) == []


def test_history_is_not_rewritten_when_the_clock_steps_back() -> None:
    with pytest.raises(IllegalTransition, match="appended, not rewritten"):
        advance(live(Grade.WARNING), [], as_of=AS_OF - MONTH)


def test_two_assessments_of_one_fingerprint_are_refused() -> None:
    with pytest.raises(IllegalTransition, match="two assessments"):
        advance([], [make_assessment(), make_assessment()], as_of=AS_OF)


class LifeOfAlerts(RuleBasedStateMachine):
    """Random grades, absences and revisions for three fingerprints, one of them of sight."""

    def __init__(self) -> None:
        super().__init__()
        self.now = AS_OF
        self.events: list[AlertEvent] = []
        self.prints = [
            make_fingerprint(),
            make_fingerprint("zinc"),
            make_fingerprint(family=Family.DATA),
        ]
        self.wanted: dict[Fingerprint, Grade | None] = {}

    @rule(
        grades=st.tuples(*[st.none() | st.sampled_from([*SCALE, Grade.BLIND])] * 3),
        is_revised=st.booleans(),
    )
    def step(self, grades: tuple[Grade | None, ...], is_revised: bool) -> None:
        self.now += MONTH
        assessments: list[Assessment] = [
            make_assessment(grade, fingerprint=fingerprint, as_of=self.now)
            for fingerprint, grade in zip(self.prints, grades, strict=True)
            if grade is not None
        ]
        alive = [i for i, e in find_latest(self.events).items() if e.is_open]
        revised = set(alive) if is_revised else set()
        open_before = {
            e.assessment.fingerprint for e in find_latest(self.events).values() if e.is_open
        }
        new = advance(
            self.events, assessments, as_of=self.now, revised_away=revised, rearm_months=3
        )
        self.events += new
        assert advance(self.events, assessments, as_of=self.now, revised_away=set()) == []
        open_after = {
            e.assessment.fingerprint for e in find_latest(self.events).values() if e.is_open
        }
        for fingerprint, grade in zip(self.prints, grades, strict=True):
            is_unseen = grade is None or (
                grade == Grade.BLIND and fingerprint.family != Family.DATA
            )
            if is_unseen and not is_revised:
                assert (fingerprint in open_before) == (fingerprint in open_after)

    @invariant()
    def one_open_alert_a_fingerprint(self) -> None:
        alive = [e for e in find_latest(self.events).values() if e.is_open]
        assert len(alive) == len({e.assessment.fingerprint for e in alive})

    @invariant()
    def every_life_is_unbroken(self) -> None:
        lives: dict[str, list[AlertEvent]] = {}
        for event in self.events:
            lives.setdefault(event.alert_id, []).append(event)
        for life in lives.values():
            assert [event.sequence for event in life] == list(range(1, len(life) + 1))
            assert life[0].kind == EventKind.RAISED
            for before, after in itertools.pairwise(life):
                assert before.is_open != (after.kind == EventKind.REOPENED)
                assert after.previous_grade == before.grade
                assert after.grade != before.grade


LifeOfAlerts.TestCase.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
TestLifeOfAlerts = LifeOfAlerts.TestCase
