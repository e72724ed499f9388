"""Missing months in a (series x month) matrix: what is carried, and what stays unknown."""

from typing import Final

import numpy as np

from g7warn.errors import ValidationFailed
from g7warn.models.compiled import FloatArray, IntArray, compiled

CARRY_LIMIT_MONTHS: Final = 3
"""A price older than a quarter is no longer "the last price". Judgement: monthly benchmarks are
published within weeks, and a longer silence is graded Blind by the data indicators."""


def check_panel(log_prices: FloatArray) -> None:
    """Refuse a matrix that is not series x month of finite or missing float64.

    Raises:
        ValidationFailed: Wrong shape or type, no column, or an infinite value: the logarithm of
            a zero price, say.
    """
    if log_prices.ndim != 2 or log_prices.dtype != np.float64 or log_prices.shape[1] == 0:
        raise ValidationFailed(
            f"log prices must be a float64 matrix series x month with at least one month, got "
            f"{log_prices.dtype} of shape {log_prices.shape}; build it with one row a series",
            shape=list(log_prices.shape),
        )
    rows = np.flatnonzero(np.isinf(log_prices).any(axis=1))
    if rows.size:
        raise ValidationFailed(
            f"log prices of {rows.size} series are infinite (first: row {rows[0]}); a price of "
            "zero has no logarithm: mark it missing",
            rows=[int(row) for row in rows[:20]],
        )


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
