"""Predictive distributions of log prices, 1 to 12 months ahead, for whole panels at once.

Promise: quantiles never cross, every series with a recent price gets a forecast, and what it rests
on (`Basis`) is said. May import: `models.compiled`, errors, NumPy, SciPy,
statsmodels.

To add a forecaster, write a module with a class under `@register_forecaster` and import it here.
"""

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.anchor import anchor_on_close
from g7warn.models.forecast.ar_garch import ArGarchForecaster
from g7warn.models.forecast.base import (
    FORECASTERS,
    Basis,
    FittedForecaster,
    Forecaster,
    QuantileForecast,
)
from g7warn.models.forecast.boosted_quantile import BoostedQuantileForecaster
from g7warn.models.forecast.combined import CombinedForecaster, FittedCombination
from g7warn.models.forecast.ewma_pooled import EwmaPooledForecaster
from g7warn.models.forecast.grid import HORIZONS_MONTHS, LEVELS, SCORED_LEVELS
from g7warn.models.forecast.linear_quantile import LinearQuantileForecaster
from g7warn.models.forecast.panel import check_panel
from g7warn.models.forecast.per_series import PerSeriesForecaster
from g7warn.models.forecast.random_walk import RandomWalkForecaster

__all__ = [
    "FORECASTERS",
    "HORIZONS_MONTHS",
    "LEVELS",
    "SCORED_LEVELS",
    "ArGarchForecaster",
    "Basis",
    "BoostedQuantileForecaster",
    "CombinedForecaster",
    "EwmaPooledForecaster",
    "FittedCombination",
    "FittedForecaster",
    "Forecaster",
    "LinearQuantileForecaster",
    "PerSeriesForecaster",
    "QuantileForecast",
    "RandomWalkForecaster",
    "anchor_on_close",
    "check_panel",
    "predict_quantiles",
]


def predict_quantiles(
    log_prices: FloatArray,
    *,
    model: FittedForecaster | None = None,
    context: FloatArray | None = None,
) -> QuantileForecast:
    """Forecast every series of a panel from its last month.

    Args:
        log_prices: Series x month, log price, NaN = missing.
        model: A fitted forecaster; without one, EWMA-pooled quantiles of the panel itself.
        context: The whole panel when `log_prices` is a shard of it (same months).

    Raises:
        ValidationFailed: The matrix is not a series x month table of finite or missing numbers.
    """
    fitted = (
        EwmaPooledForecaster().fit(log_prices if context is None else context)
        if model is None
        else model
    )
    return fitted.predict(log_prices, context=context)
