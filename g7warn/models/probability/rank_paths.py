"""Twelve-month paths in ranks: how the months of one future hang together, without any scale.

A forecast gives the distribution at each horizon; whether a price *touches* a level on the way
depends on how the months hang together. Ranks of a Gaussian walk whose monthly steps are
correlated by averaging carry that dependence; the forecast's quantiles give them their size.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc, rankdata

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.forecast.ewma_pooled import AVERAGING_AUTOCORRELATION
from g7warn.models.forecast.grid import quantile_weights

PATH_MONTHS: Final = 12
"""Months of a path: the longest horizon of a forecast."""

PATHS: Final = 1_024
"""Paths simulated, spread evenly by a Sobol sequence (which asks for a power of two). Against
65,536 paths the odds of World Bank commodities are 0.001 too high on average and off by 0.003 to
0.005 (root mean square); 1,000 paths drawn at random were 0.002 to 0.005 too high and off by 0.004
to 0.006."""

RANK_CELLS: Final = 400
"""Cells of the rank axis; the finest tail cell is 0.25 %."""

PATH_SEED: Final = 20_010_101
"""Any number does; this one stays, so that odds can be made again."""

CellArray = NDArray[np.int16]


@lru_cache(maxsize=1)
def draw_rank_paths() -> CellArray:
    """Return month x path of rank cells; antithetic pairs, the same on every call.

    The moving-average coefficient follows from the correlation: theta / (1 + theta^2) equals it.
    """
    rho = AVERAGING_AUTOCORRELATION
    theta = (1.0 - np.sqrt(1.0 - 4.0 * rho**2)) / (2.0 * rho)
    points = qmc.Sobol(PATH_MONTHS + 1, rng=np.random.default_rng(PATH_SEED)).random(PATHS // 2)
    shocks = norm.ppf(points)
    steps = shocks[:, 1:] + theta * shocks[:, :-1]
    walks = np.cumsum(np.concatenate([steps, -steps]), axis=1)
    ranks = (rankdata(walks, axis=0) - 0.5) / len(walks)
    cells = np.ascontiguousarray((ranks * RANK_CELLS).astype(np.int16).T)
    cells.flags.writeable = False
    return cells


def tabulate_cells(changes: FloatArray, levels: tuple[float, ...]) -> FloatArray:
    """Return the log change in the middle of every rank cell, from quantiles on `levels`.

    Args:
        changes: Series x horizon x level, log change from the last price.
        levels: Levels of the quantiles.

    Returns:
        Series x (1 + horizon) x cell; the first horizon is now, where nothing has changed.
    """
    middles = (np.arange(RANK_CELLS) + 0.5) / RANK_CELLS
    table = np.zeros((changes.shape[0], changes.shape[1] + 1, RANK_CELLS))
    table[:, 1:] = changes @ quantile_weights(levels, middles).T
    return table


@lru_cache(maxsize=8)
def month_mixture(horizons_months: tuple[int, ...]) -> FloatArray:
    """Return month x (1 + horizon) weights that place each month between its horizons.

    Between horizons the quantiles move with the square root of time, as a random walk's do.
    """
    roots = np.sqrt(np.asarray((0, *horizons_months), dtype=np.float64))
    weights = np.zeros((PATH_MONTHS, roots.size))
    for month in range(1, PATH_MONTHS + 1):
        right = int(np.clip(np.searchsorted(roots, np.sqrt(month)), 1, roots.size - 1))
        share = (np.sqrt(month) - roots[right - 1]) / (roots[right] - roots[right - 1])
        weights[month - 1, right - 1], weights[month - 1, right] = 1.0 - share, share
    return weights


@compiled
def find_cells(
    table: FloatArray, mixture: FloatArray, barriers: FloatArray, sign: float
) -> CellArray:
    """Return, per series and month, the least extreme rank cell that reaches the barrier.

    Cells count from the barrier's own side, so that "reached" is always cell >= answer.

    Args:
        table: Series (or one for all) x (1 + horizon) x cell.
        mixture: Month x (1 + horizon).
        barriers: Series x month, log change; NaN is never reached.
        sign: +1 for upper, -1 for lower barriers.
    """
    n_cells = table.shape[2]
    found = np.empty(barriers.shape, dtype=np.int16)
    for i in range(barriers.shape[0]):
        own = table[i if table.shape[0] > 1 else 0]
        for month in range(barriers.shape[1]):
            low, high = 0, n_cells
            if np.isnan(barriers[i, month]) or np.isnan(own[1, 0]):
                low = n_cells
            while low < high:
                middle = (low + high) // 2
                cell = middle if sign > 0 else n_cells - 1 - middle
                change = 0.0
                for k in range(own.shape[0]):
                    if mixture[month, k] != 0.0:
                        change += mixture[month, k] * own[k, cell]
                if sign * (change - barriers[i, month]) >= 0.0:
                    high = middle
                else:
                    low = middle + 1
            found[i, month] = low
    return found


@compiled
def count_first_hits(paths: CellArray, cells: CellArray) -> FloatArray:
    """Return, per series and month, the share of paths that first reach their barrier there.

    Args:
        paths: Month x path, rank cells counted from the barrier's side.
        cells: Series x month from `find_cells`.
    """
    n_months, n_paths = paths.shape
    shares = np.zeros(cells.shape)
    is_hit = np.empty(n_paths, dtype=np.uint8)
    for i in range(cells.shape[0]):
        is_hit[:] = 0
        before = 0
        for month in range(n_months):
            least = cells[i, month]
            total = 0
            for path in range(n_paths):
                is_hit[path] |= np.uint8(paths[month, path] >= least)
                total += is_hit[path]
            shares[i, month] = (total - before) / n_paths
            before = total
    return shares


def share_first_hits(
    table: FloatArray,
    mixture: FloatArray,
    barriers: FloatArray,
    sign: float,
) -> FloatArray:
    """Return series x month: probability that the barrier is first reached in that month.

    Arguments as in `find_cells`.
    """
    paths = draw_rank_paths()
    sided = paths if sign > 0 else np.asarray(RANK_CELLS - 1 - paths, dtype=np.int16)
    return count_first_hits(sided, find_cells(table, mixture, barriers, sign))
