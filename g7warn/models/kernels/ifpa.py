"""IFPA: quarterly and annual growth against the same calendar month of earlier years."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.kernels.robust import Z_LIMIT
from g7warn.models.kernels.rows import check_matrix, run_rows

MODERATE, ABNORMAL = 0.5, 1.0
"""Moderately high from 0.5, abnormally high from 1, an unusual fall down from -1.

Source: FAO, metadata of SDG indicator 2.c.1."""

QUARTERLY_WEIGHT: Final = 0.4
"""Weight of the quarterly growth, 0.6 being the annual one's (FAO, metadata of SDG 2.c.1)."""

MIN_YEARS: Final = 5
"""Earlier years of the same month needed. Judgement: a deviation of four years says little."""

_ROUNDING: Final = 1e-12


@compiled
def _standardise(growths: FloatArray, min_years: int) -> FloatArray:
    """Weighted z of each growth against the same calendar month's earlier ones.

    Mean and squares of each calendar month are updated in place; the k-th year enters with weight
    k, so weights rise to the newest year.
    """
    scores = np.full(growths.size, np.nan)
    years, mean, square = np.zeros(12), np.zeros(12), np.zeros(12)
    for t in range(growths.size):
        if np.isnan(growths[t]):
            continue
        month = t % 12
        gap, k = growths[t] - mean[month], years[month]
        if k >= min_years:
            total = 0.5 * k * (k + 1.0)
            deviation = np.sqrt(square[month] / (total * (k - 1.0) / k))
            if abs(gap) <= _ROUNDING:
                scores[t] = 0.0
            elif deviation <= _ROUNDING:
                scores[t] = np.sign(gap) * Z_LIMIT
            else:
                scores[t] = min(max(gap / deviation, -Z_LIMIT), Z_LIMIT)
        weight = k + 1.0
        mean[month] += gap * weight / (0.5 * weight * (weight + 1.0))
        square[month] += weight * gap * (growths[t] - mean[month])
        years[month] = weight
    return scores


@compiled
def _score_rows(values: FloatArray, out: FloatArray, min_years: int) -> None:
    n_times = values.shape[1]
    growths = np.full((2, n_times), np.nan)
    for i in range(len(values)):
        for t in range(3, n_times):
            growths[0, t] = np.expm1((values[i, t] - values[i, t - 3]) / 3.0)
        for t in range(12, n_times):
            growths[1, t] = np.expm1((values[i, t] - values[i, t - 12]) / 12.0)
        quarterly = _standardise(growths[0], min_years)
        annual = _standardise(growths[1], min_years)
        out[i] = QUARTERLY_WEIGHT * quarterly + (1.0 - QUARTERLY_WEIGHT) * annual


def score_ifpa(log_prices: FloatArray, *, min_years: int = MIN_YEARS) -> FloatArray:
    """Return 0.4 z of the quarterly plus 0.6 z of the annual compound growth.

    Each growth is standardised by weighted mean and deviation of the same calendar month's growths
    of strictly earlier years, with weights 1, 2, ..., k from the oldest to the newest year and
    the deviation's denominator (k - 1) / k times the sum of the weights.

    Args:
        log_prices: Series x month, natural logarithm.
        min_years: Earlier years needed; NaN before.

    Returns:
        Series x month, cut at +-`Z_LIMIT`; compare with `MODERATE` and `ABNORMAL`.

    Source:
        FAO, metadata of SDG indicator 2.c.1, "Indicator of food price anomalies".
    """
    check_matrix(log_prices)
    return run_rows(_score_rows, log_prices, min_years)
