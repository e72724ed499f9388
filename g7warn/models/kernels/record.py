"""Record age: how long ago a value was last as high, or as low, as now."""

import numpy as np

from g7warn.models.compiled import FloatArray, IntArray, compiled
from g7warn.models.kernels.rows import check_matrix, run_rows


@compiled
def _age_rows(values: FloatArray, out: FloatArray, sign: float) -> None:
    n_rows, n_times = values.shape
    peaks: IntArray = np.empty(n_times, dtype=np.int64)
    for i in range(n_rows):
        depth, first = 0, -1
        for t in range(n_times):
            if np.isnan(values[i, t]):
                continue
            if first < 0:
                first = t
            while depth > 0 and sign * values[i, peaks[depth - 1]] < sign * values[i, t]:
                depth -= 1
            out[i, t] = t - peaks[depth - 1] if depth > 0 else t - first + 1
            peaks[depth] = t
            depth += 1


def record_age(values: FloatArray, *, is_high: bool) -> FloatArray:
    """Return the columns since a value at least as high (or as low) was seen.

    Args:
        values: Series x time; a missing value has no age and breaks no record.
        is_high: Whether highs are asked for, else lows.

    Returns:
        Series x time, at least 1. A value never reached before has one more than the columns since
        the series' first value, so records grow with history. A constant series stays at 1.

    Source:
        The rule "highest since" of humanitarian price monitoring.
    """
    check_matrix(values)
    return run_rows(_age_rows, values, 1.0 if is_high else -1.0)
