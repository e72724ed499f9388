"""Robust z: how far a value lies from the median of its own past, in robust deviations."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.kernels.growth import MIN_HISTORY, log_change
from g7warn.models.kernels.rows import check_matrix, run_rows

WINDOW: Final = 120
"""Past values compared with: ten years of months, so that the norm follows the market."""

Z_LIMIT: Final = 20.0
"""Scores are cut here: beyond it only the scale of a nearly constant past speaks."""

_MAD_TO_SIGMA: Final = 1.4826
_MEAN_TO_SIGMA: Final = 1.2533
_NO_MOVE: Final = 1e-12


@compiled
def _nth_deviation(window: FloatArray, count: int, median: float, n: int) -> float:
    """Return the n-th smallest (from 0) absolute deviation of a sorted window from its median.

    Deviations fall up to the middle and rise after it: two sorted lists, of which the n smallest
    are a run around the middle; its left edge is found by bisection.
    """
    low, high = 0, count - n - 1
    while low < high:
        middle = (low + high) // 2
        if median - window[middle] > window[middle + n + 1] - median:
            low = middle + 1
        else:
            high = middle
    return float(max(median - window[low], window[low + n] - median))


@compiled
def _spread_around(window: FloatArray, count: int, median: float) -> float:
    """Return the median absolute deviation of a sorted window."""
    upper = _nth_deviation(window, count, median, count // 2)
    if count % 2:
        return upper
    return 0.5 * (upper + _nth_deviation(window, count, median, count // 2 - 1))


@compiled
def _shift_window(window: FloatArray, count: int, leaving: float, entering: float) -> None:
    """Replace `leaving` by `entering` in a sorted window, keeping it sorted."""
    k = np.searchsorted(window[:count], leaving)
    while k + 1 < count and window[k + 1] < entering:
        window[k] = window[k + 1]
        k += 1
    while k > 0 and window[k - 1] > entering:
        window[k] = window[k - 1]
        k -= 1
    window[k] = entering


@compiled
def _insert(window: FloatArray, count: int, value: float) -> None:
    k = count
    while k > 0 and window[k - 1] > value:
        window[k] = window[k - 1]
        k -= 1
    window[k] = value


@compiled
def _score_rows(values: FloatArray, out: FloatArray, size: int, min_history: int) -> None:
    n_rows, n_times = values.shape
    window, queue = np.empty(size), np.empty(size)
    for i in range(n_rows):
        count, oldest = 0, 0
        for t in range(n_times):
            value = values[i, t]
            if np.isnan(value):
                continue
            if count >= min_history:
                median = 0.5 * (window[(count - 1) // 2] + window[count // 2])
                scale = _MAD_TO_SIGMA * _spread_around(window, count, median)
                if scale <= _NO_MOVE:
                    scale = _MEAN_TO_SIGMA * np.mean(np.abs(window[:count] - median))
                gap = value - median
                if abs(gap) <= _NO_MOVE:
                    out[i, t] = 0.0
                elif scale <= _NO_MOVE:
                    out[i, t] = np.sign(gap) * Z_LIMIT
                else:
                    out[i, t] = min(max(gap / scale, -Z_LIMIT), Z_LIMIT)
            if count < size:
                _insert(window, count, value)
                queue[count] = value
                count += 1
            else:
                _shift_window(window, count, queue[oldest], value)
                queue[oldest] = value
                oldest = (oldest + 1) % size


def robust_z(
    values: FloatArray, *, window: int = WINDOW, min_history: int = MIN_HISTORY
) -> FloatArray:
    """Return (value - median) / (1.4826 MAD) of up to `window` strictly earlier values.

    Where more than half of the past is one value the MAD is zero and the mean absolute deviation
    takes its place; where all of it is, the score is 0 without and the limit with a move.

    Args:
        values: Series x time, usually differences.
        window: Most earlier values compared with.
        min_history: Earlier values needed; NaN before.

    Returns:
        Series x time, cut at +-`Z_LIMIT`; the sign is the direction.
    """
    check_matrix(values)
    return run_rows(_score_rows, values, window, min_history)


def change_z(
    log_prices: FloatArray,
    *,
    months: int = 3,
    window: int = WINDOW,
    min_history: int = MIN_HISTORY,
) -> FloatArray:
    """Return the robust z of the log change over `months`; arguments as in `robust_z`."""
    return robust_z(log_change(log_prices, periods=months), window=window, min_history=min_history)
