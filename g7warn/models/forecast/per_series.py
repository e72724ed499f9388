"""ETS and ARIMA of statsmodels, one fit a series: references, far too slow for whole panels.

Both read log prices and give normal distributions. statsmodels is imported where it is used: it
takes seconds to load, and the hot path needs none of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import norm

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import Basis, QuantileForecast, register_forecaster
from g7warn.models.forecast.ewma_pooled import EwmaPooledForecaster, FittedEwmaPooled
from g7warn.models.forecast.grid import HORIZONS_MONTHS, LEVELS
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward
from g7warn.models.forecast.stand_in import prefer_own
from g7warn.models.forecast.volatility import FLOOR_VOLATILITY

LEAST_MONTHS: Final = 36
"""Unbroken months needed up to now; with fewer the pooled shape stands in (Basis.SHORT)."""

MOST_LAGS: Final = 3
"""Autoregressive order is chosen by AICc from 0 to this. Judgement: a quarter."""

Fit = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""Log prices without a gap -> (expected change, standard deviation), 1 to 12 months ahead."""


def fit_ets(log_prices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fit simple exponential smoothing, ETS(A,N,N); see `Fit`."""
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing  # noqa: PLC0415 - slow to load

    model = SimpleExpSmoothing(
        log_prices - log_prices[0], initialization_method="known", initial_level=0.0
    )
    fitted = model.fit(method="L-BFGS-B")
    weight = float(fitted.params["smoothing_level"])
    ahead = np.arange(max(HORIZONS_MONTHS))
    expected = np.full(ahead.size, float(fitted.level[-1]) - (log_prices[-1] - log_prices[0]))
    variance = float(fitted.sse) / log_prices.size * (1.0 + ahead * weight**2)
    return expected, np.sqrt(variance)


def fit_arima(log_prices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fit ARIMA(p,1,0) by Burg's method, p by AICc; see `Fit`."""
    from statsmodels.tsa.arima.estimators.burg import burg  # noqa: PLC0415 - slow to load
    from statsmodels.tsa.arima_process import arma2ma  # noqa: PLC0415 - slow to load

    changes = np.diff(log_prices)
    fits = [burg(changes, ar_order=p, demean=False)[0] for p in range(MOST_LAGS + 1)]
    size = changes.size
    criteria = [
        size * np.log(fit.sigma2) + 2.0 * (p + 1) * size / (size - p - 2)
        for p, fit in enumerate(fits)
    ]
    best = fits[int(np.argmin(criteria))]
    slopes = np.asarray(best.ar_params, dtype=np.float64)
    past = list(changes[-MOST_LAGS:])
    for _ in range(max(HORIZONS_MONTHS)):
        past.append(float(slopes @ np.asarray(past[::-1][: slopes.size])))
    response = np.cumsum(arma2ma(np.r_[1.0, -slopes], [1.0], lags=max(HORIZONS_MONTHS)))
    expected = np.cumsum(past[MOST_LAGS:])
    return expected, np.sqrt(float(best.sigma2) * np.cumsum(response**2))


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPerSeries:
    """Fits each series when it forecasts; short histories get the pooled shape."""

    stand_in: FittedEwmaPooled
    fit: Fit

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> QuantileForecast:
        """Forecast from the last column; see `FittedForecaster.predict`."""
        del context
        pooled = self.stand_in.predict(log_prices)
        filled = carry_forward(log_prices, CARRY_LIMIT_MONTHS)
        own = np.full_like(pooled.log_quantiles, np.nan)
        for row in np.flatnonzero(pooled.basis != Basis.NONE):
            gaps = np.flatnonzero(np.isnan(filled[row]))
            history = filled[row, gaps[-1] + 1 if gaps.size else 0 :]
            if history.size >= LEAST_MONTHS:
                own[row] = self._own_quantiles(np.ascontiguousarray(history))
        return prefer_own(pooled, own)

    def _own_quantiles(self, history: FloatArray) -> FloatArray:
        """Return horizon x level, log price, from log prices without a gap."""
        if np.ptp(history) > 0.0:
            expected, deviation = self.fit(history)
        else:  # a price that never moved has nothing to fit
            expected = deviation = np.zeros(max(HORIZONS_MONTHS))
        months = np.asarray(HORIZONS_MONTHS)
        spread = np.maximum(deviation[months - 1], FLOOR_VOLATILITY * np.sqrt(months))
        centre = history[-1] + expected[months - 1]
        return np.asarray(centre[:, None] + spread[:, None] * norm.ppf(LEVELS))


@dataclass(frozen=True, slots=True)
class PerSeriesForecaster:
    """A package's model of one series at a time."""

    method: Fit

    def fit(self, log_prices: FloatArray, *, seed: int = 0) -> FittedPerSeries:
        """Keep the pooled shape for short histories; series are fitted when they are forecast."""
        stand_in = EwmaPooledForecaster().fit(log_prices, seed=seed)
        return FittedPerSeries(stand_in=stand_in, fit=self.method)


@register_forecaster("ets")
def build_ets() -> PerSeriesForecaster:
    """Return the ETS reference."""
    return PerSeriesForecaster(fit_ets)


@register_forecaster("arima")
def build_arima() -> PerSeriesForecaster:
    """Return the ARIMA reference."""
    return PerSeriesForecaster(fit_arima)
