"""Which versions of observations a read sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from g7warn.store import bulk
from g7warn.store.schema import NEWEST_OBSERVATIONS, OBSERVATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

_KEY = np.dtype([("series_key", bulk.ROW["series_key"])])


def all_versions(series_keys: Sequence[int]) -> Select[Any]:
    """Return a statement for every version of every cell, sorted by cell and `known_at`."""
    table = OBSERVATIONS.c
    return (
        select(*(table[name] for name in bulk.ROW.names or ()))
        .where(table.series_key.in_(series_keys))
        .order_by(table.series_key, table.period, table.known_at)
    )


def fetch_newest(
    connection: Connection,
    series_keys: Sequence[int],
    *,
    dtype: np.dtype = bulk.ROW,
    as_of: int | None = None,
    first: int | None = None,
    last: int | None = None,
) -> np.ndarray:
    """Return the newest version of every cell, sorted by cell.

    Series of which nothing became known after `as_of` are read from the table of newest versions;
    the others from the history, which holds every version and takes that many times longer.

    Args:
        connection: Open connection.
        series_keys: Series to read.
        dtype: Fields of `bulk.ROW`, or some of them.
        as_of: Microseconds; later versions are not seen. None: the newest of all.
        first: First period as an integer; None does not limit.
        last: Last period likewise.
    """
    late = [] if as_of is None else _find_late(connection, series_keys, as_of=as_of)
    early = sorted(set(series_keys) - set(late))
    statements = [_select_newest(early, dtype)] if early else []
    if late and as_of is not None:
        statements.append(_select_past(connection, late, dtype, as_of=as_of))
    parts = [np.empty(0, dtype=dtype)]
    for statement in statements:
        period = statement.selected_columns["period"]
        limited = statement if first is None else statement.where(period >= first)
        limited = limited if last is None else limited.where(period <= last)
        parts.append(bulk.fetch_rows(connection, limited, dtype=dtype))
    rows = np.concatenate(parts)
    return rows[np.lexsort((rows["period"], rows["series_key"]))] if early and late else rows


def _find_late(connection: Connection, series_keys: Sequence[int], *, as_of: int) -> list[int]:
    """Return the series of which something became known after `as_of`."""
    table = NEWEST_OBSERVATIONS.c
    is_late = (table.known_at > as_of) & table.series_key.in_(series_keys)
    statement = select(table.series_key).where(is_late).distinct()
    found: list[int] = bulk.fetch_rows(connection, statement, dtype=_KEY)["series_key"].tolist()
    return sorted(found)


def _select_newest(series_keys: Sequence[int], dtype: np.dtype) -> Select[Any]:
    table = NEWEST_OBSERVATIONS.c
    statement = select(*(table[name] for name in dtype.names or ()))
    statement = statement.where(table.series_key.in_(series_keys))
    return statement.order_by(table.series_key, table.period)


def _select_past(
    connection: Connection, series_keys: Sequence[int], dtype: np.dtype, *, as_of: int
) -> Select[Any]:
    table = OBSERVATIONS.c
    is_sqlite = connection.dialect.name == "sqlite"
    # SQLite takes the other columns from the row that holds the maximum; PostgreSQL has
    # DISTINCT ON. Both walk the primary key once; a window function costs three times as much.
    columns = [
        func.max(table.known_at) if is_sqlite and name == "known_at" else table[name]
        for name in dtype.names or ()
    ]
    statement = select(*columns)
    statement = statement.where(table.series_key.in_(series_keys), table.known_at <= as_of)
    if is_sqlite:
        statement = statement.group_by(table.series_key, table.period)
        return statement.order_by(table.series_key, table.period)
    statement = statement.ext(distinct_on(table.series_key, table.period))
    return statement.order_by(table.series_key, table.period, table.known_at.desc())
