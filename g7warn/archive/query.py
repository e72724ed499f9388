"""What an analyst asks of the archive, as conditions on the event table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, table, text

from g7warn.alerts.entitlement import CEILING
from g7warn.domain.marking import MessageStatus, Realm, Tlp
from g7warn.domain.member import ALL
from g7warn.domain.period import Period
from g7warn.store.schema import ALERT_EVENTS

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.member import Member

_WORD = re.compile(r'-?"[^"]*"|\S+')
_NO_MATCH: ColumnElement[bool] = literal_column("1 = 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveQuery:
    """What is looked for; an empty field does not limit.

    Attributes:
        words: Words that must all occur in headline, reasons, mineral or family; "a phrase" in
            quotation marks, and -word for one that must not occur.
        minerals: Mineral codes, any of them.
        families: Family names, any of them.
        grades: Grade numbers, any of them.
        years: Years of `as_of`, any of them.
        alert_id: Events of this alert alone.
    """

    words: str = ""
    minerals: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    alert_id: str = ""


def build_conditions(
    query: ArchiveQuery, *, as_of: datetime, viewer: Member | None, dialect: str
) -> ColumnElement[bool]:
    """Return the conditions of a query on `alert_events`.

    Args:
        query: What is looked for.
        as_of: Events of later instants are not seen.
        viewer: Whose entitlement limits what is seen; None is the operator, who sees all.
        dialect: `sqlite` or `postgresql`: their full-text searches are not written alike.
    """
    event = ALERT_EVENTS.c
    conditions: list[ColumnElement[bool]] = [event.as_of <= as_of]
    if viewer is not None:
        conditions.append(_visible_to(viewer))
    for column, chosen in (
        (event.mineral, query.minerals),
        (event.family, query.families),
        (event.grade, query.grades),
    ):
        if chosen:
            conditions.append(column.in_(chosen))
    if query.years:
        spans = [Period.parse(f"{year:04d}") for year in query.years]
        within = [and_(event.as_of >= one.starts_at, event.as_of < one.ends_at) for one in spans]
        conditions.append(or_(*within))
    if query.alert_id:
        conditions.append(event.alert_id == query.alert_id)
    if query.words.strip():
        conditions.append(_hold_words(query.words, dialect=dialect))
    return and_(*conditions)


def _visible_to(viewer: Member) -> ColumnElement[bool]:
    """Return the rule of `check_entitlement` for events, which name no addressees."""
    event = ALERT_EVENTS.c
    ceiling = max((CEILING[audience] for audience in viewer.audiences), default=None)
    if not viewer.is_active or ceiling is None:
        return _NO_MATCH
    statuses = [
        str(status)
        for status in MessageStatus
        if status.realm in viewer.realms and status.realm is not Realm.DESK
    ]
    visible = [event.status.in_(statuses), event.tlp <= int(ceiling), event.tlp < int(Tlp.RED)]
    if viewer.minerals != ALL:
        visible.append(event.mineral.in_(sorted(viewer.minerals)))
    return and_(*visible)


def _hold_words(words: str, *, dialect: str) -> ColumnElement[bool]:
    event = ALERT_EVENTS.c
    if dialect == "postgresql":
        vector = func.to_tsvector(literal_column("'english'"), event.words)
        return vector.op("@@")(func.websearch_to_tsquery(literal_column("'english'"), words))
    expression = to_fts5(words)
    if not expression:
        return _NO_MATCH
    index = table("alert_words")
    found: Any = select(literal_column("rowid")).select_from(index)
    return event.key.in_(found.where(text("alert_words MATCH :words").bindparams(words=expression)))


def to_fts5(words: str) -> str:
    """Return a search text as an FTS5 expression; empty where nothing can be searched for.

    Every word is quoted, so that no text can be taken for an operator.

    Example:
        >>> to_fts5('nickel "price spike" -copper')
        '("nickel" AND "price spike") NOT ("copper")'
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for part in _WORD.findall(words):
        bare = re.sub(r"[^\w]+", " ", part.removeprefix("-")).strip()
        if bare:
            (unwanted if part.startswith("-") else wanted).append(f'"{bare}"')
    if not wanted:
        return ""
    required = " AND ".join(wanted)
    return f"({required}) NOT ({' OR '.join(unwanted)})" if unwanted else f"({required})"
