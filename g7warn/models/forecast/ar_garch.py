"""AR(1)-GARCH(1,1) with Student's t, one fit a series: the best reference at one month.

It is no member of the combination: with a weight of 0.15 the loss at one month stayed at 0.924 of
the random walk's on held-out World Bank commodities, with 0.3 it rose to 0.925.

A grid of (alpha, beta, degrees of freedom) with the long-run variance given replaces the search:
the same answer every time, no fit that fails, two milliseconds a series.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import gammaln

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.forecast.base import QuantileForecast, register_forecaster
from g7warn.models.forecast.ewma_pooled import EwmaPooledForecaster, FittedEwmaPooled
from g7warn.models.forecast.grid import HORIZONS_MONTHS, LEVELS, order_quantiles
from g7warn.models.forecast.panel import count_changes
from g7warn.models.forecast.stand_in import prefer_own
from g7warn.models.forecast.volatility import FLOOR_VOLATILITY

LEAST_CHANGES: Final = 60
"""Own monthly changes below which the pooled shape stands in (Basis.SHORT): five years. Judgement:
persistence of volatility cannot be read from fewer."""

PATHS: Final = 2_000
"""Simulated paths; the same shocks for every series, so that only the fits differ."""

ALPHAS: Final = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
"""Weights of the last squared residual. This grid and the two below span quiet and persistent
volatility, fat and nearly normal tails. Judgement."""

PERSISTENCES: Final = (0.6, 0.75, 0.85, 0.92, 0.96, 0.985)
"""Values of alpha + beta."""

FREEDOMS: Final = (3.0, 4.0, 6.0, 10.0, 30.0)
"""Degrees of freedom of Student's t; 30 is as good as normal."""

PRIOR_MONTHS: Final = 24.0
"""Weight of "no autocorrelation, no drift" in the AR(1) line, in months of observation."""

LARGEST_VARIANCE: Final = 25.0
"""A simulated variance is cut at so many times the long-run one, five volatilities. Judgement."""


@compiled
def _line(changes: FloatArray) -> tuple[float, float]:
    """Return mean and slope of x[t] on x[t-1], both shrunk to zero; gaps are skipped."""
    total, count = 0.0, PRIOR_MONTHS
    for value in changes:
        if not np.isnan(value):
            total += value
            count += 1.0
    mean = total / count
    cross, square = 0.0, PRIOR_MONTHS
    for t in range(1, changes.size):
        if not np.isnan(changes[t] + changes[t - 1]):
            cross += (changes[t] - mean) * (changes[t - 1] - mean)
            square += (changes[t - 1] - mean) ** 2
    return mean, min(max(cross / square, -0.9), 0.9)


@compiled
def _trace(residuals: FloatArray, alpha: float, beta: float, freedom: float) -> tuple[float, float]:
    """Return log likelihood, without constants, and next month's variance; long-run variance 1."""
    variance, log_likelihood = 1.0, 0.0
    for residual in residuals:
        if np.isnan(residual):
            variance = 1.0 - alpha - beta + (alpha + beta) * variance
            continue
        square = residual * residual
        log_likelihood -= 0.5 * np.log(variance)
        log_likelihood -= 0.5 * (freedom + 1.0) * np.log1p(square / (variance * (freedom - 2.0)))
        variance = 1.0 - alpha - beta + alpha * square + beta * variance
    return log_likelihood, variance


@compiled
def _fit(residuals: FloatArray, count: int, constants: FloatArray) -> tuple[int, int, int, float]:
    """Return the best place on the grid (alpha, persistence, freedom) and the variance there."""
    best, variance = -np.inf, 1.0
    place = (0, 0, 0)
    for a in range(len(ALPHAS)):
        for p in range(len(PERSISTENCES)):
            beta = PERSISTENCES[p] - ALPHAS[a]
            for f in range(len(FREEDOMS)):
                fit, following = _trace(residuals, ALPHAS[a], beta, FREEDOMS[f])
                fit += count * constants[f]
                if fit > best:
                    best, variance, place = fit, following, (a, p, f)
    return place[0], place[1], place[2], variance


