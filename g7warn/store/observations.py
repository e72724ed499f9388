"""Observations: appended with their `known_at`, read as they were known at an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from g7warn.domain.frames import ObservationFrame
from g7warn.errors import ConfigurationError
from g7warn.store import bulk, codes, releases, series, versions
from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.matrix import read_matrix
from g7warn.store.newest import all_versions, fetch_newest
from g7warn.store.schema import OBSERVATIONS, instant_to_microseconds
from g7warn.store.versions import AppendCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

__all__ = ["AppendCounts", "append", "read", "read_history", "read_matrix"]


def append(
    connection: Connection, frame: ObservationFrame, *, released_at: datetime, feed: str = ""
) -> AppendCounts:
    """Add what a release says that is not known yet; the rules stand in `versions`.

    Args:
        connection: Open transaction, best of `engine.begin_writing`; the caller commits.
        frame: Observations of one release, with stamped `known_at`. Several versions of one cell
            are taken in the order of their `known_at`.
        released_at: When the release came out (or was fetched): no revision in it is known before.
        feed: Feed that delivered it; the series remember the first one.

    Returns:
        How many rows were new, revised and unchanged.

    Raises:
        ConfigurationError: A series id or a period is not of the project's form, or a value is
            not finite.
        StoreUnavailable: The database did not take the rows.
    """
    if not len(frame):
        return AppendCounts()
    with translate_errors():
        rows = _encode(connection, frame, feed=feed)
        released = instant_to_microseconds(released_at)
        counts = AppendCounts()
        known = releases.read(connection, np.unique(rows["series_key"]).tolist())
        for number, batch in enumerate(_one_version_a_cell(rows)):
            # A first batch of series never seen has nothing to be compared with.
            is_first = not known and number == 0
            newest = batch[:0] if is_first else _read_newest(connection, batch)
            added, count = _add(connection, batch, newest, released_at=released, known=known)
            bulk.insert_rows(connection, added, are_first=is_first)
            counts += count
        releases.add(connection, rows, released_at=released)
        return counts


def _encode(connection: Connection, frame: ObservationFrame, *, feed: str) -> np.ndarray:
    table = frame.table
    if not np.isfinite(table["value"].to_numpy()).all():
        message = "an observation without a finite value cannot be stored: quarantine it"
        raise ConfigurationError(message)
    rows = np.empty(len(table), dtype=bulk.ROW)
    places, names = _factorize(table["series_id"])
    rows["series_key"] = _take(series.intern_series(connection, names, feed=feed), names)[places]
    places, labels = _factorize(table["period"])
    rows["period"] = codes.encode_periods(labels)[places]
    for column in ("unit", "payload"):
        places, texts = _factorize(table[column])
        rows[f"{column}_key"] = _take(series.intern_texts(connection, texts), texts)[places]
    for column in ("status", "conf"):
        places, texts = _factorize(table[column])
        if any(len(text) != 1 or not text.isascii() for text in texts):
            message = f"a {column} is one letter of its SDMX code list, not one of {texts}"
            raise ConfigurationError(message, column=column)
        rows[column] = np.array(texts, dtype="S1")[places]
    rows["known_at"] = table["known_at"].dt.tz_localize(None).to_numpy().view(np.int64)
    rows["value"] = table["value"].to_numpy()
    rows["is_estimated"] = table["is_estimated"].to_numpy()
    return rows


def _factorize(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    places, names = pd.factorize(column)
    return places, [str(name) for name in names]


def _take(keys: Mapping[str, int], names: Sequence[str]) -> np.ndarray:
    return np.array([keys[name] for name in names], dtype=np.int32)


def _one_version_a_cell(rows: np.ndarray) -> Iterable[np.ndarray]:
    """Yield batches in which every cell occurs once, oldest versions first."""
    ordered = rows[np.lexsort((rows["known_at"], versions.cell_keys(rows)))]
    keys = versions.cell_keys(ordered)
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    rank = np.arange(len(keys)) - np.repeat(first, np.diff(np.r_[first, len(keys)]))
    for number in range(int(rank.max()) + 1):
        yield ordered[rank == number]


def _add(
    connection: Connection,
    rows: np.ndarray,
    newest: np.ndarray,
    *,
    released_at: int,
    known: Mapping[int, tuple[versions.Release, ...]],
) -> tuple[np.ndarray, AppendCounts]:
    """Return the rows that a batch adds, those of late releases among them."""
    late = [key for key, of in known.items() if of[-1].released_at > released_at]
    is_late = np.isin(rows["series_key"], late)
    added, counts = versions.add_in_order(
        rows[~is_late], newest, released_at=released_at, releases=known
    )
    if not late:
        return added, counts
    history = bulk.fetch_rows(connection, all_versions(late), dtype=bulk.ROW)
    more, count = versions.add_late(rows[is_late], history, released_at=released_at, releases=known)
    return np.concatenate([added, more]), counts + count


def _read_newest(connection: Connection, rows: np.ndarray) -> np.ndarray:
    return fetch_newest(connection, np.unique(rows["series_key"]).tolist())


def read(
    engine: Engine,
    *,
    as_of: datetime,
    series_ids: Sequence[str] | None = None,
    mineral: str = "",
    measure: str = "",
    feed: str = "",
) -> ObservationFrame:
    """Return the newest version of every chosen observation that was known at `as_of`.

    Args:
        engine: The store.
        as_of: Rows with a later `known_at` are not seen.
        series_ids: These series alone; None does not limit.
        mineral: One mineral's series alone; empty does not limit.
        measure: One measure's series alone; empty does not limit.
        feed: Series of one feed alone; empty does not limit.

    Returns:
        Sorted by series id and period; empty where nothing was known.

    Raises:
        StoreUnavailable: The database did not answer.
        ConfigurationError: The store has no tables yet.
    """
    choice = series.SeriesChoice(series_ids=series_ids, mineral=mineral, measure=measure, feed=feed)
    instant = instant_to_microseconds(as_of)
    return _read_versions(
        engine,
        choice,
        lambda connection, keys: fetch_newest(connection, keys, as_of=instant),
    )


def read_history(engine: Engine, *, until: datetime) -> ObservationFrame:
    """Return every version of every observation that was known at `until`.

    From it, any earlier instant can be looked at with `ObservationFrame.known_by`.

    Raises:
        StoreUnavailable: The database did not answer.
        ConfigurationError: The store has no tables yet.
    """
    instant = instant_to_microseconds(until)
    return _read_versions(
        engine,
        series.EVERY_SERIES,
        lambda connection, keys: bulk.fetch_rows(
            connection,
            all_versions(keys).where(OBSERVATIONS.c.known_at <= instant),
            dtype=bulk.ROW,
        ),
    )


def _read_versions(
    engine: Engine,
    choice: series.SeriesChoice,
    fetch: Callable[[Connection, list[int]], np.ndarray],
) -> ObservationFrame:
    with begin_reading(engine) as connection:
        chosen = series.find_series(connection, choice)
        if not chosen:
            return ObservationFrame.empty()
        rows = fetch(connection, list(chosen))
        keys = np.unique(np.concatenate([rows["unit_key"], rows["payload_key"]]))
        texts = series.read_texts(connection, keys.tolist())
    return _decode(rows, chosen, texts)


def _decode(
    rows: np.ndarray, series_ids: Mapping[int, str], texts: Mapping[int, str]
) -> ObservationFrame:
    labels = {int(code): codes.decode_period(int(code)) for code in np.unique(rows["period"])}
    table = pd.DataFrame(
        {
            "series_id": _look_up(rows["series_key"], series_ids),
            "period": _look_up(rows["period"], labels),
            "value": rows["value"],
            "unit": _look_up(rows["unit_key"], texts),
            "status": rows["status"].astype("U1"),
            "conf": rows["conf"].astype("U1"),
            "known_at": pd.to_datetime(rows["known_at"].view("M8[us]")).tz_localize("UTC")
            if len(rows)
            else pd.Series([], dtype="datetime64[us, UTC]"),
            "is_estimated": rows["is_estimated"],
            "payload": _look_up(rows["payload_key"], texts),
        }
    )
    return ObservationFrame.from_table(table.sort_values(["series_id", "period"]))


def _look_up(keys: np.ndarray, names: Mapping[int, str]) -> np.ndarray:
    unique, places = np.unique(keys, return_inverse=True)
    return np.array([names[int(key)] for key in unique], dtype=object)[places]
