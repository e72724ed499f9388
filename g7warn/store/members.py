"""Members as kept: who they are, and which of their endpoints were found to be gone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from g7warn.errors import ConfigurationError
from g7warn.store.delivery_schema import DISABLED_ENDPOINTS, MEMBERS
from g7warn.store.engine import begin_reading, begin_writing
from g7warn.store.member_codec import check_names, member_to_plain, plain_to_member

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from g7warn.domain.member import Member


def put_members(engine: Engine, members: Sequence[Member], *, at: datetime) -> None:
    """Keep members; one that is kept already is replaced. All are taken, or none.

    Raises:
        ConfigurationError: Names would not be unique in the installation.
    """
    with begin_writing(engine) as connection:
        kept = {member.member_id: member for member in _read(connection)}
        check_names(members)
        check_names((kept | {member.member_id: member for member in members}).values())
        names = [member.member_id for member in members]
        connection.execute(delete(MEMBERS).where(MEMBERS.c.member_id.in_(names)))
        rows = [
            {
                "member_id": member.member_id,
                "body": json.dumps(member_to_plain(member)),
                "changed_at": at,
            }
            for member in members
        ]
        if rows:
            connection.execute(insert(MEMBERS), rows)


def read_members(engine: Engine) -> tuple[Member, ...]:
    """Return all members by name; endpoints whose receiver said they are gone are disabled.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    with begin_reading(engine) as connection:
        gone = set(connection.execute(select(DISABLED_ENDPOINTS.c.endpoint_id)).scalars())
        return tuple(_disable(member, gone) for member in _read(connection))


def read_member(engine: Engine, member_id: str) -> Member:
    """Return one member.

    Raises:
        ConfigurationError: No such member.
    """
    for member in read_members(engine):
        if member.member_id == member_id:
            return member
    message = f"no member {member_id!r}: see `g7warn member list`"
    raise ConfigurationError(message, member=member_id)


def enable_endpoint(engine: Engine, endpoint_id: str) -> bool:
    """Use an endpoint again that was found to be gone; return whether it was."""
    with begin_writing(engine) as connection:
        chosen = DISABLED_ENDPOINTS.c.endpoint_id == endpoint_id
        return bool(connection.execute(delete(DISABLED_ENDPOINTS).where(chosen)).rowcount)


def _read(connection: Connection) -> tuple[Member, ...]:
    bodies = connection.execute(select(MEMBERS.c.body).order_by(MEMBERS.c.member_id))
    return tuple(plain_to_member(json.loads(body)) for body in bodies.scalars())


def _disable(member: Member, gone: set[str]) -> Member:
    if not gone.intersection(endpoint.endpoint_id for endpoint in member.endpoints):
        return member
    endpoints = tuple(
        replace(endpoint, is_enabled=endpoint.is_enabled and endpoint.endpoint_id not in gone)
        for endpoint in member.endpoints
    )
    return replace(member, endpoints=endpoints)
