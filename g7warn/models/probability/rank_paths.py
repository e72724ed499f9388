"""Twelve-month paths in ranks: how the months of one future hang together, without any scale.

A forecast gives the distribution at each horizon; whether a price *touches* a level on the way
depends on how the months hang together. Ranks of a Gaussian walk whose monthly steps are
correlated by averaging carry that dependence; the forecast's quantiles give them their size.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from scipy.stats import rankdata

from g7warn.models.compiled import FloatArray, IntArray, compiled
from g7warn.models.forecast.grid import quantile_weights

PATH_MONTHS: Final = 12
PATHS: Final = 1_000
"""Paths simulated: a probability of 0.05 is then known to about +-0.007, far below its
calibration error."""

RANK_CELLS: Final = 400
"""Cells of the rank axis; the finest tail cell is 0.25 %."""

STEP_CORRELATION: Final = 0.25
"""First-order correlation of changes of monthly averages of a random walk.

Source: Working (1960), Econometrica 28(4), "Note on the correlation of first differences of
averages in a random chain".
"""

PATH_SEED: Final = 20_010_101


@lru_cache(maxsize=1)
def draw_rank_paths() -> IntArray:
    """Return paths x months of rank cells; antithetic pairs, the same on every call.

    The moving-average coefficient follows from the correlation: theta / (1 + theta^2) = 0.25.
    """
    theta = 2.0 - np.sqrt(3.0)
    shocks = np.random.default_rng(PATH_SEED).standard_normal((PATHS // 2, PATH_MONTHS + 1))
    steps = shocks[:, 1:] + theta * shocks[:, :-1]
    walks = np.cumsum(np.concatenate([steps, -steps]), axis=1)
    ranks = (rankdata(walks, axis=0) - 0.5) / len(walks)
    cells = np.minimum((ranks * RANK_CELLS).astype(np.int64), RANK_CELLS - 1)
    cells.flags.writeable = False
    return np.asarray(cells)


def month_tables(
    log_quantiles: FloatArray,
    base: FloatArray,
    horizons_months: tuple[int, ...],
    levels: tuple[float, ...],
) -> FloatArray:
    """Return log change by series x month 1..12 x rank cell, read from the forecast's quantiles.

    Between horizons the quantiles move with the square root of time, as a random walk's do.

    Args:
        log_quantiles: Series x horizon x level, log price.
        base: Log price from which changes count, one a series.
        horizons_months: Increasing; months before the first are scaled down from it.
        levels: Levels of the quantiles.
    """
    middles = (np.arange(RANK_CELLS) + 0.5) / RANK_CELLS
    change = (log_quantiles - base[:, None, None]) @ quantile_weights(levels, middles).T
    roots = np.sqrt(np.asarray((0, *horizons_months), dtype=np.float64))
    known = np.concatenate([np.zeros_like(change[:, :1]), change], axis=1)
    table = np.empty((len(base), PATH_MONTHS, RANK_CELLS))
    for month in range(1, PATH_MONTHS + 1):
        right = int(np.clip(np.searchsorted(roots, np.sqrt(month)), 1, len(roots) - 1))
        share = (np.sqrt(month) - roots[right - 1]) / (roots[right] - roots[right - 1])
        table[:, month - 1] = (1.0 - share) * known[:, right - 1] + share * known[:, right]
    return table


@compiled
def count_first_hits(
    table: FloatArray, paths: IntArray, barriers: FloatArray, sign: float
) -> FloatArray:
    """Return, per series and month, the share of paths that first reach the barrier there.

    Args:
        table: Series x month x rank cell, log change.
        paths: Path x month, rank cells.
        barriers: Series x month, log change to be reached; NaN is never reached.
        sign: +1 for an upper barrier, -1 for a lower one.
    """
    n_series, n_months, _ = table.shape
    shares = np.zeros((n_series, n_months))
    unit = 1.0 / paths.shape[0]
    for i in range(n_series):
        if np.isnan(table[i, 0, 0]):
            shares[i] = np.nan
            continue
        for path in range(paths.shape[0]):
            for month in range(n_months):
                gap = sign * (table[i, month, paths[path, month]] - barriers[i, month])
                if gap >= 0.0:
                    shares[i, month] += unit
                    break
    return shares
