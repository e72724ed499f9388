"""Which rows a release adds: pure arithmetic on arrays, no database.

A *cell* is a (series, period); its *versions* are rows with growing `known_at`. A release (a
payload with its release time) speaks about cells. The rules, in the order of their use:

1. A cell never seen gets its stamped `known_at`, unless an earlier release of the series should
   have held it: the release went on beyond that period, and the series or another one of the same
   release began by then. Such a cell is known from this release on.
2. A value equal to the version in force adds nothing.
3. Another value is a revision. It cannot have been known before its release, so its `known_at` is
   the later of stamp and release, and one microsecond after the version before it at least.
4. A release that comes late (a newer one of the series is stored already) counts from its own
   time up to that newer one, which is stated again there: what is newer is never damaged, and
   what was known before the late release stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from g7warn.domain.vintage import SAME_RTOL

if TYPE_CHECKING:
    from collections.abc import Mapping

_PERIOD_BITS = 24  # 8 x days from 1500 to 2200 fits into 22 bits with its sign


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendCounts:
    """What an append did, in rows of the frame.

    Attributes:
        new: Cells never seen before.
        revised: Cells whose value, unit, status or confidentiality differs from before.
        unchanged: Cells that say what is known already; nothing was stored for them.
    """

    new: int = 0
    revised: int = 0
    unchanged: int = 0

    def __add__(self, other: AppendCounts) -> AppendCounts:
        """Return the sums."""
        return AppendCounts(
            new=self.new + other.new,
            revised=self.revised + other.revised,
            unchanged=self.unchanged + other.unchanged,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """That a release spoke about a series: when it came, and the span of periods it held."""

    released_at: int
    first_period: int
    last_period: int

    def covers(self, period: int) -> bool:
        """Return whether the release held the series around this period."""
        return self.first_period <= period <= self.last_period


def cell_keys(rows: np.ndarray) -> np.ndarray:
    """Return one int64 a row that names its cell and sorts like (series, period)."""
    series = rows["series_key"].astype(np.int64) << _PERIOD_BITS
    keys: np.ndarray = series + rows["period"] + (1 << (_PERIOD_BITS - 1))
    return keys


def is_same(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return row by row whether two arrays of rows state the same fact."""
    same: np.ndarray = np.isclose(left["value"], right["value"], rtol=SAME_RTOL, atol=0.0)
    for name in ("unit_key", "status", "conf"):
        same &= left[name] == right[name]
    return same


def add_in_order(
    incoming: np.ndarray,
    newest: np.ndarray,
    *,
    released_at: int,
    releases: Mapping[int, tuple[Release, ...]],
) -> tuple[np.ndarray, AppendCounts]:
    """Return the rows to append for a release that is the newest of its series.

    Args:
        incoming: Rows as stamped, one a cell.
        newest: The newest stored version of cells, at most one a cell, sorted by cell.
        released_at: Release time in microseconds.
        releases: Earlier releases by series key, oldest first.
    """
    stored_keys, keys = cell_keys(newest), cell_keys(incoming)
    places = np.searchsorted(stored_keys, keys)
    places_in = np.minimum(places, max(len(newest) - 1, 0))
    is_known = stored_keys[places_in] == keys if len(newest) else np.zeros(len(keys), dtype=bool)
    new = delay_uncovered(incoming[~is_known], released_at=released_at, releases=releases)
    again, before = incoming[is_known], newest[places_in[is_known]]
    is_changed = ~is_same(again, before)
    revised, replaced = again[is_changed], before[is_changed]
    earliest = np.maximum(released_at, replaced["known_at"] + 1)
    revised = _delay(revised, earliest)
    counts = AppendCounts(
        new=len(new), revised=len(revised), unchanged=len(incoming) - len(new) - len(revised)
    )
    return np.concatenate([new, revised]), counts


