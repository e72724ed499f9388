"""Facts about series that look too much like another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from g7warn.validate.columns.runs import find_step_factor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_BLOCK = 24
"""Periods that must agree: two independent prices with four digits agree by chance in 1 of 10^4
periods, and never in 24 in a row."""
_EXACT_DIGITS = 4
_FAR = 1.3
_TINY = 1e-300  # below it a scale is no scale
_DISTINCT = 8
"""Different values that a block must hold: flat and slowly stepping blocks agree by chance."""


def find_copy_of(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return the other series whose values a row's series repeats for a block of periods.

    Both are named: which of the two is the copy cannot be seen from the numbers.

    Args:
        table: Rows with series_id, period and value.
        options: `allow`: lists of series ids that may be equal.
    """
    return _find_alike(table, options, lambda block: block)


def find_offset_from(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return the other series that differs from a row's by the same amount for a block of periods.

    Args:
        table: Rows with series_id, period and value.
        options: `allow`: lists of series ids that may differ by a constant.
    """
    return _find_alike(table, options, _differences).where(find_copy_of(table, options) == "", "")


def _differences(block: np.ndarray) -> np.ndarray:
    steps = np.diff(block, axis=1)
    scale = np.maximum(np.abs(block).max(axis=1, initial=0.0, keepdims=True), _TINY)
    rounded: np.ndarray = np.round(steps / 10 ** np.ceil(np.log10(scale)), 9)
    return rounded


def _find_alike(
    table: pd.DataFrame, options: Mapping[str, object], view: Callable[[np.ndarray], np.ndarray]
) -> pd.Series:
    found = np.full(len(table), "", dtype=object)
    is_usable = np.isfinite(table["value"].to_numpy(dtype=np.float64))
    is_usable &= ~table.duplicated(["series_id", "period"]).to_numpy()
    at, usable = np.flatnonzero(is_usable), table[is_usable]
    allowed = cast("Sequence[Sequence[str]]", options.get("allow", ()))
    series, names = pd.factorize(usable["series_id"])
    periods, labels = pd.factorize(usable["period"], sort=True)
    matrix = np.full((len(names), len(labels)), np.nan)
    matrix[series, periods] = usable["value"]
    for start in range(0, len(labels) - _BLOCK + 1, _BLOCK):
        # The last block reaches to the end, so that the newest values are looked at too.
        stop = start + _BLOCK if start + 2 * _BLOCK <= len(labels) else len(labels)
        for row, other in _pair_up(matrix[:, start:stop], view, list(names), allowed).items():
            is_hit = (series == row) & (periods >= start) & (periods < stop)
            found[at[is_hit]] = names[other]
    return pd.Series(found, index=table.index, dtype="str")


def _pair_up(
    block: np.ndarray,
    view: Callable[[np.ndarray], np.ndarray],
    names: Sequence[str],
    allowed: Sequence[Sequence[str]],
) -> dict[int, int]:
    """Return row -> another row that is alike, for full blocks with enough different values."""
    full = np.flatnonzero(np.isfinite(block).all(axis=1))
    groups: dict[bytes, list[int]] = {}
    for row, seen in zip(full.tolist(), view(block[full]), strict=True):
        if len(np.unique(seen)) >= _DISTINCT:
            groups.setdefault(np.ascontiguousarray(seen).tobytes(), []).append(row)
    pairs: dict[int, int] = {}
    for rows in groups.values():
        for row in rows:
            others = [
                other
                for other in rows
                if other != row
                and not any({names[row], names[other]} <= set(group) for group in allowed)
            ]
            if others:
                pairs[row] = others[0]
    return pairs


def find_known_as(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return the series under which a row's values have been known so far, where it is another.

    A table whose headers are shifted against its columns brings known numbers under wrong names.

    Args:
        table: Rows with series_id, period and value.
        options: `known`: what the store holds, with the same columns; nothing where absent.
    """
    found = np.full(len(table), "", dtype=object)
    known = options.get("known")
    labels: list[str] = []
    if isinstance(known, pd.DataFrame):
        labels = sorted(set(table["period"]) & set(known["period"]))[-_BLOCK:]
    if isinstance(known, pd.DataFrame) and len(labels) == _BLOCK:
        before = {_print(values): name for name, values in _tails(known, labels).items()}
        for name, values in _tails(table, labels).items():
            other = before.get(_print(values), name)
            if other != name and len(np.unique(values)) >= _DISTINCT:
                found[(table["series_id"] == name).to_numpy()] = other
    return pd.Series(found, index=table.index, dtype="str")


def find_newest_of(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return the other series whose newest value a series has jumped to, digit for digit.

    A cell filled from the column beside it looks so. A jump is a factor of 1.3; values of fewer
    than four digits are left out, round ones meet by chance.

    Args:
        table: Rows with series_id, period and value.
        options: `known`: what the store holds.
    """
    found = pd.Series("", index=table.index, dtype="str")
    newest = table[table["period"] == table["period"].max()]
    texts = newest["value"].map(lambda value: f"{value:.7g}").astype("str")
    texts = texts[texts.str.replace(".", "").str.strip("0").str.len() >= _EXACT_DIGITS]
    jumps = find_step_factor(table, options) >= _FAR
    for _, same in newest.loc[texts.index].groupby(texts)["series_id"]:
        for label, name in same[jumps[same.index]].items():
            others = same[same != name]
            found.loc[label] = others.iloc[0] if len(others) else ""
    return found


def _tails(table: pd.DataFrame, labels: Sequence[str]) -> dict[str, np.ndarray]:
    newest = table[table["period"].isin(labels)].drop_duplicates(["series_id", "period"])
    series, names = pd.factorize(newest["series_id"])
    matrix = np.full((len(names), len(labels)), np.nan)
    matrix[series, np.searchsorted(np.array(labels), newest["period"].to_numpy(dtype=str))] = (
        newest["value"].to_numpy(dtype=np.float64)
    )
    rows = zip(names, matrix, strict=True)
    return {str(name): row for name, row in rows if np.isfinite(row).all()}


def _print(values: np.ndarray) -> tuple[float, ...]:
    """Return values with seven digits: a rewritten file must not look different."""
    return tuple(float(f"{value:.7g}") for value in values)
