"""Who sees what: the explicit table, the whole matrix, and the defects that must be impossible."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.alerts.entitlement import (
    CEILING,
    Verdict,
    check_endpoint,
    check_entitlement,
    is_entitled,
)
from g7warn.domain.marking import Audience, MessageStatus, Realm, Tlp
from g7warn.domain.member import ALL
from g7warn.domain.notice import Scope
from tests.support.assessments import make_member

READS = {
    Audience.G7: {Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT},
    Audience.PARTNER: {Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER},
    Audience.LIKE_MINDED: {Tlp.CLEAR, Tlp.GREEN},
    Audience.NAMED: {Tlp.CLEAR},
}
"""The truth, written out: label by audience, for one that is not named."""


@dataclass(frozen=True)
class Thing:
    status: MessageStatus = MessageStatus.ACTUAL
    tlp: Tlp = Tlp.CLEAR
    mineral: str = "nickel"
    scope: Scope = Scope.RESTRICTED
    addresses: tuple[str, ...] = ()


@pytest.mark.parametrize("tlp", list(Tlp))
@pytest.mark.parametrize("audience", list(Audience))
def test_an_audience_reads_its_labels_and_no_other(audience: Audience, tlp: Tlp) -> None:
    assert is_entitled(make_member("x", audience), Thing(tlp=tlp)) == (tlp in READS[audience])


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("tlp", list(Tlp))
def test_a_private_thing_is_for_those_it_names(audience: Audience, tlp: Tlp) -> None:
    member = make_member("x", audience)
    named = Thing(tlp=tlp, scope=Scope.PRIVATE, addresses=("x",))
    other = Thing(tlp=tlp, scope=Scope.PRIVATE, addresses=("y",))
    assert is_entitled(member, named)
    assert check_entitlement(member, other) is Verdict.NOT_NAMED


def test_the_whole_matrix_matches_the_rules_written_out() -> None:
    """Audience sets x label x status x scope x mineral x naming x realms x activity."""
    circles = [
        frozenset(c) for n in range(5) for c in itertools.combinations(Audience, n)
    ]  # 16 sets, the empty one too
    realms = [frozenset(r) for n in range(3) for r in itertools.combinations(list(Realm)[:2], n)]
    cells = itertools.product(
        circles,
        Tlp,
        MessageStatus,
        Scope,
        [ALL, {"nickel"}, {"zinc"}, set()],
        realms,
        [0, 1],
        [0, 1],
    )
    count = 0
    for audiences, tlp, status, scope, minerals, worlds, named, active in cells:
        member = make_member(
            "x",
            audiences=audiences,
            minerals=frozenset(minerals),
            realms=worlds,
            is_active=bool(active),
        )
        thing = Thing(status=status, tlp=tlp, scope=scope, addresses=("x",) if named else ("y",))
        world = {"Actual": "actual", "System": "actual", "Exercise": "exercise", "Test": "exercise"}
        may = (
            bool(active)
            and world.get(status) in worlds
            and bool(minerals & {"*", "nickel"})
            and (
                bool(named)
                if scope == Scope.PRIVATE or tlp == Tlp.RED
                else any(tlp in READS[audience] for audience in audiences)
            )
        )
        assert is_entitled(member, thing) == may, (member, thing)
        count += 1
    assert count == 16 * 5 * 5 * 3 * 4 * 4 * 2 * 2


statuses, labels, scopes = (st.sampled_from(e) for e in (MessageStatus, Tlp, Scope))
things = st.builds(
    Thing,
    status=statuses,
    tlp=labels,
    scope=scopes,
    mineral=st.sampled_from(["nickel", "zinc", ""]),
    addresses=st.lists(st.sampled_from(["x", "y"]), unique=True).map(tuple),
)
members = st.builds(
    make_member,
    st.just("x"),
    audiences=st.frozensets(st.sampled_from(Audience)),
    minerals=st.sampled_from([ALL, frozenset({"nickel"}), frozenset()]),
    realms=st.frozensets(st.sampled_from([Realm.ACTUAL, Realm.EXERCISE])),
    is_active=st.booleans(),
    endpoint=st.fixed_dictionaries(
        {
            "realm": st.sampled_from([Realm.ACTUAL, Realm.EXERCISE]),
            "contact_id": st.sampled_from(["", "first"]),
        }
    ),
)


@given(member=members, thing=things)
def test_no_scope_or_label_carries_an_exercise_to_an_actual_endpoint(member, thing) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    endpoint = member.endpoints[0]
    if check_endpoint(member, endpoint, thing) is Verdict.ENTITLED:
        is_practice = thing.status in {MessageStatus.EXERCISE, MessageStatus.TEST}
        assert is_practice == (endpoint.realm == Realm.EXERCISE)
        assert thing.status != MessageStatus.DRAFT


@given(member=members, thing=things)
def test_an_endpoint_never_gets_what_its_member_may_not_see(member, thing) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    verdict = check_endpoint(member, member.endpoints[0], thing)
    if verdict is Verdict.ENTITLED:
        assert is_entitled(member, thing)
        assert thing.tlp != Tlp.RED or member.endpoints[0].contact_id


@given(member=members, thing=things, stricter=labels)
def test_a_stricter_label_never_opens_anything(member, thing, stricter) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    strict = Thing(
        status=thing.status,
        tlp=max(stricter, thing.tlp),
        mineral=thing.mineral,
        scope=thing.scope,
        addresses=thing.addresses,
    )
    is_newly_named = strict.tlp == Tlp.RED and "x" in thing.addresses  # RED asks the name alone
    if is_entitled(member, strict) and not is_newly_named:
        assert is_entitled(member, thing)


def test_every_audience_has_a_ceiling_below_red() -> None:
    assert set(CEILING) == set(Audience)
    assert max(CEILING.values()) < Tlp.RED
