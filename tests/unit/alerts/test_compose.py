"""The notice that tells of an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from g7warn.alerts.compose import compose_notice
from g7warn.alerts.lifecycle import advance
from g7warn.domain.alert import AlertEvent, Grade
from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.domain.mineral import get_mineral
from g7warn.domain.notice import (
    ActualNotice,
    ExerciseNotice,
    MsgType,
    ResponseType,
    Scope,
    Urgency,
)
from g7warn.errors import ConfigurationError
from tests.support.assessments import AS_OF, make_assessment
from tests.support.signals import build_signal

SENDER = "g7warn@example.org"


def raised(status: MessageStatus = MessageStatus.ACTUAL, tlp: Tlp = Tlp.GREEN) -> AlertEvent:
    signal = build_signal(reason="Nickel needs +12 % in 6 months.")
    assessment = make_assessment(signals=(signal,), reasons=(signal.reason, "And more."), tlp=tlp)
    return advance([], [assessment], as_of=AS_OF, status=status)[0]


def test_a_raised_alert_becomes_an_alert_message_with_its_numbers() -> None:
    notice = compose_notice(raised(), sender=SENDER)
    assert isinstance(notice, ActualNotice)
    assert (notice.msg_type, notice.urgency, notice.response) == (
        MsgType.ALERT,
        Urgency.FUTURE,
        ResponseType.PREPARE,
    )
    assert [finding.key for finding in notice.findings] == ["first_passage", ""]
    assert (notice.hs, notice.sent) == (get_mineral("nickel").hs, AS_OF)
    assert notice.expires > notice.sent + timedelta(days=180)
    assert not notice.is_reviewed


@pytest.mark.parametrize(
    ("tlp", "scope"),
    [
        (Tlp.CLEAR, Scope.PUBLIC),
        (Tlp.GREEN, Scope.RESTRICTED),
        (Tlp.AMBER_STRICT, Scope.RESTRICTED),
        (Tlp.RED, Scope.PRIVATE),
    ],
)
def test_the_label_decides_the_scope(tlp: Tlp, scope: Scope) -> None:
    notice = compose_notice(raised(tlp=tlp), sender=SENDER)
    assert notice.scope == scope
    assert bool(notice.restriction) == (scope == Scope.RESTRICTED)
    assert bool(notice.addresses) == (scope == Scope.PRIVATE)


def test_an_exercise_becomes_an_exercise_notice_and_a_draft_none() -> None:
    exercise = compose_notice(raised(MessageStatus.EXERCISE), sender=SENDER)
    assert isinstance(exercise, ExerciseNotice)
    with pytest.raises(ConfigurationError, match="stays on the desk"):
        compose_notice(raised(MessageStatus.DRAFT), sender=SENDER)


def test_a_cancel_refers_to_what_went_before_under_its_most_open_label() -> None:
    event = raised()
    first = compose_notice(event, sender=SENDER)
    later = AS_OF + timedelta(days=30)
    quiet = make_assessment(Grade.NORMAL, as_of=later, tlp=Tlp.AMBER)
    end = advance([event], [quiet], as_of=later)[0]
    notice = compose_notice(end, sender=SENDER, earlier=[first])
    assert (notice.msg_type, notice.tlp) == (MsgType.CANCEL, Tlp.GREEN)
    assert notice.references == (first.reference,)
    assert notice.headline == "Nickel: alert on price up (warning) is over"
    assert (notice.findings, notice.probability, notice.criterion) == ((), 0.0, "")


def test_the_same_event_gives_the_same_notice() -> None:
    assert compose_notice(raised(), sender=SENDER) == compose_notice(raised(), sender=SENDER)


def test_the_label_is_the_strictest_of_the_evidence() -> None:
    plain = build_signal()
    guarded = build_signal(evidence=replace(plain.evidence, tlp=Tlp.AMBER_STRICT))
    found = make_assessment(signals=(plain, guarded), tlp=Tlp.GREEN)
    event = advance([], [found], as_of=AS_OF)[0]
    assert compose_notice(event, sender=SENDER).tlp == Tlp.AMBER_STRICT


def test_what_was_told_under_a_stricter_label_shows_in_no_more_open_notice() -> None:
    first = advance([], [make_assessment(Grade.WATCH, tlp=Tlp.GREEN)], as_of=AS_OF)
    events, notices = list(first), [compose_notice(first[0], sender=SENDER)]
    steps = [(Grade.CRITICAL, Tlp.AMBER), (Grade.ADVISORY, Tlp.GREEN), (Grade.NORMAL, Tlp.CLEAR)]
    for number, (grade, tlp) in enumerate(steps, start=1):
        now = AS_OF + number * timedelta(days=30)
        new = advance(events, [make_assessment(grade, as_of=now, tlp=tlp)], as_of=now)
        events += new
        notices.append(compose_notice(new[0], sender=SENDER, earlier=notices))
    eased, end = notices[2:]
    assert (eased.tlp, eased.previous_grade) == (Tlp.GREEN, Grade.WATCH)
    assert (end.tlp, end.previous_grade) == (Tlp.GREEN, Grade.ADVISORY)
    assert "critical" not in end.headline
    assert (end.rule, end.findings) == ("", ())