def delay_uncovered(
    new: np.ndarray, *, released_at: int, releases: Mapping[int, tuple[Release, ...]]
) -> np.ndarray:
    """Return never-seen cells, later where an earlier release should have held them and did not."""
    if not releases or not len(new):
        return new
    opens_at: dict[int, int] = {}
    for release in (release for of in releases.values() for release in of):
        first = opens_at.get(release.released_at, release.first_period)
        opens_at[release.released_at] = min(first, release.first_period)
    rows = new[np.argsort(new["series_key"], kind="stable")]
    keys, starts = np.unique(rows["series_key"], return_index=True)
    for key, part in zip(keys.tolist(), np.split(rows, starts[1:]), strict=True):
        earliest = part["known_at"].min()
        for release in reversed(releases.get(key, ())):
            if release.released_at < earliest:
                break  # older ones cannot have missed anything that was known later
            if release.released_at < released_at:
                missed = part["known_at"] <= release.released_at
                missed &= part["period"] >= opens_at[release.released_at]
                missed &= part["period"] <= release.last_period
                part[missed] = _delay(part[missed], np.int64(released_at))  # a view into rows
    return rows


def _delay(rows: np.ndarray, earliest: np.ndarray | np.int64) -> np.ndarray:
    delayed = rows.copy()
    delayed["is_estimated"] &= rows["known_at"] >= earliest
    delayed["known_at"] = np.maximum(rows["known_at"], earliest)
    return delayed


def add_late(
    incoming: np.ndarray,
    history: np.ndarray,
    *,
    released_at: int,
    releases: Mapping[int, tuple[Release, ...]],
) -> tuple[np.ndarray, AppendCounts]:
    """Return the rows to append for a release that is older than one already stored.

    Args:
        incoming: Rows as stamped, one a cell.
        history: Every stored version of the cells' series, sorted by cell and `known_at`.
        released_at: Release time in microseconds.
        releases: Stored releases by series key, oldest first.
    """
    keys = cell_keys(history)
    starts = np.searchsorted(keys, cell_keys(incoming), side="left")
    ends = np.searchsorted(keys, cell_keys(incoming), side="right")
    unseen = starts == ends
    new = delay_uncovered(incoming[unseen], released_at=released_at, releases=releases)
    rows, counts = [new], AppendCounts(new=len(new))
    for place in np.flatnonzero(~unseen):
        row = incoming[place : place + 1]
        period = int(row["period"][0])
        following = [
            release.released_at
            for release in releases.get(int(row["series_key"][0]), ())
            if release.released_at > released_at and release.covers(period)
        ]
        until = min(following, default=None)
        added, count = _add_late_cell(
            row, history[starts[place] : ends[place]], released_at=released_at, until=until
        )
        rows.append(added)
        counts += count
    return np.concatenate(rows), counts


def _add_late_cell(
    row: np.ndarray, versions: np.ndarray, *, released_at: int, until: int | None
) -> tuple[np.ndarray, AppendCounts]:
    """Return the rows for one cell: the late value, and after it what was in force, once more."""
    nothing = row[:0], AppendCounts(unchanged=1)
    at = max(int(row["known_at"][0]), released_at)
    earlier = versions[versions["known_at"] <= at]
    if len(earlier):
        if is_same(row, earlier[-1:])[0]:
            return nothing
        at = max(at, int(earlier["known_at"][-1]) + 1)
    later = versions[versions["known_at"] >= at]
    ends_at = min(
        [*later["known_at"].tolist(), *([until] if until is not None else [])], default=None
    )
    if ends_at is not None and ends_at <= at:
        return nothing  # a newer release spoke before this one could have been known
    added = _delay(row, np.int64(at))
    if not len(earlier) or until is None or (len(later) and later["known_at"][0] <= until):
        return added, AppendCounts(revised=1)
    restated = earlier[-1:].copy()
    restated["known_at"], restated["is_estimated"] = until, False
    return np.concatenate([added, restated]), AppendCounts(revised=1)
