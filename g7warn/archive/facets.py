"""Facets: how many events there are for each mineral, family, grade and year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, cast, func, literal_column, select

from g7warn.archive.query import build_conditions
from g7warn.store.engine import begin_reading
from g7warn.store.schema import ALERT_EVENTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine

    from g7warn.archive.query import ArchiveQuery
    from g7warn.domain.member import Member

FACETS: tuple[str, ...] = ("minerals", "families", "grades", "years")
"""Fields of `ArchiveQuery` that can be counted."""


def count_facets(
    engine: Engine, query: ArchiveQuery, *, as_of: datetime, viewer: Member | None = None
) -> dict[str, dict[str, int]]:
    """Return for every facet its values with the number of events, most events first.

    A facet's own choice does not limit its own counts, so that a second value can be added to it.

    Args:
        engine: The store.
        query: What is looked for.
        as_of: Events of later instants are not seen.
        viewer: Whose entitlement limits what is counted; None is the operator, who sees all.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    dialect = engine.dialect.name
    counts: dict[str, dict[str, int]] = {}
    with begin_reading(engine) as connection:
        for facet in FACETS:
            others = _drop_choice(query, facet)
            where = build_conditions(others, as_of=as_of, viewer=viewer, dialect=dialect)
            column = _column(facet, dialect=dialect)
            number = func.count().label("number")
            statement = select(column, number).where(where).group_by(column)
            rows = connection.execute(statement.order_by(number.desc(), column))
            counts[facet] = {str(value): int(count) for value, count in rows}
    return counts


def _drop_choice(query: ArchiveQuery, facet: str) -> ArchiveQuery:
    dropped: dict[str, Any] = {facet: ()}
    return replace(query, **dropped)


def _column(facet: str, *, dialect: str) -> ColumnElement[str] | ColumnElement[int]:
    event = ALERT_EVENTS.c
    if facet != "years":
        return {"minerals": event.mineral, "families": event.family, "grades": event.grade}[facet]
    if dialect == "postgresql":
        return literal_column(
            "extract(year from to_timestamp(as_of / 1e6) at time zone 'UTC')::int"
        )
    return cast(literal_column("strftime('%Y', as_of / 1000000, 'unixepoch')"), Integer)
