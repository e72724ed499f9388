"""Tamper evidence: every event is sealed to the one before it, and the seals can be checked.

Whoever can write to the database could write a new chain: compare the head with one that was kept
elsewhere (the signed heartbeat carries it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from g7warn.errors import ConfigurationError
from g7warn.store import codec
from g7warn.store.alerts import FIRST_DIGEST, describe_row, seal
from g7warn.store.engine import begin_reading
from g7warn.store.schema import ALERT_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine, RowMapping

_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The end of the chain: how many events it has, and the seal of the last one."""

    events: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What a check of the chain found.

    Attributes:
        is_intact: Whether every event is what was appended, and none is missing.
        checked: Events that were found intact, from the first on.
        broken_event: `<alert_id>#<sequence>` of the first that is not; empty where all are.
        reason: What is wrong with it, in one sentence; empty where nothing is.
    """

    is_intact: bool
    checked: int
    broken_event: str = ""
    reason: str = ""


def read_head(engine: Engine) -> ChainHead:
    """Return the end of the chain, to be kept outside of the store.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    event = ALERT_EVENTS.c
    with begin_reading(engine) as connection:
        count = connection.execute(select(func.count()).select_from(ALERT_EVENTS)).scalar_one()
        newest = select(event.digest).order_by(event.key.desc()).limit(1)
        digest = connection.execute(newest).scalar_one_or_none()
    return ChainHead(events=int(count), digest=digest or FIRST_DIGEST)


def verify(engine: Engine, *, expected: ChainHead | None = None) -> ChainReport:
    """Check every event against its seal, and name the first that is broken.

    Args:
        engine: The store.
        expected: A head kept elsewhere: the chain must hold it, so that a chain that was cut off
            or written anew is found.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    before, checked = FIRST_DIGEST, 0
    holds_expected = expected is None or expected.events == 0
    for row in _read_rows(engine):
        if reason := _find_fault(row, before=before):
            name = f"{row['alert_id']}#{row['sequence']}"
            return ChainReport(is_intact=False, checked=checked, broken_event=name, reason=reason)
        before, checked = row["digest"], checked + 1
        if expected is not None and checked == expected.events:
            holds_expected = before == expected.digest
    if not holds_expected:
        reason = (
            f"the chain ends after {checked} events or was written anew: event "
            f"{expected.events if expected else 0} does not carry the seal that was kept elsewhere"
        )
        return ChainReport(is_intact=False, checked=checked, reason=reason)
    return ChainReport(is_intact=True, checked=checked)


def _read_rows(engine: Engine) -> Iterator[RowMapping]:
    """Yield all events in the order of their appending; an archive may not fit into memory."""
    key, last = ALERT_EVENTS.c.key, -1
    with begin_reading(engine) as connection:
        while True:
            statement = select(ALERT_EVENTS).where(key > last).order_by(key).limit(_BATCH)
            rows = connection.execute(statement).mappings().all()
            if not rows:
                return
            yield from rows
            last = int(rows[-1]["key"])


def _find_fault(row: RowMapping, *, before: str) -> str:
    if row["digest"] != seal(row["body"], before=before):
        return "its seal does not fit: it was altered, or an event before it removed or inserted"
    try:
        declared = describe_row(codec.decode_event(row["body"]))
    except (ConfigurationError, KeyError, ValueError, TypeError):
        return "its text cannot be read"
    wrong = [name for name, value in declared.items() if row[name] != value]
    return f"its columns {', '.join(wrong)} say something else than its text" if wrong else ""
