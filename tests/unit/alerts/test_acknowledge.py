"""The chain of an unanswered alert, and what stops it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from g7warn.alerts.acknowledge import ChainStep, chase, judge_standing
from g7warn.alerts.policy import load_policy
from g7warn.domain.alert import Grade
from g7warn.domain.delivery import Acknowledgement, Decision, Silence, Told
from g7warn.domain.marking import Audience, Tlp
from g7warn.domain.member import Endpoint, Member
from tests.support.assessments import make_member
from tests.support.circumstances import make_told
from tests.support.notices import SENT, make_notice

if TYPE_CHECKING:
    from g7warn.domain.notice import Notice

HOUR = timedelta(hours=1)
CRITICAL = make_notice(grade=Grade.CRITICAL)


def two_people(member_id: str, **facts: Any) -> Member:
    plain = make_member(member_id)
    second = Endpoint(
        endpoint_id=f"{member_id}-2", channel="file", address="b", contact_id="second"
    )
    return make_member(member_id, endpoints=(*plain.endpoints, second), **facts)


JP = two_people("jp")
SECRETARIAT = make_member("secretariat", is_secretariat=True)


def chased(hours: float, notice: Notice = CRITICAL, **facts: Any) -> list[Decision]:
    """Return what is due `hours` after jp was told."""
    log: list[Told] = facts.pop("log", [make_told(notice, JP)])
    defaults: dict[str, Any] = {
        "members": [JP, SECRETARIAT],
        "log": log,
        "acknowledgements": [],
        "silences": [],
        "as_of": SENT + hours * HOUR,
        "policy": load_policy(),
    }
    return chase([notice], **(defaults | facts))


@pytest.mark.parametrize(
    ("hours", "endpoints"),
    [
        pytest.param(-5, [], id="clock set back"),
        pytest.param(1.9, [], id="in time"),
        pytest.param(2, ["jp-mail"], id="reminder"),
        pytest.param(4, ["jp-mail", "jp-2"], id="second contact"),
        pytest.param(600, ["jp-mail", "jp-2", "secretariat-mail"], id="secretariat"),
    ],
)
def test_an_unanswered_alert_goes_up_the_chain(hours: float, endpoints: list[str]) -> None:
    assert [decision.endpoint_id for decision in chased(hours)] == endpoints


def test_a_step_that_was_taken_is_not_taken_again() -> None:
    log = [make_told(CRITICAL, JP)]
    first = chased(2, log=log)
    log += [make_told(d.notice, JP, endpoint_id=d.endpoint_id, told_at=SENT) for d in first]
    assert chased(3, log=log) == []
    assert [d.endpoint_id for d in chased(4, log=log)] == ["jp-2"]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(
            {
                "acknowledgements": [
                    Acknowledgement(alert_id=CRITICAL.alert_id, member_id="jp", sequence=1, at=SENT)
                ]
            },
            id="acknowledged",
        ),
        pytest.param(
            {
                "silences": [
                    Silence(
                        silence_id="s",
                        author="a",
                        reason="r",
                        member_id="jp",
                        starts_at=SENT,
                        ends_at=SENT + 1000 * HOUR,
                    )
                ]
            },
            id="silenced",
        ),
        pytest.param({"log": []}, id="never told"),
    ],
)
def test_the_chain_stops(facts: dict[str, Any]) -> None:
    assert chased(600, **facts) == []


def test_a_low_grade_asks_for_no_answer() -> None:
    assert chased(600, make_notice(grade=Grade.ADVISORY)) == []


def test_an_escalation_asks_again_what_was_acknowledged_before() -> None:
    louder = make_notice(grade=Grade.CRITICAL, sequence=2)
    answer = Acknowledgement(alert_id=louder.alert_id, member_id="jp", sequence=1, at=SENT)
    log = [make_told(louder, JP)]
    assert len(chased(2, louder, log=log, acknowledgements=[answer])) == 1


def test_the_secretariat_is_told_only_what_it_may_see() -> None:
    guarded = make_notice(grade=Grade.CRITICAL, tlp=Tlp.AMBER_STRICT)
    outsider = make_member("secretariat", Audience.LIKE_MINDED, is_secretariat=True)
    last = chased(600, guarded, members=[JP, outsider])[-1]
    assert (last.endpoint_id, last.reason, last.is_sent) == (
        "secretariat-mail",
        "NOT_ENTITLED",
        False,
    )


def test_the_time_to_acknowledge_is_measured_from_telling() -> None:
    answer = Acknowledgement(alert_id=CRITICAL.alert_id, member_id="jp", sequence=1, at=SENT + HOUR)
    standing = judge_standing(
        CRITICAL,
        "jp",
        log=[make_told(CRITICAL, JP)],
        acknowledgements=[answer],
        as_of=SENT + 9 * HOUR,
        policy=load_policy(),
    )
    assert standing.time_to_acknowledge == HOUR
    assert standing.steps == ()
    assert ChainStep.REMINDER < ChainStep.SECRETARIAT
