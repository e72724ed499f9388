"""From alert events in the store to messages at a real webhook receiver: the life of one alert."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from g7warn.alerts.lifecycle import advance
from g7warn.clock import FixedClock
from g7warn.deliver.channels.base import open_channel
from g7warn.deliver.message import ActualMessage
from g7warn.deliver.outbox import Carriers, Pace, Worker
from g7warn.domain.alert import Grade
from g7warn.domain.delivery import ApprovalState
from g7warn.domain.marking import Audience, MessageStatus, Tlp
from g7warn.domain.member import Mode
from g7warn.pipeline.desk import StoreDesk
from g7warn.pipeline.dispatch import Office, dispatch
from g7warn.store import alerts
from g7warn.store.deliveries import read_ledger
from g7warn.store.desk import acknowledge, decide_approval
from g7warn.store.engine import begin_writing
from g7warn.store.members import put_members
from g7warn.store.outbox import OutboxQueue
from g7warn.store.vault import Vault, put_secret
from tests.support.assessments import make_assessment, make_fingerprint, make_member
from tests.support.postmen import START
from tests.support.receiver import Receiver

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.domain.member import Member

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = Office(sender="g7warn@example.org")
VAULT = Vault(SecretStr("correct horse battery staple"))


def hook_member(member_id: str, receiver: Receiver, *audiences: Audience, **facts: Any) -> Member:
    endpoint = {
        "endpoint_id": f"{member_id}-hook",
        "channel": "webhook",
        "address": receiver.url,
        "secret_ref": "hook",
    }
    wish = {"endpoint_id": f"{member_id}-hook"} | facts
    return make_member(member_id, *audiences, endpoint=endpoint, subscription=wish)


def assess(
    store: Engine,
    grade: Grade,
    *,
    at: datetime,
    status: MessageStatus = MessageStatus.ACTUAL,
    **facts: Any,
) -> None:
    """Append what a new grade of nickel's price makes of its alert."""
    known = alerts.read_events(store, as_of=at)
    found = make_assessment(grade, as_of=at, **facts)
    with begin_writing(store) as connection:
        alerts.append(connection, advance(known, [found], as_of=at, status=status))


def drain(store: Engine, *, at: datetime) -> dict[str, int]:
    """Send what is due."""
    clock = FixedClock(at)
    options = {"allows_private": True}
    channel: Any = open_channel("webhook", clock=clock, accepts=ActualMessage, options=options)
    desk = StoreDesk(store, clock=clock, vault=VAULT)
    worker = Worker(
        OutboxQueue(store),
        Carriers(actual={"webhook": channel}),
        desk=desk,
        clock=clock,
        owner="w",
        pace=Pace(hands=0),
    )
    return worker.drain()


def told(receiver: Receiver) -> list[tuple[str, str]]:
    """Return identifier and grade of what came in, in order, and forget it."""
    bodies = [json.loads(received.body)["data"] for received in receiver.received]
    receiver.received.clear()
    return [(body["identifier"].rsplit("-", 1)[-1], body["grade"]) for body in bodies]


