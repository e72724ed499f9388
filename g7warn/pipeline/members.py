"""Members: entered and shown; without any, the secretariat reads everything in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.domain.marking import Audience, Realm
from g7warn.domain.member import Endpoint, Member, Subscription
from g7warn.store.members import put_members, read_members

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

SECRETARIAT = Member(
    member_id="secretariat",
    name="Secretariat",
    audiences=frozenset(Audience),
    is_secretariat=True,
    endpoints=(
        Endpoint(endpoint_id="secretariat-file", channel="file", address="secretariat"),
        Endpoint(
            endpoint_id="secretariat-exercise",
            channel="file",
            address="secretariat-exercise",
            realm=Realm.EXERCISE,
        ),
    ),
    subscriptions=(
        Subscription(subscription_id="all", endpoint_id="secretariat-file", is_mandatory=True),
        Subscription(subscription_id="exercises", endpoint_id="secretariat-exercise"),
    ),
)
"""Enters a new installation by itself, so that no alert is without a reader."""


def enter_secretariat(engine: Engine, *, at: datetime) -> bool:
    """Enter the secretariat where there is no member yet; return whether it was.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    if read_members(engine):
        return False
    put_members(engine, [SECRETARIAT], at=at)
    return True
