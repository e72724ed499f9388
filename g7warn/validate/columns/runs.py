"""Facts about a row among its neighbours in the same series."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAME_SHARE = 1e-6
"""Steps that differ by less than this share of the value are equal: files carry 4 to 7 digits."""

_LEAST_RECORD = 60  # values before a series is said to have a record: five years of months
_CALM = np.log(1.5)
_FEWEST_TOGETHER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorted:
    """Values sorted by series and period, with the way back to the table's order.

    Attributes:
        order: Places of the sorted values in the table.
        numbers: float64, finite values of distinct cells only.
        is_first: Whether a value begins its series.
        places: Place of a value's period among all periods of the table.
    """

    order: np.ndarray
    numbers: np.ndarray
    places: np.ndarray
    is_first: np.ndarray

    def put_back(self, found: np.ndarray, table: pd.DataFrame, *, otherwise: float) -> pd.Series:
        """Return a column in the table's order; rows that were left out get `otherwise`."""
        column = np.full(len(table), otherwise, dtype=np.float64)
        column[self.order] = found
        return pd.Series(column, index=table.index)


def _sort(table: pd.DataFrame, options: Mapping[str, object]) -> _Sorted:
    # A value that its range refuses must not make its neighbours look like jumps.
    ignored = options.get("ignore_below", -np.inf)
    series, _ = pd.factorize(table["series_id"])
    periods, _ = pd.factorize(table["period"], sort=True)
    order = np.lexsort((periods, series))
    values = table["value"].to_numpy(dtype=np.float64)[order]
    series, periods = series[order], periods[order]
    is_repeat = np.r_[False, (series[1:] == series[:-1]) & (periods[1:] == periods[:-1])]
    keep = np.isfinite(values) & (values >= ignored) & ~is_repeat[: len(values)]
    series = series[keep]
    is_first = np.r_[True, series[1:] != series[:-1]][: len(series)]
    return _Sorted(order=order[keep], numbers=values[keep], places=periods[keep], is_first=is_first)