def test_an_alert_lives_and_each_step_reaches_whom_it_concerns(store: Engine) -> None:
    with Receiver() as jp, Receiver() as kr:
        members = [
            hook_member("jp", jp, Audience.G7),
            hook_member("kr", kr, Audience.LIKE_MINDED, minimum_grade=Grade.CRITICAL),
        ]
        put_members(store, members, at=START)
        put_secret(store, "hook", [SecretStr("whsec_" + "MDEy" * 8)], vault=VAULT, at=START)

        assess(store, Grade.WARNING, at=START)
        assert dispatch(store, office=OFFICE, as_of=START)["queued"] == 1
        assert dispatch(store, office=OFFICE, as_of=START)["queued"] == 0
        assert drain(store, at=START)["delivered"] == 1
        assert (told(jp), told(kr)) == ([("1", "warning")], [])

        night = START + HOUR
        assess(store, Grade.CRITICAL, at=night)
        assert dispatch(store, office=OFFICE, as_of=night)["queued"] == 0
        (alert,) = alerts.read_events(store, as_of=night, open_only=True)[:1]
        identifier = f"{alert.alert_id}-2"
        decide_approval(
            store, identifier, state=ApprovalState.APPROVED, by="duty", why="seen", at=night
        )
        assert dispatch(store, office=OFFICE, as_of=night)["queued"] == 2
        drain(store, at=night)
        assert (told(jp), told(kr)) == ([("2", "critical")], [("2", "critical")])

        acknowledge(store, alert.alert_id, "kr", at=night, by="Kim", via="api")
        later = night + 2 * HOUR
        assert dispatch(store, office=OFFICE, as_of=later)["queued"] == 1
        drain(store, at=later)
        assert (told(jp), told(kr)) == ([("c1", "critical")], [])

        end = night + 40 * DAY
        assess(store, Grade.NORMAL, at=end)
        assert dispatch(store, office=OFFICE, as_of=end)["queued"] == 2
        drain(store, at=end)
        assert (told(jp), told(kr)) == ([("3", "normal")], [("3", "normal")])
        assert dispatch(store, office=OFFICE, as_of=end + DAY)["queued"] == 0
        reasons = {
            (e["member_id"], e["reason"]) for e in read_ledger(store, alert_id=alert.alert_id)
        }
        assert {("kr", "BELOW_SUBSCRIPTION"), ("", "AWAITING_APPROVAL")} <= reasons


def test_an_exercise_reaches_no_actual_endpoint(sqlite_store: Engine) -> None:
    with Receiver() as jp:
        put_members(sqlite_store, [hook_member("jp", jp)], at=START)
        assess(sqlite_store, Grade.WARNING, at=START, status=MessageStatus.EXERCISE)
        assert dispatch(sqlite_store, office=OFFICE, as_of=START)["queued"] == 0
        assert dispatch(sqlite_store, office=OFFICE, as_of=START)["alerts"] == 1
        assert drain(sqlite_store, at=START)["delivered"] == 0
        assert told(jp) == []


def test_what_a_label_forbids_reaches_nobody_and_is_kept_with_its_reason(
    sqlite_store: Engine,
) -> None:
    with Receiver() as kr:
        put_members(sqlite_store, [hook_member("kr", kr, Audience.LIKE_MINDED)], at=START)
        assess(sqlite_store, Grade.WARNING, at=START, tlp=Tlp.AMBER)
        counts = dispatch(sqlite_store, office=OFFICE, as_of=START)
        assert (counts["queued"], counts["withheld"]) == (0, 1)
        assert told(kr) == []


def test_a_digest_comes_as_one_message_in_the_morning(sqlite_store: Engine) -> None:
    with Receiver() as jp:
        put_members(sqlite_store, [hook_member("jp", jp, mode=Mode.DIGEST)], at=START)
        put_secret(sqlite_store, "hook", [SecretStr("whsec_" + "MDEy" * 8)], vault=VAULT, at=START)
        found = [
            make_assessment(Grade.WATCH, as_of=START, fingerprint=make_fingerprint(mineral))
            for mineral in ("nickel", "zinc")
        ]
        with begin_writing(sqlite_store) as connection:
            alerts.append(connection, advance([], found, as_of=START))
        assert dispatch(sqlite_store, office=OFFICE, as_of=START)["queued"] == 0
        morning = START + HOUR
        assert dispatch(sqlite_store, office=OFFICE, as_of=morning)["digests"] == 1
        assert drain(sqlite_store, at=morning)["delivered"] == 1
        assert len(jp.received) == 1


def test_without_the_key_nothing_is_lost(sqlite_store: Engine) -> None:
    with Receiver() as jp:
        put_members(sqlite_store, [hook_member("jp", jp)], at=START)
        assess(sqlite_store, Grade.WARNING, at=START)
        dispatch(sqlite_store, office=OFFICE, as_of=START)
        assert drain(sqlite_store, at=START) == {"delivered": 0, "postponed": 1, "buried": 0}
        put_secret(sqlite_store, "hook", [SecretStr("whsec_" + "MDEy" * 8)], vault=VAULT, at=START)
        assert drain(sqlite_store, at=START + HOUR)["delivered"] == 1
