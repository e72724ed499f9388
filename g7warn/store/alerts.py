"""Alert events: appended once, each sealed with a hash over itself and the event before it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, tuple_

from g7warn.domain.alert import Fingerprint
from g7warn.domain.marking import MessageStatus
from g7warn.domain.signal import Direction, Family
from g7warn.store import codec
from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.schema import ALERT_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Select

    from g7warn.domain.alert import AlertEvent

FIRST_DIGEST = "0" * 64
"""What stands before the first event of a store."""

_CHUNK = 1000


def seal(body: str, *, before: str) -> str:
    """Return the hash that seals an event's JSON text to the event before it."""
    return hashlib.sha256(f"{before}\n{body}".encode()).hexdigest()


def append(connection: Connection, events: Sequence[AlertEvent]) -> tuple[AlertEvent, ...]:
    """Append the events that are not stored yet and return those.

    An event is the same when alert and sequence are: a run that is repeated appends nothing.

    Args:
        connection: Open transaction, best of `engine.begin_writing`; the caller commits.
        events: In the order of their happening.

    Raises:
        StoreUnavailable: The database did not take them.
    """
    with translate_errors():
        seen = _read_seen(connection, [event.alert_id for event in events])
        fresh: dict[tuple[str, int], AlertEvent] = {}
        for event in events:
            if (event.alert_id, event.sequence) not in seen:
                fresh.setdefault((event.alert_id, event.sequence), event)
        rows = list(_to_rows(list(fresh.values()), before=_read_last_digest(connection)))
        if rows:
            connection.execute(insert(ALERT_EVENTS), rows)
    return tuple(fresh.values())


def _read_seen(connection: Connection, alert_ids: Sequence[str]) -> set[tuple[str, int]]:
    table, seen = ALERT_EVENTS.c, set()
    names = sorted(set(alert_ids))
    for start in range(0, len(names), _CHUNK):
        chosen = table.alert_id.in_(names[start : start + _CHUNK])
        rows = connection.execute(select(table.alert_id, table.sequence).where(chosen))
        seen |= {(row.alert_id, row.sequence) for row in rows}
    return seen


def _read_last_digest(connection: Connection) -> str:
    table = ALERT_EVENTS.c
    statement = select(table.digest).order_by(table.key.desc()).limit(1)
    return connection.execute(statement).scalar_one_or_none() or FIRST_DIGEST


def _to_rows(events: Sequence[AlertEvent], *, before: str) -> Iterator[dict[str, object]]:
    for event in events:
        body = codec.encode(event)
        before = seal(body, before=before)
        yield {**describe_row(event), "body": body, "digest": before}


def describe_row(event: AlertEvent) -> dict[str, object]:
    """Return the columns by which an event is found, beside its text and its seal."""
    found, of = event.assessment, event.assessment.fingerprint
    heading = [of.mineral, str(of.family), event.grade.label, found.headline]
    return {
        "alert_id": event.alert_id,
        "sequence": event.sequence,
        "status": str(event.status),
        "mineral": of.mineral,
        "family": str(of.family),
        "direction": str(of.direction),
        "area": of.area,
        "kind": str(event.kind),
        "grade": int(event.grade),
        "tlp": int(found.tlp),
        "raised_at": event.raised_at,
        "as_of": event.as_of,
        "headline": found.headline,
        "words": "\n".join([*heading, *found.reasons]),
    }


def read_events(
    engine: Engine,
    *,
    as_of: datetime,
    fingerprint: Fingerprint | None = None,
    status: MessageStatus | None = None,
    open_only: bool = False,
) -> tuple[AlertEvent, ...]:
    """Return the events up to `as_of`, in the order of their happening.

    Args:
        engine: The store.
        as_of: Events with a later `as_of` are not seen.
        fingerprint: Events of this one alone.
        status: Events of this status alone.
        open_only: Events of those alerts alone that were open at `as_of`.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = ALERT_EVENTS.c
    statement = select(table.body).where(table.as_of <= as_of)
    if fingerprint is not None:
        statement = statement.where(
            table.mineral == fingerprint.mineral,
            table.family == str(fingerprint.family),
            table.direction == str(fingerprint.direction),
            table.area == fingerprint.area,
        )
    if status is not None:
        statement = statement.where(table.status == str(status))
    if open_only:
        statement = statement.where(table.alert_id.in_(_open_alerts(as_of)))
    with begin_reading(engine) as connection:
        bodies = connection.execute(statement.order_by(table.as_of, table.alert_id, table.sequence))
        return tuple(codec.decode_event(body) for body in bodies.scalars())


def find_ahead(engine: Engine, *, after: datetime) -> dict[Fingerprint, datetime]:
    """Return the newest event after an instant of each fingerprint that has one, exercises aside.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = ALERT_EVENTS.c
    names = (table.mineral, table.family, table.direction, table.area)
    statement = (
        select(*names, func.max(table.as_of).label("newest"))
        .where(table.as_of > after, table.status == str(MessageStatus.ACTUAL))
        .group_by(*names)
    )
    with begin_reading(engine) as connection:
        rows = connection.execute(statement).all()
    return {
        Fingerprint(
            mineral=row.mineral,
            family=Family(row.family),
            direction=Direction(row.direction),
            area=row.area,
        ): row.newest
        for row in rows
    }


def _open_alerts(as_of: datetime) -> Select[Any]:
    table = ALERT_EVENTS.c
    newest = (
        select(table.alert_id, func.max(table.sequence))
        .where(table.as_of <= as_of)
        .group_by(table.alert_id)
    )
    return select(table.alert_id).where(
        tuple_(table.alert_id, table.sequence).in_(newest),
        table.kind.not_in(["ended", "withdrawn"]),
    )
