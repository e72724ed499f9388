"""Changes over a number of periods, and the place of a value among its own past."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.kernels.rows import check_matrix, run_rows

MIN_HISTORY: Final = 36
"""Past values before a percentile is stated: three years of months. Judgement; with fewer, every
tenth value would be a record."""


@compiled
def _change_rows(values: FloatArray, out: FloatArray, periods: int) -> None:
    for i in range(values.shape[0]):
        ends, starts, change = values[i, periods:], values[i, :-periods], out[i, periods:]
        for k in range(change.size):
            change[k] = ends[k] - starts[k]


def log_change(log_values: FloatArray, *, periods: int) -> FloatArray:
    """Return x[t] - x[t - periods], NaN where an end is missing.

    Args:
        log_values: Series x time.
        periods: Columns between the ends, at least 1.
    """
    check_matrix(log_values)
    return run_rows(_change_rows, log_values, periods)


@compiled
def _place_among_past(values: FloatArray, out: FloatArray, min_history: int) -> None:
    n_rows, n_times = values.shape
    past = np.empty(n_times)
    for i in range(n_rows):
        count = 0
        for t in range(n_times):
            value = values[i, t]
            if np.isnan(value):
                continue
            if count >= min_history:
                # Counting beats a sorted past here: the loop has no branch and runs in vectors.
                below, up_to = 0, 0
                for k in range(count):
                    below += past[k] < value
                    up_to += past[k] <= value
                out[i, t] = 0.5 * (below + up_to) / count
            past[count] = value
            count += 1


def expanding_percentile(values: FloatArray, *, min_history: int = MIN_HISTORY) -> FloatArray:
    """Return the share of a series' strictly earlier values that lie below each value.

    Equal values count half, so a constant series stands at 0.5 and not at a record.

    Args:
        values: Series x time.
        min_history: Earlier values needed; NaN before.

    Returns:
        Series x time, 0 to 1.
    """
    check_matrix(values)
    return run_rows(_place_among_past, values, min_history)


def growth_percentile(
    log_prices: FloatArray, *, months: int = 6, min_history: int = MIN_HISTORY
) -> FloatArray:
    """Return the place of the log growth over `months` among the series' own past growths.

    Args:
        log_prices: Series x month.
        months: Length of the growth.
        min_history: Earlier growths needed; NaN before.

    Returns:
        Series x month, 0 to 1; near 1 an unusual rise, near 0 an unusual fall.

    Source:
        After Kaminsky, Lizondo and Reinhart (1998), IMF Staff Papers 45(1), "Leading indicators
        of currency crises": an indicator signals beyond a percentile of its own distribution.
    """
    return expanding_percentile(log_change(log_prices, periods=months), min_history=min_history)
