"""Signals as they were computed, kept for evidence and for scoring what was not sent."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from g7warn.store import codec
from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.schema import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from g7warn.domain.signal import Signal


def put(connection: Connection, as_of: datetime, signals: Sequence[Signal]) -> int:
    """Keep the signals of one assessment; those kept already are left. Return how many were new.

    Args:
        connection: Open transaction; the caller commits.
        as_of: Instant whose knowledge was used.
        signals: What the indicators found.

    Raises:
        StoreUnavailable: The database did not take them.
    """
    with translate_errors():
        statement = select(SIGNALS.c.digest).where(SIGNALS.c.as_of == as_of)
        seen = set(connection.execute(statement).scalars())
        rows = {}
        for signal in signals:
            body = codec.encode(signal)
            digest = hashlib.sha256(body.encode()).hexdigest()
            if digest not in seen:
                rows[digest] = _to_row(signal, as_of=as_of, body=body, digest=digest)
        if rows:
            connection.execute(insert(SIGNALS), list(rows.values()))
        return len(rows)


def _to_row(signal: Signal, *, as_of: datetime, body: str, digest: str) -> dict[str, object]:
    return {
        "as_of": as_of,
        "mineral": signal.mineral,
        "area": signal.area,
        "family": str(signal.family),
        "indicator": signal.indicator,
        "direction": str(signal.direction),
        "body": body,
        "digest": digest,
    }


def read(engine: Engine, *, as_of: datetime, mineral: str = "") -> tuple[Signal, ...]:
    """Return the signals of the assessment at exactly `as_of`.

    Where an assessment was repeated with other data, the newest finding of each indicator,
    mineral, area, direction and criterion counts.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = SIGNALS.c
    statement = select(table.body).where(table.as_of == as_of).order_by(table.key)
    if mineral:
        statement = statement.where(table.mineral == mineral)
    with begin_reading(engine) as connection:
        found = [codec.decode_signal(body) for body in connection.execute(statement).scalars()]
    newest = {
        (s.mineral, s.area, s.family, s.indicator, s.direction, s.criterion): s for s in found
    }
    return tuple(newest.values())


def find_last(engine: Engine, *, before: datetime) -> datetime | None:
    """Return the instant of the newest assessment earlier than `before`; None: there was none.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    statement = select(func.max(SIGNALS.c.as_of)).where(SIGNALS.c.as_of < before)
    with begin_reading(engine) as connection:
        last: datetime | None = connection.execute(statement).scalar_one()
    return last
