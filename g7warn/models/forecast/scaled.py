"""From quantiles in volatilities back to log prices."""

from functools import lru_cache

import numpy as np
from scipy.stats import norm

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import QuantileForecast
from g7warn.models.forecast.ewma_pooled import describe_basis
from g7warn.models.forecast.features import FeaturePanel
from g7warn.models.forecast.grid import HORIZONS_MONTHS, LEVELS, order_quantiles


@lru_cache(maxsize=8)
def _normal_weights(fitted: tuple[float, ...]) -> FloatArray:
    """Return levels of the grid x fitted levels: linear between neighbours on the normal scale."""
    known, wanted = norm.ppf(fitted), norm.ppf(LEVELS)
    weights = np.zeros((wanted.size, known.size))
    for row, place in enumerate(wanted):
        right = int(np.clip(np.searchsorted(known, place), 1, known.size - 1))
        share = (place - known[right - 1]) / (known[right] - known[right - 1])
        weights[row, right - 1], weights[row, right] = 1.0 - share, share
    return weights


def spread_levels(quantiles: FloatArray, fitted: tuple[float, ...]) -> FloatArray:
    """Return quantiles on the whole grid from those on the `fitted` levels (last axis)."""
    return order_quantiles(quantiles) @ _normal_weights(fitted).T


def build_forecast(
    log_prices: FloatArray, panel: FeaturePanel, scaled: FloatArray
) -> QuantileForecast:
    """Return the forecast whose quantiles, in volatilities x sqrt(horizon), are `scaled`.

    Args:
        log_prices: The matrix that is forecast.
        panel: Its features; the last month is the origin.
        scaled: Series x horizon x level of the grid.
    """
    base = panel.filled[:, -1]
    volatility = panel.volatility[:, -1]
    reach = volatility[:, None] * np.sqrt(np.asarray(HORIZONS_MONTHS, dtype=np.float64))
    return QuantileForecast(
        horizons_months=HORIZONS_MONTHS,
        levels=LEVELS,
        log_quantiles=base[:, None, None] + reach[:, :, None] * order_quantiles(scaled),
        base_log_price=base,
        volatility=volatility,
        volatility_norm=panel.volatility_norm[:, -1],
        basis=describe_basis(log_prices, base),
    )
