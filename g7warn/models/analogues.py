"""Nearest past analogues: paths like the last year's, in any series, and what followed them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, IntArray
from g7warn.models.kernels.rows import check_matrix

PATH_MONTHS: Final = 12
"""Length of the paths compared."""

_LEAST_SCALE: Final = 1e-6
"""Usual monthly moves below this, log points, are those of a price that never moved."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Analogues:
    """Past months whose last year looked most like one series' last year, nearest first.

    Attributes:
        rows: Row of each.
        columns: Column of each.
        distances: Root mean square distance of the scaled paths.
    """

    rows: IntArray
    columns: IntArray
    distances: FloatArray


def scale_paths(log_prices: FloatArray) -> FloatArray:
    """Return the last year's path of every month in units of the series' own usual monthly move.

    Args:
        log_prices: Series x month.

    Returns:
        Series x month x 12: log price k months ago less the present one, over the mean absolute
        monthly change up to that month; NaN where a month is missing or the series never moved.
    """
    check_matrix(log_prices)
    n_rows, n_times = log_prices.shape
    paths = np.full((n_rows, n_times, PATH_MONTHS), np.nan)
    for lag in range(1, min(PATH_MONTHS + 1, n_times)):
        paths[:, lag:, lag - 1] = log_prices[:, :-lag] - log_prices[:, lag:]
    size = np.abs(paths[:, :, 0])
    known = ~np.isnan(size)
    total = np.cumsum(np.where(known, size, 0.0), axis=1)
    count = np.cumsum(known, axis=1)
    scale = np.divide(total, count, out=np.full(total.shape, np.nan), where=count >= PATH_MONTHS)
    scale[~(scale > _LEAST_SCALE)] = np.nan
    return np.asarray(paths / scale[:, :, None])


def find_analogues(
    paths: FloatArray, *, row: int, column: int, closed_months: int, wanted: int
) -> Analogues:
    """Return the nearest past paths of all series, at most one a series and year.

    Args:
        paths: From `scale_paths`.
        row: Series whose newest path is asked about.
        column: Its newest month.
        closed_months: Only months so long before `column` count: what followed them is known.
        wanted: How many.
    """
    target = paths[row, column]
    last = column - closed_months
    if np.isnan(target).any() or last < 0:
        nothing = np.empty(0, dtype=np.int64)
        return Analogues(rows=nothing, columns=nothing, distances=np.empty(0))
    gaps = np.sqrt(np.mean((paths[:, : last + 1] - target) ** 2, axis=2))
    taken: set[tuple[int, int]] = set()
    found: list[tuple[int, int]] = []
    for place in np.argsort(np.where(np.isnan(gaps), np.inf, gaps), axis=None, kind="stable"):
        at = divmod(int(place), gaps.shape[1])
        if len(found) == wanted or np.isnan(gaps[at]):
            break
        if (at[0], at[1] // PATH_MONTHS) not in taken:
            taken.add((at[0], at[1] // PATH_MONTHS))
            found.append(at)
    places = np.asarray(found, dtype=np.int64).reshape(-1, 2)
    return Analogues(
        rows=places[:, 0], columns=places[:, 1], distances=gaps[places[:, 0], places[:, 1]]
    )
