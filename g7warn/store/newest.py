"""Statements that choose versions of observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from g7warn.store import bulk
from g7warn.store.schema import OBSERVATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from sqlalchemy import Connection


def all_versions(series_keys: Sequence[int]) -> Select[Any]:
    """Return a statement for every version of every cell, sorted by cell and `known_at`."""
    table = OBSERVATIONS.c
    return (
        select(*(table[name] for name in bulk.ROW.names or ()))
        .where(table.series_key.in_(series_keys))
        .order_by(table.series_key, table.period, table.known_at)
    )


def newest_versions(
    connection: Connection, series_keys: Sequence[int], dtype: np.dtype, *, as_of: int | None = None
) -> Select[Any]:
    """Return a statement for the newest version of every cell, sorted by cell."""
    table = OBSERVATIONS.c
    names = dtype.names or ()
    is_sqlite = connection.dialect.name == "sqlite"
    # SQLite takes the other columns from the row that holds the maximum; PostgreSQL has
    # DISTINCT ON. Both walk the primary key once; a window function costs three times as much.
    columns = [
        func.max(table.known_at) if is_sqlite and name == "known_at" else table[name]
        for name in names
    ]
    statement = select(*columns).where(table.series_key.in_(series_keys))
    if as_of is not None:
        statement = statement.where(table.known_at <= as_of)
    if is_sqlite:
        statement = statement.group_by(table.series_key, table.period)
        return statement.order_by(table.series_key, table.period)
    statement = statement.ext(distinct_on(table.series_key, table.period))
    return statement.order_by(table.series_key, table.period, table.known_at.desc())
