"""Moves: the largest change that has happened within the last months and still stands."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, IntArray, compiled
from g7warn.models.kernels.rows import check_matrix, run_rows

SPANS_MONTHS: Final = (1, 3, 6, 12)
"""Lengths over which moves are measured: the horizons of the forecasts."""


@compiled
def _move_rows(values: FloatArray, out: FloatArray, spans: IntArray, sign: float) -> None:
    n_times = values.shape[1]
    for i in range(values.shape[0]):
        out[i] = -np.inf
        for span in spans:
            # Slices from the span on leave no index below zero to be asked about: the loop runs
            # in vectors. The comparison, unlike max(), is false for a NaN and keeps what stands.
            ends, starts, best = values[i, span:], values[i, : n_times - span], out[i, span:]
            for k in range(best.size):
                move = sign * (ends[k] - starts[k])
                best[k] = move if move > best[k] else best[k]  # noqa: FURB136
        for t in range(n_times):
            out[i, t] = sign * out[i, t] if out[i, t] > -np.inf else np.nan


def largest_move(
    log_prices: FloatArray, *, is_up: bool, spans: tuple[int, ...] = SPANS_MONTHS
) -> FloatArray:
    """Return the largest log change over any of `spans` that ends in each month.

    Args:
        log_prices: Series x month.
        is_up: Whether the largest rise is asked for, else the largest fall.
        spans: Lengths in months.

    Returns:
        Series x month, log points: positive for a rise that happened, negative for a fall, NaN
        where no span has both ends.
    """
    check_matrix(log_prices)
    return run_rows(_move_rows, log_prices, np.asarray(spans), 1.0 if is_up else -1.0)


@compiled
def _reversal_rows(values: FloatArray, out: FloatArray, window: int, sign: float) -> None:
    for i in range(values.shape[0]):
        for t in range(values.shape[1]):
            extreme = sign * values[i, t]
            for s in range(max(0, t - window + 1), t):
                if sign * values[i, s] > extreme:  # noqa: PLR1730 - max() would keep a NaN
                    extreme = sign * values[i, s]
            out[i, t] = extreme - sign * values[i, t]


def reversal(log_prices: FloatArray, *, is_up: bool, window: int = 12) -> FloatArray:
    """Return how far the price has come back from its extreme of the last `window` months.

    Args:
        log_prices: Series x month.
        is_up: Whether the fall from the highest is asked for, else the rise from the lowest.
        window: Months looked back, the present one included.

    Returns:
        Series x month, log points, never negative; NaN where the month itself is missing.
    """
    check_matrix(log_prices)
    return run_rows(_reversal_rows, log_prices, window, 1.0 if is_up else -1.0)
