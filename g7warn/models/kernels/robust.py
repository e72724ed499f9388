"""Robust z: how far a value lies from the median of its own past, in robust deviations."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.kernels.growth import MIN_HISTORY, log_change
from g7warn.models.kernels.rows import check_matrix, run_rows

WINDOW: Final = 60
"""Past values compared with: five years of months, so that the norm follows the market."""

Z_LIMIT: Final = 20.0
"""Scores are cut here: beyond it only the scale of a nearly constant past speaks."""

_MAD_TO_SIGMA: Final = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation: 1 / 0.6745."""

_MEAN_TO_SIGMA: Final = 1.2533
"""The same over its mean absolute deviation: the square root of pi / 2."""

_NO_MOVE: Final = 1e-12
"""Smaller gaps and scales are rounding."""


@compiled
def _spread_around(window: FloatArray, count: int, median: float) -> float:
    """Return the median absolute deviation of a sorted window.

    Deviations fall up to the middle and rise after it, so the n smallest are a run around the
    middle; its left edge is where dropping the left end for the next on the right stops paying.
    """
    reach, low = count // 2, 0
    left_ends, next_right = window[: count - reach - 1], window[reach + 1 : count]
    for k in range(left_ends.size):
        low += median - left_ends[k] > next_right[k] - median
    left, right = median - window[low], window[low + reach] - median
    if count % 2:
        return float(max(left, right))
    # Of the even number of deviations the second largest: the other end, or the farther end's
    # neighbour. Whichever end is farther, the larger of the two candidates is the wrong one.
    inner_left, inner_right = median - window[low + 1], window[low + reach - 1] - median
    second = min(max(left, inner_right), max(inner_left, right))
    return float(0.5 * (max(left, right) + second))


@compiled
def _replace(window: FloatArray, moved: FloatArray, leaving: float, entering: float) -> None:
    """Write the sorted `window` without `leaving` and with `entering` into `moved`.

    What is left moves up by one from where `leaving` stood; what enters is the median of its two
    neighbours and itself. No step has a branch, so the loop runs in vectors: the processor cannot
    guess where a value lies. Beyond the values both end in infinity.
    """
    size = window.size - 1
    first = window[0] if window[0] < leaving else window[1]
    moved[0] = min(first, entering)
    for k in range(1, size):
        before = window[k - 1] if window[k - 1] < leaving else window[k]
        here = window[k] if window[k] < leaving else window[k + 1]
        moved[k] = max(before, min(here, entering))


@compiled
def _score(value: float, window: FloatArray, count: int) -> float:
    median = 0.5 * (window[(count - 1) // 2] + window[count // 2])
    scale = _MAD_TO_SIGMA * _spread_around(window, count, median)
    if scale <= _NO_MOVE:
        scale = _MEAN_TO_SIGMA * np.mean(np.abs(window[:count] - median))
    gap = value - median
    if abs(gap) <= _NO_MOVE:
        return 0.0
    if scale <= _NO_MOVE:
        return float(np.sign(gap) * Z_LIMIT)
    return float(min(max(gap / scale, -Z_LIMIT), Z_LIMIT))


@compiled
def _score_rows(values: FloatArray, out: FloatArray, size: int, min_history: int) -> None:
    n_rows, n_times = values.shape
    window, moved, queue = np.empty(size + 1), np.full(size + 1, np.inf), np.empty(size)
    for i in range(n_rows):
        window[:], queue[:] = np.inf, np.inf
        count, oldest = 0, 0
        for t in range(n_times):
            value = values[i, t]
            if np.isnan(value):
                continue
            if count >= min_history:
                out[i, t] = _score(value, window, count)
            _replace(window, moved, queue[oldest], value)
            window, moved = moved, window
            queue[oldest] = value
            count += count < size
            oldest = oldest + 1 if oldest + 1 < size else 0


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
