"""Search: events that hold what is asked, newest first, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from g7warn.archive.query import build_conditions
from g7warn.domain.alert import EventKind, Grade
from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.errors import ConfigurationError
from g7warn.store.engine import begin_reading
from g7warn.store.schema import ALERT_EVENTS, instant_to_microseconds, microseconds_to_instant

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine, RowMapping

    from g7warn.archive.query import ArchiveQuery
    from g7warn.domain.member import Member

MAX_PAGE = 200
_SHOWN = (
    *("key", "alert_id", "sequence", "status", "mineral", "family", "direction", "area"),
    *("kind", "grade", "tlp", "raised_at", "as_of", "headline", "words"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One event that was found.

    Attributes:
        alert_id: Its alert.
        sequence: Its number in the alert's life.
        status: Actual, or Exercise and its like.
        mineral: Mineral code.
        family: Kind of stress.
        direction: up or down.
        area: `world` or a country.
        kind: The step in the alert's life.
        grade: Grade from this step on.
        tlp: Label.
        raised_at: When the alert was raised.
        as_of: When the step was taken.
        headline: One line.
        excerpt: The reason that holds a word searched for, else the first reason.
    """

    alert_id: str
    sequence: int
    status: MessageStatus
    mineral: str
    family: str
    direction: str
    area: str
    kind: EventKind
    grade: Grade
    tlp: Tlp
    raised_at: datetime
    as_of: datetime
    headline: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Some hits, and the cursor with which to ask for more; empty at the end."""

    hits: tuple[Hit, ...]
    next_cursor: str = ""


def search(
    engine: Engine,
    query: ArchiveQuery,
    *,
    as_of: datetime,
    viewer: Member | None = None,
    limit: int = 20,
    cursor: str = "",
) -> SearchPage:
    """Return events that fit the query, newest first.

    Args:
        engine: The store.
        query: What is looked for.
        as_of: Events of later instants are not seen.
        viewer: Whose entitlement limits what is seen; None is the operator, who sees all.
        limit: Hits a page, at most 200.
        cursor: `next_cursor` of the page before; events appended meanwhile shift nothing.

    Raises:
        StoreUnavailable: The database did not answer.
        ConfigurationError: The cursor or the limit is none.
    """
    if not 1 <= limit <= MAX_PAGE:
        message = f"a page holds 1 to {MAX_PAGE} hits, not {limit}"
        raise ConfigurationError(message, limit=limit)
    event = ALERT_EVENTS.c
    where = build_conditions(query, as_of=as_of, viewer=viewer, dialect=engine.dialect.name)
    if cursor:
        where = and_(where, _after(cursor))
    statement = select(*(event[name] for name in _SHOWN)).where(where)
    statement = statement.order_by(event.as_of.desc(), event.key.desc()).limit(limit + 1)
    with begin_reading(engine) as connection:
        rows = connection.execute(statement).mappings().all()
    more = rows[limit - 1] if len(rows) > limit else None
    return SearchPage(
        hits=tuple(_to_hit(row, words=query.words) for row in rows[:limit]),
        next_cursor=f"{instant_to_microseconds(more['as_of'])}.{more['key']}" if more else "",
    )


def _after(cursor: str) -> ColumnElement[bool]:
    event = ALERT_EVENTS.c
    try:
        as_of, key = (int(part) for part in cursor.split("."))
        instant = microseconds_to_instant(as_of)
    except (ValueError, OverflowError) as error:
        message = f"{cursor[:40]!r} is no cursor: take `next_cursor` of the page before"
        raise ConfigurationError(message, cursor=cursor[:40]) from error
    return or_(event.as_of < instant, and_(event.as_of == instant, event.key < key))


def _to_hit(row: RowMapping, *, words: str) -> Hit:
    plain = {name: row[name] for name in Hit.__slots__ if name != "excerpt"}
    return Hit(
        **plain
        | {
            "status": MessageStatus(row["status"]),
            "kind": EventKind(row["kind"]),
            "grade": Grade(row["grade"]),
            "tlp": Tlp(row["tlp"]),
        },
        excerpt=_find_excerpt(row["words"], words=words),
    )


def _find_excerpt(text: str, *, words: str) -> str:
    reasons = text.split("\n")[4:]  # mineral, family, grade and headline stand before them
    wanted = [word.strip('"').lower() for word in words.split() if not word.startswith("-")]
    for reason in reasons:
        if any(word in reason.lower() for word in wanted):
            return reason
    return reasons[0] if reasons else ""
