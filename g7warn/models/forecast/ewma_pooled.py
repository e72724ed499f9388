"""Quantiles of volatility-scaled changes pooled over all series: needs no training, the fallback.

An h-month log change divided by (EWMA volatility x sqrt h) has nearly the same shape for every
commodity. Pooling those shapes and scaling back by each series' own volatility gives a forecast
for a series of any length, also one never seen before.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import t as student_t

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import Basis, QuantileForecast, register_forecaster
from g7warn.models.forecast.grid import HORIZONS_MONTHS, LEVELS, order_quantiles
from g7warn.models.forecast.panel import (
    CARRY_LIMIT_MONTHS,
    carry_forward,
    check_panel,
    count_changes,
    future_changes,
)
from g7warn.models.forecast.volatility import DECAY, trace_volatility

REFERENCE_DEGREES_OF_FREEDOM: Final = 5.0
"""Shape assumed while the pool is small: monthly commodity changes have tails like Student's t
with 4 to 6 degrees of freedom."""

AVERAGING_AUTOCORRELATION: Final = 0.25
"""Between neighbouring changes of monthly averages, from averaging alone (Working 1960,
Econometrica 28(4)): twelve months reach 1.2 times as far as one month's volatility says."""

REFERENCE_WEIGHT: Final = 240
"""Pooled changes at which reference shape and observed shape count the same: twenty series-years
of one-month changes. Judgement."""

MOST_POOLED_CHANGES: Final = 200_000
"""More changes than this do not move a pooled 1 % quantile; a larger pool is thinned evenly."""

FULL_HISTORY_CHANGES: Final = 24
"""Own one-month changes at which the volatility is mostly the series' own."""


def describe_basis(log_prices: FloatArray, base: FloatArray) -> np.ndarray:
    """Return one `Basis` value a series: full, short history, or no recent price."""
    basis = np.where(count_changes(log_prices) < FULL_HISTORY_CHANGES, Basis.SHORT, Basis.FULL)
    return np.where(np.isnan(base), Basis.NONE, basis).astype(np.str_)


def pool_shape(log_prices: FloatArray, volatility: FloatArray, months: int) -> FloatArray:
    """Return the pooled quantiles of scaled `months`-ahead changes, one value a level.

    Args:
        log_prices: Series x month, gaps carried.
        volatility: Same shape, monthly log points.
        months: Horizon.
    """
    scaled = future_changes(log_prices, months) / (volatility * np.sqrt(months))
    pooled = scaled[~np.isnan(scaled)]
    scale = np.sqrt((REFERENCE_DEGREES_OF_FREEDOM - 2.0) / REFERENCE_DEGREES_OF_FREEDOM)
    scale *= np.sqrt(1.0 + 2.0 * AVERAGING_AUTOCORRELATION * (1.0 - 1.0 / months))
    reference = student_t.ppf(np.asarray(LEVELS), REFERENCE_DEGREES_OF_FREEDOM) * scale
    if pooled.size == 0:
        return np.asarray(reference, dtype=np.float64)
    observed = np.quantile(pooled[:: 1 + pooled.size // MOST_POOLED_CHANGES], LEVELS)
    own = pooled.size / (pooled.size + REFERENCE_WEIGHT * months)
    return order_quantiles(own * observed + (1.0 - own) * reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedEwmaPooled:
    """Pooled shapes, horizon x level, in units of volatility x sqrt(horizon)."""

    shapes: FloatArray

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> QuantileForecast:
        """Forecast from the last column; see `FittedForecaster.predict`."""
        del context
        check_panel(log_prices)
        base = carry_forward(log_prices, CARRY_LIMIT_MONTHS)[:, -1]
        short, long = trace_volatility(log_prices, DECAY)
        reach = short[:, -1, None] * np.sqrt(np.asarray(HORIZONS_MONTHS, dtype=np.float64))
        return QuantileForecast(
            horizons_months=HORIZONS_MONTHS,
            levels=LEVELS,
            log_quantiles=base[:, None, None] + reach[:, :, None] * self.shapes[None],
            base_log_price=base,
            volatility=short[:, -1],
            volatility_norm=long[:, -1],
            basis=describe_basis(log_prices, base),
        )


@register_forecaster("ewma_pooled")
@dataclass(frozen=True, slots=True)
class EwmaPooledForecaster:
    """Pools the scaled changes of the training panel; the panel may be the one to be forecast."""

    def fit(self, log_prices: FloatArray, *, seed: int = 0) -> FittedEwmaPooled:
        """Pool the shapes of every horizon; `seed` changes nothing, no chance is involved."""
        del seed
        check_panel(log_prices)
        filled = carry_forward(log_prices, CARRY_LIMIT_MONTHS)
        volatility, _ = trace_volatility(log_prices, DECAY)
        shapes = [pool_shape(filled, volatility, months) for months in HORIZONS_MONTHS]
        return FittedEwmaPooled(shapes=np.asarray(shapes))
