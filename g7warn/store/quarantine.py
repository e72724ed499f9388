"""Quarantine: rows that an expectation refused, and what a person decided about them."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd
from sqlalchemy import insert, select, update

from g7warn.domain.frames import COLUMNS, ObservationFrame
from g7warn.errors import ConfigurationError, IllegalTransition
from g7warn.store import observations
from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.schema import QUARANTINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Engine, RowMapping


class QuarantineState(StrEnum):
    """What became of a quarantined row."""

    QUARANTINED = "quarantined"
    RELEASED = "released"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedRow:
    """One refused row.

    Attributes:
        key: Its number, by which a person names it.
        feed: Feed that delivered it.
        payload: SHA-256 of the payload it came in first.
        found_at: When it was refused.
        series_id: Series it would belong to.
        period: Its period.
        raw: Text as the publisher wrote it.
        expectation: Name of the expectation that failed.
        reason: One sentence.
        row: The observation as it would be stored.
        state: Whether a person has decided.
        decided_at: When; None while undecided.
        decided_by: Who; empty while undecided.
        decided_reason: Why; empty while undecided.
    """

    key: int
    feed: str
    payload: str
    found_at: datetime
    series_id: str
    period: str
    raw: str
    expectation: str
    reason: str
    row: Mapping[str, Any]
    state: QuarantineState
    decided_at: datetime | None = None
    decided_by: str = ""
    decided_reason: str = ""


def add(
    connection: Connection, table: pd.DataFrame, *, feed: str, payload: str, found_at: datetime
) -> int:
    """Keep refused rows with their reasons; return how many were not kept before.

    The same row refused for the same reason in a later release is not kept twice, so that a
    person decides once.

    Args:
        connection: Open transaction, that of the accepted rows.
        table: Observation columns, plus raw, expectation and reason.
        feed: Feed that delivered them.
        payload: SHA-256 of the payload.
        found_at: When they were refused.

    Raises:
        StoreUnavailable: The database did not take them.
    """
    rows: dict[str, dict[str, object]] = {}
    for record in table.to_dict("records"):
        row = {name: _to_plain(record[name]) for name in COLUMNS if name in record}
        stored = {
            "feed": feed,
            "payload": payload,
            "found_at": found_at,
            "series_id": str(record["series_id"]),
            "period": str(record["period"]),
            "raw": str(record.get("raw", "")),
            "expectation": str(record["expectation"]),
            "reason": str(record["reason"]),
            "row": json.dumps(row),
            "state": str(QuarantineState.QUARANTINED),
        }
        named = [stored["series_id"], stored["period"], stored["raw"], stored["expectation"]]
        text = json.dumps([*named, row.get("value")])
        stored["digest"] = hashlib.sha256(text.encode()).hexdigest()
        rows.setdefault(str(stored["digest"]), stored)
    if not rows:
        return 0
    with translate_errors():
        known = select(QUARANTINE.c.digest).where(QUARANTINE.c.feed == feed)
        for digest in connection.execute(known).scalars():
            rows.pop(digest, None)
        if rows:
            connection.execute(insert(QUARANTINE), list(rows.values()))
    return len(rows)


def _to_plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def list_rows(
    engine: Engine, *, feed: str = "", state: QuarantineState | None = None, limit: int = 1000
) -> tuple[QuarantinedRow, ...]:
    """Return quarantined rows, newest first."""
    statement = select(QUARANTINE).order_by(QUARANTINE.c.key.desc()).limit(limit)
    if feed:
        statement = statement.where(QUARANTINE.c.feed == feed)
    if state is not None:
        statement = statement.where(QUARANTINE.c.state == str(state))
    with begin_reading(engine) as connection:
        return tuple(_to_row(row) for row in connection.execute(statement).mappings())


def show(engine: Engine, key: int) -> QuarantinedRow:
    """Return one quarantined row.

    Raises:
        ConfigurationError: There is no such row.
    """
    with begin_reading(engine) as connection:
        return _get(connection, key)


def _get(connection: Connection, key: int) -> QuarantinedRow:
    statement = select(QUARANTINE).where(QUARANTINE.c.key == key)
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        message = f"no row {key} in quarantine: `g7warn quarantine list` names those there are"
        raise ConfigurationError(message, key=key)
    return _to_row(row)


def _to_row(row: RowMapping) -> QuarantinedRow:
    values = {name: row[name] for name in QuarantinedRow.__slots__}
    values["row"] = json.loads(row["row"])
    values["state"] = QuarantineState(row["state"])
    for name in ("decided_by", "decided_reason"):
        values[name] = row[name] or ""
    return QuarantinedRow(**values)


def decide(
    connection: Connection,
    keys: Iterable[int],
    *,
    state: QuarantineState,
    reason: str,
    by: str,
    at: datetime,
) -> int:
    """Release rows into the observations, or reject them for good; return how many.

    A released observation is known from the decision on: nobody could have used it before.

    Args:
        connection: Open transaction; the caller commits.
        keys: Numbers of the rows.
        state: Released or rejected.
        reason: Why, in the person's words; not empty.
        by: Who decides; not empty.
        at: When.

    Raises:
        ConfigurationError: A row does not exist, or the reason or the person is not named.
        IllegalTransition: A row was decided before, or has no number that could be released.
    """
    if not reason.strip() or not by.strip():
        message = "a decision on quarantined rows needs a reason and the name of who decides"
        raise ConfigurationError(message)
    rows = [_get(connection, key) for key in keys]
    for row in rows:
        _check_decidable(row, state)
    with translate_errors():
        if state is QuarantineState.RELEASED:
            for row in rows:
                _append(connection, row, at=at)
        statement = update(QUARANTINE).where(QUARANTINE.c.key.in_([row.key for row in rows]))
        connection.execute(
            statement.values(state=str(state), decided_at=at, decided_by=by, decided_reason=reason)
        )
    return len(rows)


def _check_decidable(row: QuarantinedRow, state: QuarantineState) -> None:
    if row.state is not QuarantineState.QUARANTINED:
        message = f"row {row.key} was {row.state} by {row.decided_by} on {row.decided_at}"
        raise IllegalTransition(message, key=row.key, state=str(row.state))
    if state is QuarantineState.RELEASED and row.row.get("value") is None:
        message = (
            f"row {row.key} ({row.series_id}, {row.period}) holds {row.raw!r}, which is no number: "
            "reject it, or add a correction"
        )
        raise IllegalTransition(message, key=row.key)


def _append(connection: Connection, row: QuarantinedRow, *, at: datetime) -> None:
    table = pd.DataFrame([{**row.row, "known_at": pd.Timestamp(at), "is_estimated": False}])
    frame = ObservationFrame.from_table(table)
    observations.append(connection, frame, released_at=at, feed=row.feed)