def _log_steps(rows: _Sorted, *, back: int = 1) -> np.ndarray:
    """Return ln(value / the value `back` places before it), NaN where there is none above 0."""
    steps = np.full(len(rows.numbers), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(rows.numbers)
        logs[~np.isfinite(logs)] = np.nan
    number = np.cumsum(rows.is_first)
    is_same_series = number[back:] == number[:-back]
    steps[back:] = np.where(is_same_series, logs[back:] - logs[:-back], np.nan)
    return steps


def find_step_factor(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return by what factor a value differs from both values before it, up or down; at least 1.

    Both, because the return from a slip of the pen is no jump.

    Args:
        table: Rows with series_id, period and value.
        options: `known`: what the store holds, so that a file of one day has a day before it.
    """
    full = _add_past(table, options)
    rows = _sort(full, options)
    found = rows.put_back(np.exp(_both_steps(rows)), full, otherwise=1.0)
    return found.iloc[len(full) - len(table) :].set_axis(table.index)


def find_record_factor(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return how many times as far the newest value has moved as any before; 0 for all others.

    Moves are logarithms; a record below 1.5 counts as one of 1.5, and a series with fewer than
    five years of values has none. After a hole of so many periods that others have, a move may be
    longer by its square root. History is not judged: what came after has confirmed it.

    Args:
        table: Rows with series_id, period and value.
        options: `known`: what the store holds.
    """
    return _compare_with_record(table, options, recent=None)


def find_lull_factor(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return the same against the last five years alone: one wild year must not excuse all others.

    Args:
        table: Rows with series_id, period and value.
        options: `known`: what the store holds.
    """
    return _compare_with_record(table, options, recent=_LEAST_RECORD)


def _compare_with_record(
    table: pd.DataFrame, options: Mapping[str, object], *, recent: int | None
) -> pd.Series:
    full = _add_past(table, options)
    rows = _sort(full, options)
    single, steps = np.abs(_log_steps(rows)), _both_steps(rows)
    factors = np.zeros(len(steps))
    for start, end in pairwise([*np.flatnonzero(rows.is_first), len(steps)]):
        if end - start > _LEAST_RECORD:
            first = start + 1 if recent is None else end - 1 - recent
            record = np.nanmax(single[first : end - 1], initial=_CALM)
            gap = rows.places[end - 1] - rows.places[end - 2]
            factors[end - 1] = steps[end - 1] / (record * np.sqrt(gap))
    found = rows.put_back(factors, full, otherwise=0.0)
    return found.iloc[len(full) - len(table) :].set_axis(table.index)


def find_joint_share(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return, for newest values, the share of all series whose newest value made a large step.

    A large step is one of 1.5 or more from both values before. Columns that have moved, and units
    that have changed, move many series at once; markets never moved so many so far. 0 for older
    values, and where fewer than eight series end in the newest period: few may well go together.

    Args:
        table: Rows with series_id, period and value.
        options: `known`: what the store holds.
    """
    full = _add_past(table, options)
    rows = _sort(full, options)
    is_last = np.append(rows.is_first[1:], True)[: len(rows.numbers)]
    periods = full["period"].to_numpy(dtype=str)[rows.order]
    newest = max(periods[is_last], default="")
    is_newest = is_last & ~rows.is_first & (periods == newest)
    is_large = is_newest & (_both_steps(rows) >= _CALM)
    count = int(is_newest.sum())
    share = is_large.sum() / count if count >= _FEWEST_TOGETHER else 0.0
    found = rows.put_back(np.where(is_newest, share, 0.0), full, otherwise=0.0)
    return found.iloc[len(full) - len(table) :].set_axis(table.index)


def _both_steps(rows: _Sorted) -> np.ndarray:
    """Return the smaller move against the two values before, 0 where there is none."""
    one, two = np.abs(_log_steps(rows)), np.abs(_log_steps(rows, back=2))
    smaller: np.ndarray = np.nan_to_num(np.fmin(one, two))
    return smaller


def _add_past(table: pd.DataFrame, options: Mapping[str, object]) -> pd.DataFrame:
    """Return the table below what is known of its series and does not stand in it."""
    known, cell = options.get("known"), ["series_id", "period"]
    if not isinstance(known, pd.DataFrame) or known.empty:
        return table
    past = known.loc[known["series_id"].isin(table["series_id"].unique()), [*cell, "value"]]
    is_stated = pd.MultiIndex.from_frame(past[cell]).isin(pd.MultiIndex.from_frame(table[cell]))
    return pd.concat([past[~is_stated], table[[*cell, "value"]]], ignore_index=True)


def find_spike_factor(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return by what factor a value stands out from both its neighbours; 1 where it does not.

    A move that lasts is a market; one that comes and is undone at once is a slip of the pen. The
    newest value of a series has one neighbour only and gets 1: `step_factor` looks at it.
    """
    rows = _sort(table, options)
    into = np.nan_to_num(_log_steps(rows))
    out = np.append(into[1:], 0.0)[: len(into)]
    is_undone = into * out < 0
    factor = np.exp(np.where(is_undone, np.minimum(np.abs(into), np.abs(out)), 0.0))
    return rows.put_back(factor, table, otherwise=1.0)


def find_straight_run(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return how many values the straight, sloping line has that a row lies on; 0 for none.

    Prices do not move by the same amount month after month: someone has drawn a line.
    """
    rows = _sort(table, options)
    with np.errstate(over="ignore"):
        steps = np.diff(rows.numbers, prepend=np.nan)
    steps[rows.is_first] = np.nan
    scale = np.maximum(np.abs(rows.numbers), np.finfo(float).tiny)
    is_sloping = np.abs(steps) > _SAME_SHARE * scale
    with np.errstate(invalid="ignore", over="ignore"):
        goes_on = is_sloping[1:] & (np.abs(np.diff(steps)) <= _SAME_SHARE * scale[1:])
    goes_on = np.r_[False, goes_on][: len(steps)]
    # A run of n equal steps joins n + 1 values, and `goes_on` is true for n - 1 of them.
    length = _run_lengths(goes_on)
    longest = _spread(np.where(length > 0, length + 2, 0), before=2)
    return rows.put_back(longest, table, otherwise=0.0)


def find_flat_run(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return how many equal values in a row a row belongs to; 1 where its neighbours differ."""
    rows = _sort(table, options)
    goes_on = np.r_[False, rows.numbers[1:] == rows.numbers[:-1]][: len(rows.numbers)]
    length = _run_lengths(goes_on & ~rows.is_first)
    longest = _spread(np.where(length > 0, length + 1, 1), before=1)
    return rows.put_back(longest, table, otherwise=1.0)


def _run_lengths(is_in: np.ndarray) -> np.ndarray:
    """Return for each place the length of the run of true values around it; 0 where false."""
    edges = np.flatnonzero(np.diff(np.r_[0, is_in.astype(np.int8), 0]))
    lengths = np.zeros(len(is_in))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        lengths[start:end] = end - start
    return lengths


def _spread(lengths: np.ndarray, *, before: int) -> np.ndarray:
    """Return lengths that the values just before a run's first step share, as they are on it."""
    spread = lengths.copy()
    for _ in range(before):
        spread[:-1] = np.maximum(spread[:-1], np.where(spread[1:] > spread[:-1], spread[1:], 0))
    return spread


def find_is_in_order(table: pd.DataFrame, _options: Mapping[str, object], /) -> pd.Series:
    """Return whether a row's period comes after that of its series' row before it in the table."""
    periods, _ = pd.factorize(table["period"], sort=True)
    before = pd.Series(periods, index=table.index).groupby(table["series_id"].to_numpy()).shift()
    return pd.Series(periods >= before.fillna(-1).to_numpy(), index=table.index)
