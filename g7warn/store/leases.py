"""Leases: how rows of the outbox become a worker's own, and how they are taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, exists, insert, or_, select, update

from g7warn.domain.delivery import DeliveryState, Outcome, Parcel
from g7warn.domain.notice import of_one_kind
from g7warn.store.deliveries import AT_ONCE, supersede
from g7warn.store.delivery_schema import ATTEMPTS, OUTBOX
from g7warn.store.notices import read_notices

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from g7warn.domain.notice import ActualNotice, ExerciseNotice

LEASE = timedelta(minutes=5)
"""A worker that has not settled a row by then is taken for dead. Longer than any channel waits."""

LONGEST_WAIT = timedelta(days=2)
"""No row waits longer than this; one that seems to was dated by a clock that has been set back."""


def reclaim(connection: Connection, *, now: datetime, longest: timedelta) -> None:
    """Take back leases that ran out, or that a clock set back would never let run out."""
    has_run_out = or_(OUTBOX.c.leased_until <= now, OUTBOX.c.leased_until > now + longest)
    lost = connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.state == DeliveryState.LEASED, has_run_out)
        .values(state=DeliveryState.PENDING, due_at=AT_ONCE, leased_until=None)
        .returning(OUTBOX.c.delivery_id, OUTBOX.c.owner, OUTBOX.c.alert_id)
    ).all()
    if lost:
        lines = [
            {
                "delivery_id": row.delivery_id,
                "owner": row.owner,
                "at": now,
                "outcome": str(Outcome.LOST),
                "detail": "the worker did not say how it ended",
            }
            for row in lost
        ]
        connection.execute(insert(ATTEMPTS), lines)
        supersede(connection, sorted({row.alert_id for row in lost if row.alert_id}))


def take(
    connection: Connection,
    *,
    channel: str,
    now: datetime,
    leased_until: datetime,
    limit: int,
    owner: str,
    passing_over: Collection[str],
) -> Sequence[Row[Any]]:
    """Lease due rows of one channel, loudest first, and return them."""
    other = OUTBOX.alias("other")
    is_under_way = exists().where(
        other.c.alert_id == OUTBOX.c.alert_id,
        other.c.endpoint_id == OUTBOX.c.endpoint_id,
        other.c.state == DeliveryState.LEASED,
        other.c.alert_id != "",
    )
    due = (
        select(OUTBOX.c.key)
        .where(
            OUTBOX.c.state == DeliveryState.PENDING,
            OUTBOX.c.channel == channel,
            or_(OUTBOX.c.due_at <= now, OUTBOX.c.due_at > now + LONGEST_WAIT),
            OUTBOX.c.endpoint_id.not_in(sorted(passing_over)),
            ~is_under_way,
        )
        .order_by(OUTBOX.c.grade.desc(), OUTBOX.c.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")  # picked once: inside the condition a planner may pick again, and more
    )
    rows = connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.key.in_(select(due.c.key)))
        .values(
            state=DeliveryState.LEASED,
            owner=owner,
            leased_until=leased_until,
            attempts=OUTBOX.c.attempts + 1,
        )
        .returning(OUTBOX)
    ).all()
    digests = [row.delivery_id for row in rows if not row.alert_id]
    if digests:
        connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.digest_id.in_(digests), OUTBOX.c.state == DeliveryState.GATHERED)
            .values(attempts=OUTBOX.c.attempts + 1)
        )
    return sorted(rows, key=lambda row: (-row.grade, row.key))


def to_parcels(connection: Connection, rows: Sequence[Row[Any]]) -> list[Parcel]:
    """Return leased rows with their notices and threads; damaged ones become dead letters."""
    contents = _read_contents(connection, rows)
    notices = read_notices(connection, sorted({i for names in contents.values() for i in names}))
    threads = _read_threads(connection, rows)
    whole = [row for row in rows if _is_whole(contents[row.delivery_id], notices)]
    _bury_damaged(connection, [row for row in rows if row not in whole])
    return [
        Parcel(
            delivery_id=row.delivery_id,
            member_id=row.member_id,
            endpoint_id=row.endpoint_id,
            channel=row.channel,
            language=row.language,
            notices=of_one_kind(notices[name] for name in contents[row.delivery_id]),
            thread=threads.get((row.endpoint_id, row.alert_id), ""),
            is_digest=not row.alert_id,
            attempts=row.attempts,
            created_at=row.created_at,
            leased_until=row.leased_until,
            owner=row.owner,
        )
        for row in whole
    ]


def _is_whole(
    identifiers: Sequence[str], notices: Mapping[str, ActualNotice | ExerciseNotice]
) -> bool:
    kinds = {type(notices[name]) for name in identifiers if name in notices}
    return len(kinds) == 1 and all(name in notices for name in identifiers)


def _read_contents(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, list[str]]:
    """Return the identifiers of the notices that each row carries, by delivery id."""
    contents = {row.delivery_id: [row.identifier] if row.alert_id else [] for row in rows}
    digests = [row.delivery_id for row in rows if not row.alert_id]
    if digests:
        items = connection.execute(
            select(OUTBOX.c.digest_id, OUTBOX.c.identifier)
            .where(OUTBOX.c.digest_id.in_(digests), OUTBOX.c.state == DeliveryState.GATHERED)
            .order_by(OUTBOX.c.key)
        )
        for item in items:
            contents[item.digest_id].append(item.identifier)
    return contents


def _bury_damaged(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    """Lay rows whose notice is gone with the dead letters: they must not stop the others."""
    for row in rows:
        connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.key == row.key)
            .values(
                state=DeliveryState.DEAD,
                leased_until=None,
                settled_at=row.created_at,
                detail="its notice is not in the store: restore it from a backup, then replay",
            )
        )


def _read_threads(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, str], str]:
    """Return the first thread that each endpoint's receipts named for each alert."""
    alert_ids = sorted({row.alert_id for row in rows if row.alert_id and row.sequence > 1})
    if not alert_ids:
        return {}
    found = connection.execute(
        select(OUTBOX.c.endpoint_id, OUTBOX.c.alert_id, OUTBOX.c.thread)
        .where(OUTBOX.c.alert_id.in_(alert_ids), OUTBOX.c.thread != "")
        .order_by(OUTBOX.c.key.desc())
    )
    return {(row.endpoint_id, row.alert_id): row.thread for row in found}
