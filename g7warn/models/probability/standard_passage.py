"""First passage in units of volatility, for many (series, month) rows at once.

The EWMA-pooled shape is the same for all rows, so the paths can be scaled once and every barrier
be measured in volatilities. This is the untrained odds that the trained models start from.
"""

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.grid import HORIZONS_MONTHS, LEVELS
from g7warn.models.probability.rank_paths import month_mixture, share_first_hits, tabulate_cells


def scale_table(shapes: FloatArray) -> FloatArray:
    """Return 1 x (1 + horizon) x rank cell: log change in monthly volatilities.

    Args:
        shapes: Horizon x level, pooled quantiles in volatilities x sqrt(horizon).
    """
    reach = np.sqrt(np.asarray(HORIZONS_MONTHS, dtype=np.float64))[:, None]
    return tabulate_cells((shapes * reach)[None], LEVELS)


def passage_share(table: FloatArray, barriers: FloatArray, sign: float) -> FloatArray:
    """Return, per row, the share of paths that reach the barrier in any month.

    Args:
        table: From `scale_table`.
        barriers: Row x 12, in volatilities; NaN is never reached.
        sign: +1 for upper, -1 for lower barriers.
    """
    by_month = share_first_hits(table, month_mixture(HORIZONS_MONTHS), barriers, sign)
    return np.asarray(by_month.sum(axis=1))
