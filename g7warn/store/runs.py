"""Ingest runs: what became of each payload, for operators' pages and for not doing it twice."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.schema import RUNS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Row


class RunState(StrEnum):
    """What became of a payload."""

    STORED = "stored"
    HELD = "held"  # waits for a person, see `holds`
    REFUSED = "refused"  # a critical expectation failed: nothing of it was stored
    FAILED = "failed"  # it could not be fetched or read


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt to ingest one payload of one feed.

    Attributes:
        feed: Name of the feed.
        payload: SHA-256 of the bytes; empty where none came.
        state: What became of it.
        ran_at: When.
        fetched_at: When the payload was fetched; None where none came.
        released_at: When the publisher released it, as far as known.
        accepted: Rows that passed validation.
        quarantined: Rows that did not.
        new: Observations never seen before.
        revised: Observations that differ from what was stored.
        unchanged: Observations that were stored already.
        last_period: Label of the newest period accepted; empty where there was none.
        error: Message of what went wrong; empty where nothing did.
        report: Result of validation, JSON-safe.
    """

    feed: str
    payload: str
    state: RunState
    ran_at: datetime
    fetched_at: datetime | None = None
    released_at: datetime | None = None
    accepted: int = 0
    quarantined: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    last_period: str = ""
    error: str = ""
    report: Mapping[str, object] = field(default_factory=dict)


def add(connection: Connection, run: Run) -> int:
    """Note a run and return its number; in the transaction of its observations, if it has any.

    Raises:
        StoreUnavailable: The database did not take it.
    """
    values = {name: getattr(run, name) for name in Run.__slots__}
    values["state"] = str(run.state)
    values["report"] = json.dumps(run.report)
    with translate_errors():
        key = connection.execute(insert(RUNS).values(**values)).inserted_primary_key
    return int(key[0]) if key else 0


def has_run(engine: Engine, sha256: str, feed: str) -> bool:
    """Return whether a payload of a feed has been tried, whatever became of it."""
    statement = select(RUNS.c.key).where(RUNS.c.payload == sha256, RUNS.c.feed == feed).limit(1)
    with begin_reading(engine) as connection:
        return connection.execute(statement).first() is not None


def latest(engine: Engine) -> dict[str, Run]:
    """Return the newest run of every feed, by feed."""
    newest = select(func.max(RUNS.c.key)).group_by(RUNS.c.feed)
    with begin_reading(engine) as connection:
        rows = connection.execute(select(RUNS).where(RUNS.c.key.in_(newest)))
        return {row.feed: _to_run(row) for row in rows}


def latest_of_payloads(engine: Engine, feed: str) -> dict[str, Run]:
    """Return the newest run of every payload of a feed, by the payload's hash."""
    newest = select(func.max(RUNS.c.key)).where(RUNS.c.feed == feed).group_by(RUNS.c.payload)
    with begin_reading(engine) as connection:
        rows = connection.execute(select(RUNS).where(RUNS.c.key.in_(newest)))
        return {row.payload: _to_run(row) for row in rows}


def history(engine: Engine, feed: str, *, limit: int = 20) -> tuple[Run, ...]:
    """Return the newest runs of a feed, newest first."""
    statement = select(RUNS).where(RUNS.c.feed == feed).order_by(RUNS.c.key.desc()).limit(limit)
    with begin_reading(engine) as connection:
        return tuple(_to_run(row) for row in connection.execute(statement))


def last_periods(engine: Engine) -> dict[str, str]:
    """Return the newest period that any stored run of a feed accepted, by feed."""
    runs = RUNS.c
    statement = (
        select(runs.feed, func.max(runs.last_period))
        .where(runs.state == str(RunState.STORED))
        .group_by(runs.feed)
    )
    with begin_reading(engine) as connection:
        return {feed: period for feed, period in connection.execute(statement)}  # noqa: C416 - rows, no pairs


def last_changes(engine: Engine) -> dict[str, datetime]:
    """Return when a run last stored anything new or revised, by feed."""
    runs = RUNS.c
    statement = (
        select(runs.feed, func.max(runs.ran_at))
        .where(runs.new + runs.revised > 0)
        .group_by(runs.feed)
    )
    with begin_reading(engine) as connection:
        return {feed: changed_at for feed, changed_at in connection.execute(statement)}  # noqa: C416 - rows, no pairs


def totals(engine: Engine) -> dict[str, dict[str, int]]:
    """Return rows accepted and quarantined over all stored runs, by feed."""
    runs = RUNS.c
    statement = (
        select(runs.feed, func.sum(runs.accepted), func.sum(runs.quarantined))
        .where(runs.state == str(RunState.STORED))
        .group_by(runs.feed)
    )
    with begin_reading(engine) as connection:
        return {
            feed: {"accepted": int(accepted), "quarantined": int(quarantined)}
            for feed, accepted, quarantined in connection.execute(statement)
        }


def _to_run(row: Row[tuple[object, ...]]) -> Run:
    values = {name: getattr(row, name) for name in Run.__slots__}
    values["state"] = RunState(values["state"])
    values["report"] = json.loads(values["report"])
    return Run(**values)
