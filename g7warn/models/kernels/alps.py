"""ALPS: a price against its own trend and season, fitted on the past alone."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, IntArray, compiled
from g7warn.models.kernels.growth import MIN_HISTORY
from g7warn.models.kernels.robust import Z_LIMIT
from g7warn.models.kernels.rows import check_matrix, run_rows

STRESS, ALERT, CRISIS = 0.25, 1.0, 2.0
"""Phases: Normal below 0.25, Stress from there, Alert from 1, Crisis from 2.

Source: WFP (2014), "Calculation and use of the alert for price spikes (ALPS) indicator"."""

_ROUNDING: Final = 1e-9
"""Log points below which a residual is rounding: sums of hundreds of terms are good to 1e-12."""

_MIN_FREEDOM: Final = 12
"""Degrees of freedom left to the residuals' deviation: one a calendar month. Judgement."""


@compiled
def _score_rows(values: FloatArray, out: FloatArray, first_month: int, min_history: int) -> None:
    # Trend and month dummies make one line with a level for each calendar month, so sums within
    # each calendar month are all that the fit needs; each observation updates them in place.
    n_rows, n_times = values.shape
    counts: IntArray = np.zeros(12, dtype=np.int64)
    times, levels = np.zeros(12), np.zeros(12)
    for i in range(n_rows):
        counts[:] = 0
        times[:], levels[:] = 0.0, 0.0
        seen, months, s_tt, s_ty, s_yy = 0, 0, 0.0, 0.0, 0.0
        for t in range(n_times):
            value = values[i, t]
            if np.isnan(value):
                continue
            month = (first_month + t) % 12
            n = counts[month]
            from_time, from_level = t - times[month], value - levels[month]
            freedom = seen - months - 1
            if n > 0 and seen >= min_history and freedom >= _MIN_FREEDOM and s_tt > 0.0:
                slope = s_ty / s_tt
                residual = from_level - slope * from_time
                deviation = np.sqrt(max(s_yy - slope * s_ty, 0.0) / freedom)
                if abs(residual) <= _ROUNDING:
                    out[i, t] = 0.0
                elif deviation <= _ROUNDING:
                    out[i, t] = np.sign(residual) * Z_LIMIT
                else:
                    out[i, t] = min(max(residual / deviation, -Z_LIMIT), Z_LIMIT)
            share = n / (n + 1.0)
            s_tt += share * from_time * from_time
            s_ty += share * from_time * from_level
            s_yy += share * from_level * from_level
            months += n == 0
            counts[month] = n + 1
            times[month] += from_time / (n + 1.0)
            levels[month] += from_level / (n + 1.0)
            seen += 1


def score_alps(
    log_prices: FloatArray, *, first_month: int = 0, min_history: int = MIN_HISTORY
) -> FloatArray:
    """Return the residual of each log price over the residuals' standard deviation.

    The least-squares line has a trend and twelve calendar months and reads strictly earlier months
    only. The published indicator fits the whole series and price levels; that looks ahead and goes
    blind after a structural move, so this one expands and takes logarithms.

    Args:
        log_prices: Series x month.
        first_month: Calendar month of column 0, January = 0.
        min_history: Earlier months needed; NaN before, or while a calendar month is new.

    Returns:
        Series x month, in standard deviations, cut at +-`Z_LIMIT`; compare with `STRESS`, `ALERT`
        and `CRISIS`.

    Source:
        WFP (2014), "Calculation and use of the alert for price spikes (ALPS) indicator".
    """
    check_matrix(log_prices)
    return run_rows(_score_rows, log_prices, first_month, min_history)
