"""Nothing leaks: each reader gets exactly what it may see, whatever is sent and to whom."""

from __future__ import annotations

import itertools
from random import Random
from typing import TYPE_CHECKING

import pytest

from g7warn.alerts.decide import Circumstances, decide
from g7warn.deliver.message import ExerciseMessage
from g7warn.deliver.outbox import Carriers
from g7warn.domain.marking import Audience, MessageStatus, Realm, Tlp
from g7warn.domain.notice import ActualNotice, kind_of
from g7warn.store.deliveries import enqueue
from g7warn.store.engine import begin_writing
from tests.support.assessments import make_member
from tests.support.notices import make_notice
from tests.support.postmen import START, FakeChannel, make_worker

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from g7warn.domain.member import Member
    from g7warn.domain.notice import Notice

READS = {
    Audience.G7: {Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT},
    Audience.PARTNER: {Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER},
    Audience.LIKE_MINDED: {Tlp.CLEAR, Tlp.GREEN},
    Audience.NAMED: {Tlp.CLEAR},
}
SENDABLE = [status for status in MessageStatus if status.realm != Realm.DESK]


def make_members(rng: Random) -> list[Member]:
    members = []
    for number in range(40):
        circles = [audience for audience in Audience if rng.random() < 0.4]
        members.append(
            make_member(
                f"m{number}",
                audiences=frozenset(circles),
                minerals=rng.choice(
                    [frozenset({"*"}), frozenset({"nickel"}), frozenset({"zinc"}), frozenset()]
                ),
                is_active=rng.random() < 0.9,
                endpoint={
                    "realm": rng.choice([Realm.ACTUAL, Realm.EXERCISE]),
                    "contact_id": rng.choice(["", "first"]),
                },
            )
        )
    return members


def make_notices(rng: Random) -> list[Notice]:
    cells = itertools.product(Tlp, SENDABLE, ("nickel", "zinc"))
    return [
        make_notice(
            kind_of(status),
            status=status,
            tlp=tlp,
            mineral=mineral,
            alert_id=f"a{number}",
            addresses=tuple(f"m{n}" for n in rng.sample(range(40), 5)) if tlp == Tlp.RED else (),
        )
        for number, (tlp, status, mineral) in enumerate(cells)
    ]


def may_get(member: Member, notice: Notice) -> bool:
    """The rule written out a second time, so that it is held against something."""
    endpoint = member.endpoints[0]
    is_practice = notice.status in {MessageStatus.EXERCISE, MessageStatus.TEST}
    if not member.is_active or is_practice != (endpoint.realm == Realm.EXERCISE):
        return False
    if not member.minerals & {"*", notice.mineral}:
        return False
    if notice.tlp == Tlp.RED:
        return member.member_id in notice.addresses and bool(endpoint.contact_id)
    return any(notice.tlp in READS[audience] for audience in member.audiences)


@pytest.mark.parametrize("seed", range(3))
def test_each_reader_gets_exactly_what_it_may_see(sqlite_store: Engine, seed: int) -> None:
    rng = Random(seed)
    members, notices = make_members(rng), make_notices(rng)
    decisions = decide(notices, members=members, given=Circumstances(as_of=START))
    with begin_writing(sqlite_store) as connection:
        enqueue(connection, decisions, at=START)
    actual, exercise = FakeChannel(), FakeChannel(accepts=ExerciseMessage)
    carriers = Carriers(actual={"file": actual}, exercise={"file": exercise})
    make_worker(sqlite_store, {}, members, carriers=carriers).drain()
    got = {
        (address, title)
        for channel in (actual, exercise)
        for address, titles in channel.taken.items()
        for title in titles
    }
    assert got == {
        (member.endpoints[0].endpoint_id, notice.identifier)
        for member in members
        for notice in notices
        if may_get(member, notice)
    }
    real = {n.identifier for n in notices if isinstance(n, ActualNotice)}
    assert set(actual.titles) <= real
    assert not set(exercise.titles) & real


def test_everything_that_was_not_sent_has_a_reason() -> None:
    rng = Random(0)
    members, notices = make_members(rng), make_notices(rng)
    decisions = decide(notices, members=members, given=Circumstances(as_of=START))
    accounted = {(d.notice.identifier, d.member_id) for d in decisions}
    for member, notice in itertools.product(members, notices):
        is_same_realm = member.endpoints[0].realm == notice.status.realm
        assert (notice.identifier, member.member_id) in accounted or not is_same_realm
