"""What goes out, what does not, and the reason of each."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.alerts.entitlement import is_entitled
from g7warn.domain.alert import AlertEvent, EventKind, Fingerprint, Grade, Reason
from g7warn.domain.delivery import Acknowledgement, Approval, ApprovalState, Silence
from g7warn.domain.marking import Audience, MessageStatus, Realm, Tlp
from g7warn.domain.member import Endpoint, Member, Mode, QuietHours, Subscription
from g7warn.domain.notice import ExerciseNotice, MsgType, Notice
from g7warn.domain.signal import Direction, Family
from tests.support.assessments import make_assessment, make_fingerprint, make_member
from tests.support.circumstances import decide_for, make_told, reasons_of
from tests.support.notices import SENT, make_notice

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def update(grade: Grade, *, sequence: int = 2, after: timedelta = HOUR, **facts: Any) -> Notice:
    """Return a later notice of the same alert."""
    reason = Reason.EASED if grade < Grade.WARNING else Reason.ESCALATED
    notice: Notice = make_notice(
        grade=grade,
        sequence=sequence,
        sent=SENT + after,
        msg_type=MsgType.UPDATE,
        reason=reason,
        **facts,
    )
    return notice


def cancel(**facts: Any) -> Notice:
    """Return the end of the alert."""
    notice: Notice = make_notice(
        sequence=5,
        grade=Grade.NORMAL,
        kind=EventKind.ENDED,
        reason=Reason.ENDED,
        msg_type=MsgType.CANCEL,
        probability=0.0,
        **facts,
    )
    return notice


def test_a_new_alert_goes_to_whoever_asked_for_it() -> None:
    decisions = decide_for(make_notice(), [make_member("jp"), make_member("ca")])
    assert reasons_of(decisions) == ["+FIRST", "+FIRST"]
    assert {d.endpoint_id for d in decisions} == {"jp-mail", "ca-mail"}


def test_a_notice_that_was_told_is_not_told_again() -> None:
    notice, member = make_notice(), make_member()
    log = [make_told(notice, member)]
    assert reasons_of(decide_for(notice, member, log=log)) == ["UNCHANGED"]


def test_what_a_member_may_not_see_is_kept_with_its_reason() -> None:
    notice = make_notice(tlp=Tlp.AMBER)
    decision = decide_for(notice, make_member("kr", Audience.LIKE_MINDED))[0]
    assert (decision.reason, decision.is_sent) == (Reason.NOT_ENTITLED, False)
    assert decision.detail == "label_above_audience"


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param({"minerals": frozenset({"zinc"})}, id="other mineral"),
        pytest.param({"families": frozenset({Family.SUPPLY})}, id="other family"),
        pytest.param({"directions": frozenset({Direction.DOWN})}, id="other direction"),
        pytest.param({"minimum_grade": Grade.CRITICAL}, id="grade too low"),
        pytest.param({"operating_point": 0.8}, id="not probable enough"),
        pytest.param({"is_paused": True}, id="paused"),
    ],
)
def test_what_a_member_did_not_ask_for_is_below_its_subscription(wish: dict[str, Any]) -> None:
    assert reasons_of(decide_for(make_notice(), make_member(subscription=wish))) == [
        "BELOW_SUBSCRIPTION"
    ]


def test_blindness_is_told_whatever_the_minimum_grade_unless_unwanted() -> None:
    notice = make_notice(grade=Grade.BLIND)
    loud = {"minimum_grade": Grade.CRITICAL}
    assert reasons_of(decide_for(notice, make_member(subscription=loud))) == ["+FIRST"]
    deaf = loud | {"wants_blind": False}
    assert reasons_of(decide_for(notice, make_member(subscription=deaf))) == ["BELOW_SUBSCRIPTION"]


@pytest.mark.parametrize(("count", "mode"), [(3, Mode.IMMEDIATE), (4, Mode.DIGEST)])
def test_a_feed_that_hides_many_minerals_is_told_of_once(count: int, mode: Mode) -> None:
    hidden = [
        make_notice(
            alert_id=f"{mineral}-data-down",
            grade=Grade.BLIND,
            fingerprint=Fingerprint(mineral=mineral, family=Family.DATA, direction=Direction.DOWN),
        )
        for mineral in ("copper", "lead", "nickel", "tin")[:count]
    ]
    decisions = decide_for([*hidden, make_notice()], make_member())
    modes = [(d.notice.grade == Grade.BLIND, d.mode) for d in decisions if d.is_sent]
    assert sorted(modes) == sorted([(True, mode)] * count + [(False, Mode.IMMEDIATE)])


def test_a_disabled_endpoint_is_named_as_the_reason() -> None:
    member = make_member(endpoint={"is_enabled": False})
    assert reasons_of(decide_for(make_notice(), member)) == ["ENDPOINT_DISABLED"]


def test_an_exercise_passes_actual_endpoints_by() -> None:
    exercise = make_notice(ExerciseNotice)
    assert decide_for(exercise, make_member()) == []
    practice = make_member(endpoint={"realm": Realm.EXERCISE})
    assert reasons_of(decide_for(exercise, practice)) == ["+FIRST"]
    assert decide_for(make_notice(), practice) == []


def test_an_easing_waits_for_the_cool_down_and_then_goes() -> None:
    first, member = make_notice(), make_member()
    eased = update(Grade.ADVISORY)
    log = [make_told(first, member)]
    assert reasons_of(decide_for(eased, member, log=log, as_of=SENT + HOUR)) == ["COOL_DOWN"]
    assert reasons_of(decide_for(eased, member, log=log, as_of=SENT + 2 * DAY)) == ["+EASED"]


def test_an_easing_goes_to_whoever_was_told_even_below_its_minimum() -> None:
    first = make_notice()
    member = make_member(subscription={"minimum_grade": Grade.WARNING})
    eased = update(Grade.WATCH)
    later = SENT + 10 * DAY
    assert reasons_of(decide_for(eased, member, as_of=later)) == ["BELOW_SUBSCRIPTION"]
    log = [make_told(first, member)]
    assert reasons_of(decide_for(eased, member, log=log, as_of=later)) == ["+EASED"]


@given(
    before=st.sampled_from([Grade.WATCH, Grade.ADVISORY, Grade.WARNING]),
    steps=st.integers(1, 3),
    minutes=st.integers(0, 60 * 24 * 30),
)
def test_an_escalation_always_breaks_the_cool_down(before: Grade, steps: int, minutes: int) -> None:
    after = Grade(min(before + steps, Grade.CRITICAL))
    member = make_member()
    later = SENT + timedelta(minutes=minutes)
    notice = update(after)
    approval = Approval(
        identifier=notice.identifier,
        requested_at=SENT,
        state=ApprovalState.APPROVED,
        decided_by="duty",
    )
    log = [make_told(make_notice(grade=before), member)]
    decisions = decide_for(
        notice, member, log=log, as_of=later, approvals={notice.identifier: approval}
    )
    assert decisions[0].is_sent


@given(
    told=st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), max_size=6),
    audiences=st.lists(st.sampled_from(Audience), min_size=5, max_size=5),
    tlp=st.sampled_from([Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT]),
)
def test_a_cancel_goes_to_exactly_those_who_got_the_alert(
    told: list[tuple[int, bool, bool]], audiences: list[Audience], tlp: Tlp
) -> None:
    members = [make_member(f"m{i}", audience) for i, audience in enumerate(audiences)]
    first, end = make_notice(tlp=tlp), cancel(tlp=tlp)
    log = [
        make_told(first, members[i], has_failed=failed)
        for i, failed, _ in told
        if is_entitled(members[i], first)
    ]
    log += [
        make_told(end, members[i])
        for i, failed, has_cancel in told
        if has_cancel and not failed and is_entitled(members[i], first)
    ]
    got = {line.member_id for line in log if not line.has_failed and line.sequence == 1}
    already = {line.member_id for line in log if line.sequence == end.sequence}
    sent = {d.member_id for d in decide_for(end, members, log=log) if d.is_sent}
    assert sent == got - already


def test_a_cancel_is_neither_silenced_nor_over_budget_nor_below_a_subscription() -> None:
    member = make_member(subscription={"minimum_grade": Grade.CRITICAL, "daily_budget": 1})
    silence = Silence(
        silence_id="s1", author="duty", reason="known", starts_at=SENT - DAY, ends_at=SENT + DAY
    )
    log = [make_told(make_notice(), member)]
    decisions = decide_for(cancel(), member, log=log, silences=[silence])
    assert reasons_of(decisions) == ["+ENDED"]


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        pytest.param({}, ["SILENCED"], id="everybody, everything"),
        pytest.param({"member_id": "jp"}, ["SILENCED"], id="this member"),
        pytest.param({"member_id": "ca"}, ["+FIRST"], id="another member"),
        pytest.param({"mineral": "nickel", "direction": "up"}, ["SILENCED"], id="its subject"),
        pytest.param({"mineral": "zinc"}, ["+FIRST"], id="another mineral"),
        pytest.param({"ends_at": SENT}, ["+FIRST"], id="ended"),
        pytest.param({"starts_at": SENT + HOUR}, ["+FIRST"], id="not begun"),
    ],
)
def test_a_silenced_alert_is_kept_with_its_reason(scope: dict[str, Any], reason: list[str]) -> None:
    facts: dict[str, Any] = {"starts_at": SENT - HOUR, "ends_at": SENT + HOUR}
    silence = Silence(silence_id="s1", author="duty", reason="known", **(facts | scope))
    decisions = decide_for(make_notice(), make_member(), silences=[silence])
    assert reasons_of(decisions) == reason
    if reason == ["SILENCED"]:
        assert decisions[0].detail == "s1 by duty: known"


def test_a_critical_price_alert_mutes_a_small_one_about_the_same_market() -> None:
    about = make_fingerprint(family=Family.MARKET)
    notice = make_notice(fingerprint=about, grade=Grade.WATCH, alert_id="market")
    critical = AlertEvent(
        alert_id="price",
        sequence=1,
        kind=EventKind.RAISED,
        reason=Reason.FIRST,
        grade=Grade.CRITICAL,
        previous_grade=Grade.NORMAL,
        raised_at=SENT,
        as_of=SENT,
        assessment=make_assessment(Grade.CRITICAL),
        status=MessageStatus.ACTUAL,
    )
    decisions = decide_for(notice, make_member(), open_alerts=[critical])
    assert reasons_of(decisions) == ["INHIBITED"]
    assert decisions[0].detail.endswith("(price)")
    louder = make_notice(fingerprint=about, grade=Grade.WARNING, alert_id="market")
    assert reasons_of(decide_for(louder, make_member(), open_alerts=[critical])) == ["+FIRST"]


@pytest.mark.parametrize(
    ("state", "age", "reason", "is_reviewed"),
    [
        pytest.param(None, timedelta(), "AWAITING_APPROVAL", False, id="nobody asked yet"),
        pytest.param(ApprovalState.WAITING, 119, "AWAITING_APPROVAL", False, id="waiting"),
        pytest.param(ApprovalState.WAITING, 120, "+FIRST", False, id="past the deadline"),
        pytest.param(ApprovalState.APPROVED, 5, "+FIRST", True, id="approved"),
        pytest.param(ApprovalState.REJECTED, 500, "REJECTED", False, id="rejected"),
    ],
)
def test_a_critical_notice_waits_for_a_duty_officer_but_not_for_ever(
    state: ApprovalState | None, age: int, reason: str, is_reviewed: bool
) -> None:
    notice = make_notice(grade=Grade.CRITICAL)
    approvals = {}
    as_of = SENT
    if state is not None:
        as_of = SENT + timedelta(minutes=age)
        approvals[notice.identifier] = Approval(
            identifier=notice.identifier, requested_at=SENT, state=state, decided_by="duty"
        )
    decisions = decide_for(notice, make_member(), approvals=approvals, as_of=as_of)
    assert reasons_of(decisions) == [reason]
    assert decisions[0].notice.is_reviewed is is_reviewed
    assert decisions[0].notice.reviewed_by == ("duty" if is_reviewed else "")


def test_quiet_hours_hold_a_warning_and_let_a_critical_one_through() -> None:
    night = QuietHours(starts=time(15), ends=time(16), zone="Asia/Tokyo")  # 06:30 UTC is 15:30
    member = make_member(subscription={"quiet_hours": night})
    assert reasons_of(decide_for(make_notice(), member)) == ["QUIET_HOURS"]
    assert reasons_of(decide_for(make_notice(), member, as_of=SENT + HOUR)) == ["+FIRST"]
    critical = make_notice(grade=Grade.CRITICAL)
    waited = Approval(identifier=critical.identifier, requested_at=SENT - DAY)
    decisions = decide_for(critical, member, approvals={critical.identifier: waited})
    assert reasons_of(decisions) == ["+FIRST"]


def test_a_digest_gathers_low_grades_at_its_hour_and_lets_high_ones_through() -> None:
    member = make_member(subscription={"mode": Mode.DIGEST, "digest_at": time(7)})
    low = make_notice(grade=Grade.WATCH)  # issued at 06:30
    assert reasons_of(decide_for(low, member)) == ["AWAITING_DIGEST"]
    gathered = decide_for(low, member, as_of=SENT + HOUR)
    assert reasons_of(gathered) == ["+FIRST"]
    assert gathered[0].mode == Mode.DIGEST
    loud = decide_for(make_notice(), member)
    assert (reasons_of(loud), loud[0].mode) == (["+FIRST"], Mode.IMMEDIATE)


def test_a_daily_budget_keeps_the_loudest_and_never_holds_a_critical_one() -> None:
    member = make_member(subscription={"daily_budget": 2})
    minerals = [("zinc", Grade.WATCH), ("tin", Grade.WARNING), ("lead", Grade.ADVISORY)]
    notices = [make_notice(mineral=mineral, grade=grade) for mineral, grade in minerals]
    decisions = decide_for(notices, member)
    assert [(d.notice.mineral, d.reason, d.is_sent) for d in decisions] == [
        ("tin", Reason.FIRST, True),
        ("lead", Reason.FIRST, True),
        ("zinc", Reason.OVER_BUDGET, False),
    ]
    log = [make_told(d.notice, member) for d in decisions if d.is_sent]
    later = decide_for(notices, member, log=log, as_of=SENT + DAY)
    assert reasons_of(later) == ["UNCHANGED", "UNCHANGED", "+FIRST"]


def test_an_unacknowledged_alert_is_told_again_and_an_acknowledged_one_is_not() -> None:
    notice, member = make_notice(), make_member()
    log = [make_told(notice, member)]
    week = SENT + timedelta(days=7)
    reminder = decide_for(notice, member, log=log, as_of=week)[0]
    assert (reminder.reason, reminder.is_sent) == (Reason.REPEAT_DUE, True)
    assert reminder.notice.identifier == f"{notice.identifier}-r1"
    assert reminder.notice.references[-1] == notice.reference
    log.append(make_told(reminder.notice, member))
    assert reasons_of(decide_for(notice, member, log=log, as_of=week + DAY)) == ["UNCHANGED"]
    second = decide_for(notice, member, log=log, as_of=week + 7 * DAY)[0]
    assert second.notice.identifier == f"{notice.identifier}-r2"
    answer = Acknowledgement(alert_id=notice.alert_id, member_id="jp", sequence=1, at=SENT)
    answered = decide_for(notice, member, log=log[:1], as_of=week, acknowledgements=[answer])
    assert reasons_of(answered) == ["UNCHANGED"]


def test_two_wishes_at_one_endpoint_send_once() -> None:
    member = make_member()
    endpoint_id = member.endpoints[0].endpoint_id
    wishes = (
        Subscription(subscription_id="no", endpoint_id=endpoint_id, minerals=frozenset()),
        Subscription(subscription_id="yes", endpoint_id=endpoint_id, language="fr"),
        Subscription(subscription_id="too", endpoint_id=endpoint_id),
    )
    decisions = decide_for(make_notice(), make_member(subscriptions=wishes))
    assert [(d.subscription_id, d.reason) for d in decisions] == [("yes", Reason.FIRST)]


def test_a_dead_letter_is_not_sent_again_by_itself() -> None:
    notice, member = make_notice(), make_member()
    log = [make_told(notice, member, has_failed=True)]
    assert reasons_of(decide_for(notice, member, log=log)) == ["UNCHANGED"]


def test_red_goes_to_a_named_person_and_not_to_a_shared_address() -> None:
    endpoints = (
        Endpoint(endpoint_id="person", channel="email", address="a", contact_id="first"),
        Endpoint(endpoint_id="room", channel="slack", address="#b"),
    )
    wishes = tuple(
        Subscription(subscription_id=e.endpoint_id, endpoint_id=e.endpoint_id) for e in endpoints
    )
    member = make_member("jp", endpoints=endpoints, subscriptions=wishes)
    decisions = decide_for(make_notice(tlp=Tlp.RED, addresses=("jp",)), member)
    assert {(d.endpoint_id, d.reason) for d in decisions} == {
        ("person", Reason.FIRST),
        ("room", Reason.NOT_ENTITLED),
    }


@given(
    tlp=st.sampled_from([Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT]),
    members=st.lists(
        st.builds(
            make_member,
            st.sampled_from(["a", "b", "c"]),
            audiences=st.frozensets(st.sampled_from(Audience)),
            minerals=st.sampled_from([frozenset({"*"}), frozenset({"zinc"}), frozenset()]),
            is_active=st.booleans(),
        ),
        max_size=4,
        unique_by=lambda member: member.member_id,
    ),
    told=st.booleans(),
)
def test_nothing_is_sent_to_whoever_may_not_see_it(
    tlp: Tlp, members: list[Member], told: bool
) -> None:
    for notice in (make_notice(tlp=tlp), update(Grade.CRITICAL, tlp=tlp), cancel(tlp=tlp)):
        log = [make_told(make_notice(), member) for member in members] if told else []
        by_id = {member.member_id: member for member in members}
        for decision in decide_for(notice, members, log=log):
            if decision.is_sent:
                assert is_entitled(by_id[decision.member_id], notice)
