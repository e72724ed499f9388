"""Observations as a matrix: the fast way for tens of thousands of series."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from g7warn.domain.matrix import SeriesMatrix
from g7warn.store import bulk, codes
from g7warn.store.engine import begin_reading
from g7warn.store.newest import fetch_newest
from g7warn.store.schema import instant_to_microseconds
from g7warn.store.series import EVERY_SERIES, SeriesChoice, find_series, read_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from g7warn.domain.period import Frequency

_CELL = np.dtype(
    [
        (name, bulk.ROW[name])
        for name in ("series_key", "period", "known_at", "value", "unit_key", "is_estimated")
    ]
)


def read_matrix(
    engine: Engine,
    *,
    as_of: datetime,
    frequency: Frequency,
    series_ids: Sequence[str] | None = None,
    choice: SeriesChoice = EVERY_SERIES,
    start: str = "",
    end: str = "",
) -> SeriesMatrix:
    """Return the chosen series as one matrix, each cell as it was known at `as_of`.

    Args:
        engine: The store.
        as_of: Rows with a later `known_at` are not seen.
        frequency: Observations of another frequency are left out.
        series_ids: These series alone, in this order in the result; those the store does not
            hold become rows of NaN. None does not limit.
        choice: Further limits, for example one mineral; by default none.
        start: First period; by default the first one known.
        end: Last period; by default the last one known.

    Raises:
        StoreUnavailable: The database did not answer.
        ConfigurationError: The store has no tables yet, or `start` or `end` is no period of
            `frequency`.
    """
    first = codes.check_frequency(start, frequency=frequency) if start else None
    last = codes.check_frequency(end, frequency=frequency) if end else None
    chosen_by = choice if series_ids is None else replace(choice, series_ids=series_ids)
    with begin_reading(engine) as connection:
        chosen = find_series(connection, chosen_by)
        cells = _read_cells(connection, list(chosen), as_of=as_of, start=start, end=end)
        texts = read_texts(connection, np.unique(cells["unit_key"]).tolist())
    cells = cells[codes.select_frequency(cells["period"], frequency=frequency)]
    if series_ids is None:
        series_ids = sorted(chosen[key] for key in np.unique(cells["series_key"]).tolist())
    columns = codes.columns_of(cells["period"], frequency=frequency)
    if len(columns):
        first = int(columns.min()) if first is None else first
        last = int(columns.max()) if last is None else last
    # Where nothing is known and no limit was given there are no columns.
    span = np.arange(first, last + 1) if first is not None and last is not None else columns[:0]
    return _fill(
        cells,
        rows=_find_rows(cells["series_key"], chosen=chosen, series_ids=series_ids),
        columns=columns - (first or 0),
        empty=_empty(series_ids, labels=codes.labels_of(span, frequency=frequency), of=frequency),
        texts=texts,
    )


def _read_cells(
    connection: Connection, keys: Sequence[int], *, as_of: datetime, start: str, end: str
) -> np.ndarray:
    return fetch_newest(
        connection,
        keys,
        dtype=_CELL,
        as_of=instant_to_microseconds(as_of),
        first=codes.encode_period(start) if start else None,
        last=codes.encode_period(end) if end else None,
    )


def _find_rows(
    keys: np.ndarray, *, chosen: Mapping[int, str], series_ids: Sequence[str]
) -> np.ndarray:
    row_of = {name: row for row, name in enumerate(series_ids)}
    unique, places = np.unique(keys, return_inverse=True)
    return np.array([row_of[chosen[key]] for key in unique.tolist()], dtype=np.int64)[places]


def _empty(series_ids: Sequence[str], *, labels: tuple[str, ...], of: Frequency) -> SeriesMatrix:
    shape = (len(series_ids), len(labels))
    return SeriesMatrix(
        series_ids=tuple(series_ids),
        periods=labels,
        frequency=of,
        values=np.full(shape, np.nan),
        known_at=np.full(shape, np.datetime64("NaT", "us")),
        is_estimated=np.zeros(shape, dtype=bool),
        units=("",) * len(series_ids),
    )


def _fill(
    cells: np.ndarray,
    *,
    rows: np.ndarray,
    columns: np.ndarray,
    empty: SeriesMatrix,
    texts: Mapping[int, str],
) -> SeriesMatrix:
    empty.values[rows, columns] = cells["value"]
    empty.known_at[rows, columns] = cells["known_at"].view("M8[us]")
    empty.is_estimated[rows, columns] = cells["is_estimated"]
    newest = dict(zip(rows.tolist(), cells["unit_key"].tolist(), strict=True))
    units = [texts[newest[row]] if row in newest else "" for row in range(len(empty.units))]
    return replace(empty, units=tuple(units))
