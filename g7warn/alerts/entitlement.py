"""Who may see a thing: audience x label x mineral x status, one pure function for every exit.

Channels, archive, interface, feeds, exports and the plugin ask `check_entitlement`; none decides
for itself. The answer is looked up in two tables that name every member of their enums, and what
no table opens stays shut. Scope and status play different parts: the status alone decides the
realm (a guard such as "not Actual and not Public" lets Exercise + Public through), the scope
alone decides whether a name is needed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from g7warn.domain.marking import Audience, MessageStatus, Realm, Tlp
from g7warn.domain.member import ALL
from g7warn.domain.notice import Scope

if TYPE_CHECKING:
    from g7warn.domain.member import Endpoint, Member

CEILING: dict[Audience, Tlp] = {
    Audience.G7: Tlp.AMBER_STRICT,
    Audience.PARTNER: Tlp.AMBER,
    Audience.LIKE_MINDED: Tlp.GREEN,
    Audience.NAMED: Tlp.CLEAR,
}
"""Strictest label an audience reads without being named.

TLP 2.0: AMBER+STRICT stays within the organisation (the G7 members of the mechanism), AMBER may
reach its clients (partners), GREEN the community (like-minded countries), CLEAR everybody. RED is
for individual recipients: no audience reads it, only a member that is named."""


class Verdict(StrEnum):
    """The answer, with the first rule that refused."""

    ENTITLED = "entitled"
    NOT_ACTIVE = "not_active"
    OTHER_REALM = "other_realm"
    MINERAL_NOT_SHARED = "mineral_not_shared"
    NOT_NAMED = "not_named"
    LABEL_ABOVE_AUDIENCE = "label_above_audience"
    SHARED_ENDPOINT = "shared_endpoint"


class Marked(Protocol):
    """What entitlement needs to know of a thing; every notice has it."""

    @property
    def status(self) -> MessageStatus:
        """Decides the realm."""
        ...

    @property
    def tlp(self) -> Tlp:
        """Its label."""
        ...

    @property
    def mineral(self) -> str:
        """Mineral code; empty for none."""
        ...

    @property
    def scope(self) -> Scope:
        """Whether only those named may see it."""
        ...

    @property
    def addresses(self) -> tuple[str, ...]:
        """Ids of the members it names."""
        ...


def check_entitlement(member: Member, thing: Marked) -> Verdict:
    """Return whether `member` may see `thing`, and why not.

    Args:
        member: Who asks.
        thing: A notice, or anything else that carries its marking. An empty mineral means none
            (a System message): it is shared with all.
    """
    if not member.is_active:
        return Verdict.NOT_ACTIVE
    if thing.status.realm == Realm.DESK or thing.status.realm not in member.realms:
        return Verdict.OTHER_REALM
    if thing.mineral and member.minerals != ALL and thing.mineral not in member.minerals:
        return Verdict.MINERAL_NOT_SHARED
    is_named = member.member_id in thing.addresses
    if thing.scope == Scope.PRIVATE or thing.tlp == Tlp.RED:
        return Verdict.ENTITLED if is_named else Verdict.NOT_NAMED
    ceiling = max((CEILING[audience] for audience in member.audiences), default=None)
    if ceiling is None or thing.tlp > ceiling:
        return Verdict.LABEL_ABOVE_AUDIENCE
    return Verdict.ENTITLED


def check_endpoint(member: Member, endpoint: Endpoint, thing: Marked) -> Verdict:
    """Return whether `thing` may go to one of the member's endpoints, and why not.

    Beyond the member's own entitlement the endpoint must be of the thing's realm, and TLP:RED goes
    to a person and never to a shared address.
    """
    verdict = check_entitlement(member, thing)
    if verdict is not Verdict.ENTITLED:
        return verdict
    if endpoint.realm != thing.status.realm:
        return Verdict.OTHER_REALM
    if thing.tlp == Tlp.RED and not endpoint.contact_id:
        return Verdict.SHARED_ENDPOINT
    return Verdict.ENTITLED


def is_entitled(member: Member, thing: Marked) -> bool:
    """Return whether `member` may see `thing`; `check_entitlement` says why not."""
    return check_entitlement(member, thing) is Verdict.ENTITLED