@compiled
def _walk(
    shocks: FloatArray, last: float, slope: float, alpha: float, beta: float, variance: float
) -> FloatArray:
    """Return path x month: summed changes around the mean, long-run variance 1."""
    out = np.empty(shocks.shape)
    for i in range(shocks.shape[0]):
        total, change, now = 0.0, last, variance
        for t in range(shocks.shape[1]):
            residual = np.sqrt(now) * shocks[i, t]
            change = slope * change + residual
            total += change
            out[i, t] = total
            now = 1.0 - alpha - beta + alpha * residual * residual + beta * now
            now = min(now, LARGEST_VARIANCE)
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedArGarch:
    """Fits each series when it forecasts.

    Attributes:
        stand_in: For series with too short a history.
        shocks: Degrees of freedom x path x month, unit variance.
    """

    stand_in: FittedEwmaPooled
    shocks: FloatArray

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> QuantileForecast:
        """Forecast from the last column; see `FittedForecaster.predict`."""
        del context
        pooled = self.stand_in.predict(log_prices)
        base, own = pooled.base_log_price, np.full_like(pooled.log_quantiles, np.nan)
        has_own = (count_changes(log_prices) >= LEAST_CHANGES) & ~np.isnan(base)
        for row in np.flatnonzero(has_own):
            own[row] = base[row] + self._own_moves(np.diff(log_prices[row]))
        return prefer_own(pooled, own)

    def _own_moves(self, changes: FloatArray) -> FloatArray:
        """Return horizon x level: quantiles of the change from the last month."""
        unit = max(float(np.nanstd(changes)), FLOOR_VOLATILITY)
        scaled = changes / unit
        mean, slope = _line(scaled)
        residuals = np.full(scaled.size, np.nan)
        residuals[1:] = scaled[1:] - mean - slope * (scaled[:-1] - mean)
        spread = max(float(np.nanstd(residuals)), FLOOR_VOLATILITY)
        a, p, f, variance = _fit(
            residuals / spread, int((~np.isnan(residuals)).sum()), _log_constants()
        )
        last = 0.0 if np.isnan(scaled[-1]) else (scaled[-1] - mean) / spread
        beta = PERSISTENCES[p] - ALPHAS[a]
        paths = spread * _walk(self.shocks[f], last, slope, ALPHAS[a], beta, variance)
        months = np.asarray(HORIZONS_MONTHS)
        moves = np.quantile(paths[:, months - 1], LEVELS, axis=0).T + mean * months[:, None]
        return order_quantiles(unit * moves)


def _log_constants() -> FloatArray:
    """Return the log of the unit-variance t density's constant, one a degree of freedom."""
    nu = np.asarray(FREEDOMS)
    return np.asarray(gammaln((nu + 1) / 2) - gammaln(nu / 2) - 0.5 * np.log(np.pi * (nu - 2)))


@register_forecaster("ar_garch_t")
@dataclass(frozen=True, slots=True)
class ArGarchForecaster:
    """Autocorrelated changes whose volatility clusters, with fat tails; a reference.

    Source:
        Bollerslev (1987), Review of Economics and Statistics 69(3), "A conditionally
        heteroskedastic time series model for speculative prices and rates of return".
    """

    def fit(self, log_prices: FloatArray, *, seed: int = 0) -> FittedArGarch:
        """Draw the shocks; the pool is kept for series too short to have their own fit."""
        draw = np.random.default_rng(seed)
        shape = (PATHS // 2, max(HORIZONS_MONTHS))
        halves = [draw.standard_t(nu, size=shape) * np.sqrt((nu - 2) / nu) for nu in FREEDOMS]
        return FittedArGarch(
            stand_in=EwmaPooledForecaster().fit(log_prices, seed=seed),
            # Mirrored shocks: no chance asymmetry in the paths.
            shocks=np.stack([np.concatenate([half, -half]) for half in halves]),
        )
