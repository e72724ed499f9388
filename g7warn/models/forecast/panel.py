"""Missing months in a (series x month) matrix: what is carried, and what stays unknown."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, IntArray, compiled

CARRY_LIMIT_MONTHS: Final = 3
"""A price older than a quarter is no longer "the last price". Judgement: monthly benchmarks are
published within weeks, and a longer silence is graded Blind by the data indicators."""


@compiled
def carry_forward(log_prices: FloatArray, limit: int) -> FloatArray:
    """Return a copy in which a gap of at most `limit` months repeats the last observation.

    Args:
        log_prices: Series x month, NaN = missing.
        limit: Longest gap, in months, that is bridged; what lies beyond stays NaN.
    """
    filled = log_prices.copy()
    for i in range(filled.shape[0]):
        age = limit + 1
        for t in range(filled.shape[1]):
            if np.isnan(filled[i, t]):
                age += 1
                if age <= limit:
                    filled[i, t] = filled[i, t - 1]
            else:
                age = 0
    return filled


def count_changes(log_prices: FloatArray) -> IntArray:
    """Return, per series, the number of one-month changes with both ends observed."""
    seen = ~np.isnan(log_prices)
    return np.asarray((seen[:, 1:] & seen[:, :-1]).sum(axis=1), dtype=np.int64)


def future_changes(log_prices: FloatArray, months: int) -> FloatArray:
    """Return y[t + months] - y[t], series x month; NaN where the future is not in the matrix."""
    changes = np.full(log_prices.shape, np.nan)
    if months < log_prices.shape[1]:
        changes[:, :-months] = log_prices[:, months:] - log_prices[:, :-months]
    return changes
