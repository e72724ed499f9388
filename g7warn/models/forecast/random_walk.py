"""The random walk: the bar. Quantiles of a series' own past h-month changes, expanding window."""

from dataclasses import dataclass

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import QuantileForecast, register_forecaster
from g7warn.models.forecast.ewma_pooled import EwmaPooledForecaster, FittedEwmaPooled
from g7warn.models.forecast.grid import HORIZONS_MONTHS, LEVELS
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward, future_changes
from g7warn.models.forecast.stand_in import prefer_own

LEAST_CHANGES = 24
"""Own changes needed at a horizon; with fewer the pooled shape stands in (Basis.SHORT)."""


def own_change_quantiles(log_prices: FloatArray, months: int) -> FloatArray:
    """Return quantiles of each series' own overlapping changes, series x level.

    NaN with too few of them, or with all alike: a price that never moved has shown no spread.

    Args:
        log_prices: Series x month, gaps carried.
        months: Length of a change.
    """
    changes = future_changes(log_prices, months)
    quantiles = np.full((log_prices.shape[0], len(LEVELS)), np.nan)
    enough = (~np.isnan(changes)).sum(axis=1) >= LEAST_CHANGES
    for row in np.flatnonzero(enough):
        own = changes[row]
        quantiles[row] = np.quantile(own[~np.isnan(own)], LEVELS)
    quantiles[quantiles[:, 0] == quantiles[:, -1]] = np.nan
    return quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedRandomWalk:
    """A random walk learns nothing from other series but the stand-in for short histories."""

    stand_in: FittedEwmaPooled
    is_centred: bool

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> QuantileForecast:
        """Forecast from the last column; see `FittedForecaster.predict`."""
        del context
        filled = carry_forward(log_prices, CARRY_LIMIT_MONTHS)
        changes = np.stack([own_change_quantiles(filled, m) for m in HORIZONS_MONTHS], axis=1)
        if self.is_centred:
            changes -= changes[:, :, [LEVELS.index(0.5)]]
        return prefer_own(self.stand_in.predict(log_prices), filled[:, -1, None, None] + changes)


@register_forecaster("random_walk")
@dataclass(frozen=True, slots=True)
class RandomWalkForecaster:
    """Expanding empirical quantiles of own changes, drift included: the reference of the goals."""

    is_centred: bool = False

    def fit(self, log_prices: FloatArray, *, seed: int = 0) -> FittedRandomWalk:
        """Keep the pooled shape for series too short to have their own."""
        stand_in = EwmaPooledForecaster().fit(log_prices, seed=seed)
        return FittedRandomWalk(stand_in=stand_in, is_centred=self.is_centred)


@register_forecaster("random_walk_centred")
def build_centred_random_walk() -> RandomWalkForecaster:
    """Return the random walk whose median is the last price: the harder reference at 12 months."""
    return RandomWalkForecaster(is_centred=True)
