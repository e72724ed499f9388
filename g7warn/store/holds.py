"""Held releases: those that wait for a person while the older data stay in use."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from g7warn.errors import ConfigurationError, IllegalTransition
from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.schema import HOLDS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine, RowMapping


class HoldState(StrEnum):
    """What became of a held release."""

    HELD = "held"
    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One held release; `decided_*` are empty while it waits."""

    key: int
    feed: str
    payload: str
    released_at: datetime
    found_at: datetime
    reason: str
    state: HoldState
    decided_at: datetime | None = None
    decided_by: str = ""
    decided_reason: str = ""


def add(
    connection: Connection,
    *,
    feed: str,
    payload: str,
    released_at: datetime,
    reason: str,
    found_at: datetime,
) -> bool:
    """Hold a release; return whether it was not held before. A decision once taken stands.

    Args:
        connection: Open transaction; the caller commits.
        feed: Feed that delivered it.
        payload: SHA-256 of its bytes.
        released_at: When the publisher released it.
        reason: One sentence with the figures that led to it.
        found_at: When it was held.

    Raises:
        StoreUnavailable: The database did not take it.
    """
    with translate_errors():
        seen = select(HOLDS.c.key).where(HOLDS.c.feed == feed, HOLDS.c.payload == payload)
        if connection.execute(seen).first() is not None:
            return False
        connection.execute(
            insert(HOLDS).values(
                feed=feed,
                payload=payload,
                released_at=released_at,
                found_at=found_at,
                reason=reason,
                state=str(HoldState.HELD),
            )
        )
        return True


def find_state(engine: Engine, *, feed: str, payload: str) -> HoldState | None:
    """Return what became of a release, or None where it was never held."""
    with begin_reading(engine) as connection:
        statement = select(HOLDS.c.state).where(HOLDS.c.feed == feed, HOLDS.c.payload == payload)
        state = connection.execute(statement).scalar_one_or_none()
    return None if state is None else HoldState(state)


def list_holds(
    engine: Engine, *, feed: str = "", state: HoldState | None = HoldState.HELD
) -> tuple[Hold, ...]:
    """Return held releases, newest first; with `state=None` those decided as well."""
    statement = select(HOLDS).order_by(HOLDS.c.key.desc())
    if feed:
        statement = statement.where(HOLDS.c.feed == feed)
    if state is not None:
        statement = statement.where(HOLDS.c.state == str(state))
    with begin_reading(engine) as connection:
        return tuple(_to_hold(row) for row in connection.execute(statement).mappings())


def decide(
    connection: Connection, key: int, *, state: HoldState, reason: str, by: str, at: datetime
) -> Hold:
    """Let a held release pass, or reject it for good; return it as it was.

    The caller ingests a release that may pass again, from the stored payload.

    Raises:
        ConfigurationError: There is no such hold, or the reason or the person is not named.
        IllegalTransition: It was decided before.
    """
    if not reason.strip() or not by.strip():
        message = "a decision on a held release needs a reason and the name of who decides"
        raise ConfigurationError(message)
    with translate_errors():
        row = connection.execute(select(HOLDS).where(HOLDS.c.key == key)).mappings().one_or_none()
        if row is None:
            message = f"no held release {key}: `g7warn feeds held` names those there are"
            raise ConfigurationError(message, key=key)
        hold = _to_hold(row)
        if hold.state is not HoldState.HELD:
            message = f"release {key} was {hold.state} by {hold.decided_by} on {hold.decided_at}"
            raise IllegalTransition(message, key=key, state=str(hold.state))
        decision = {"decided_at": at, "decided_by": by, "decided_reason": reason}
        statement = update(HOLDS).where(HOLDS.c.key == key)
        connection.execute(statement.values(state=str(state), **decision))
    return hold


def _to_hold(row: RowMapping) -> Hold:
    values = {name: row[name] for name in Hold.__slots__}
    values["state"] = HoldState(row["state"])
    for name in ("decided_by", "decided_reason"):
        values[name] = row[name] or ""
    return Hold(**values)
