"""Facts about a single row."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from g7warn.domain.period import Period
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NO_PERIOD = "?"


def find_defect(table: pd.DataFrame, _options: Mapping[str, object], /) -> pd.Series:
    """Return why a cell holds no usable number; empty where it does.

    What the source said counts; a value that it let pass without saying anything is looked at.
    """
    value = table["value"].to_numpy(dtype=np.float64)
    found = np.select([np.isnan(value), np.isinf(value)], ["not a number", "not finite"], "")
    told = table["refusal"].fillna("").to_numpy(dtype=object) if "refusal" in table else found
    reasons = np.where(np.isfinite(value), "", np.where(told != "", told, found))
    return pd.Series(reasons, index=table.index, dtype="str")


def find_period_form(table: pd.DataFrame, _options: Mapping[str, object], /) -> pd.Series:
    """Return the frequency code that a period label stands for, `?` for no period at all."""
    return table["period"].map(_form).astype("str")


@lru_cache(maxsize=65536)
def _form(label: str) -> str:
    period = _parse(label)
    return _NO_PERIOD if period is None else str(period.frequency)


@lru_cache(maxsize=65536)
def _parse(label: str) -> Period | None:
    try:
        return Period.parse(str(label))
    except ConfigurationError:
        return None


def find_repeat(table: pd.DataFrame, _options: Mapping[str, object], /) -> pd.Series:
    """Return how a (series, period) repeats; empty where it does not.

    `same` stands at further rows with the same value, `conflict` at every row of a cell that has
    different values.
    """
    cell = ["series_id", "period"]
    is_repeated = table.duplicated(cell, keep=False)
    repeat = pd.Series("", index=table.index, dtype="str")
    if is_repeated.any():
        repeated = table[is_repeated]
        kinds = repeated.groupby(cell, sort=False)["value"].transform("nunique", dropna=False)
        repeat[repeated.index[kinds > 1]] = "conflict"
        is_further = repeated.duplicated(cell, keep="first") & (kinds == 1)
        repeat[repeated.index[is_further]] = "same"
    return repeat


def find_days_ahead(table: pd.DataFrame, _options: Mapping[str, object], /) -> pd.Series:
    """Return by how many days a period starts after the row became known; 0 where it does not.

    A figure for a period that has not begun is no observation, unless its status says forecast.
    """
    starts = table["period"].map(_start).astype("datetime64[us, UTC]")
    known_at = table.get("known_at", starts)
    ahead = (starts - known_at).dt.total_seconds() / 86400
    is_forecast = table["status"] == "F"
    return ahead.clip(lower=0.0).mask(is_forecast, 0.0).fillna(0.0)


@lru_cache(maxsize=65536)
def _start(label: str) -> pd.Timestamp:
    period = _parse(label)
    return cast("pd.Timestamp", pd.NaT) if period is None else pd.Timestamp(period.starts_at)


def find_weekday(table: pd.DataFrame, _options: Mapping[str, object], /) -> pd.Series:
    """Return the weekday of a daily period, Monday 0 to Sunday 6; 0 for longer ones."""
    starts = table["period"].map(_start).astype("datetime64[us, UTC]")
    is_daily = table["period"].map(_form) == "D"
    return starts.dt.day_of_week.where(is_daily, 0).fillna(0).astype("int64")


def find_own_range(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return whether a value lies in its series' own range: `inside`, `below`, `above`.

    Ranges tell one series from another: a table whose headers are shifted against its columns puts
    the price of pork under copper.

    Args:
        table: Rows with series_id and value.
        options: `ranges`: pattern of series ids -> [low, high] in the stored unit; the first
            pattern that fits counts, and a series without one is `inside`.
    """
    ranges = cast("Mapping[str, Sequence[float]]", options.get("ranges", {}))
    limits = {name: _limits(name, ranges) for name in table["series_id"].unique()}
    pairs = [limits[name] for name in table["series_id"]]
    low, high = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    value = table["value"].to_numpy(dtype=np.float64)
    sides = np.select([value < low, value > high], ["below", "above"], "inside")
    return pd.Series(sides, index=table.index, dtype="str")


def _limits(series_id: str, ranges: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    for pattern, (low, high) in ranges.items():
        if fnmatchcase(series_id, pattern):
            return float(low), float(high)
    return -np.inf, np.inf
