"""The default forecaster: boosted and linear quantiles averaged, their spread corrected."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import QuantileForecast, register_forecaster
from g7warn.models.forecast.boosted_quantile import (
    BoostedQuantileForecaster,
    FittedBoostedQuantiles,
)
from g7warn.models.forecast.conformal import (
    WINDOW_MONTHS,
    measure_spread_factor,
    stretch_spread,
)
from g7warn.models.forecast.ewma_pooled import pool_shape
from g7warn.models.forecast.features import FeaturePanel, compute_features, last_rows
from g7warn.models.forecast.grid import HORIZONS_MONTHS
from g7warn.models.forecast.linear_quantile import FittedLinearQuantiles, LinearQuantileForecaster
from g7warn.models.forecast.panel import future_changes
from g7warn.models.forecast.scaled import build_forecast

LINEAR_SHARE: Final = {1: 0.5, 3: 0.15, 6: 0.0, 12: 0.0}
"""Share of the linear quantiles by horizon in months, the boosted ones have the rest. Lines read
the averaging of monthly means well and bend wrongly at long horizons. Chosen on World Bank
commodities left out of the fit with their kin, origins to 2012 and since alike; a tenth of pooled
shapes at 6 and 12 months, which steadied trees that all saw the same rows, now costs 0.0015."""

LINEAR_HORIZONS: Final = tuple(months for months, share in LINEAR_SHARE.items() if share > 0)

LEAST_LEARNING_MONTHS: Final = 240
"""The spread is corrected only when so many months remain to learn from before its window."""

ORIGIN_STEP: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedCombination:
    """Members and spread factors (one a horizon).

    Attributes:
        boosted: Learned by trees.
        linear: Learned by lines.
        shapes: Horizon x level, pooled quantiles of the pool: the scale that odds by first passage
            are tabulated on.
        spread_factors: One a horizon.
    """

    boosted: FittedBoostedQuantiles
    linear: FittedLinearQuantiles
    shapes: FloatArray
    spread_factors: FloatArray

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> QuantileForecast:
        """Forecast from the last column; see `FittedForecaster.predict`."""
        last = log_prices.shape[1] - 1
        panel = compute_features(log_prices, first_month=last, context=context)
        return build_forecast(log_prices, panel, self.scale_quantiles(last_rows(panel)))

    def scale_quantiles(self, rows: FloatArray) -> FloatArray:
        """Return row x horizon x level in volatilities x sqrt(horizon) for rows of features."""
        share = np.asarray([LINEAR_SHARE[months] for months in HORIZONS_MONTHS])[None, :, None]
        boosted, linear = self.boosted.scale_quantiles(rows), self.linear.scale_quantiles(rows)
        mean = (1.0 - share) * boosted + share * linear
        return stretch_spread(mean, self.spread_factors)


@register_forecaster("combined")
@dataclass(frozen=True, slots=True)
class CombinedForecaster:
    """Learns the members on the whole pool and their spread on its last ten years."""

    def fit(self, log_prices: FloatArray, *, seed: int = 0) -> FittedCombination:
        """Fit members and spread; see `Forecaster.fit`."""
        return self.fit_panel(compute_features(log_prices), seed=seed)

    def fit_panel(self, panel: FeaturePanel, *, seed: int) -> FittedCombination:
        """Fit on features computed before (all months)."""
        n_months = panel.filled.shape[1]
        factors = np.ones(len(HORIZONS_MONTHS))
        if n_months - WINDOW_MONTHS >= LEAST_LEARNING_MONTHS:
            early = _fit_members(cut_panel(panel, n_months - WINDOW_MONTHS), seed)
            factors = _measure_factors(early, panel)
        return replace(_fit_members(panel, seed), spread_factors=factors)


def cut_panel(panel: FeaturePanel, n_months: int) -> FeaturePanel:
    """Return the panel as it was known after `n_months`: features never read ahead."""
    return FeaturePanel(
        values=panel.values[:, :n_months],
        filled=panel.filled[:, :n_months],
        volatility=panel.volatility[:, :n_months],
        volatility_norm=panel.volatility_norm[:, :n_months],
        first_month=panel.first_month,
    )


def _fit_members(panel: FeaturePanel, seed: int) -> FittedCombination:
    shapes = [pool_shape(panel.filled, panel.volatility, months) for months in HORIZONS_MONTHS]
    return FittedCombination(
        boosted=BoostedQuantileForecaster().fit_panel(panel, seed=seed),
        linear=LinearQuantileForecaster(horizons_months=LINEAR_HORIZONS).fit_panel(panel),
        shapes=np.asarray(shapes),
        spread_factors=np.ones(len(HORIZONS_MONTHS)),
    )


def _measure_factors(early: FittedCombination, panel: FeaturePanel) -> FloatArray:
    """Score the early fit on the months it has not seen, every third origin."""
    first = panel.filled.shape[1] - WINDOW_MONTHS
    origins = np.arange(first, panel.filled.shape[1], ORIGIN_STEP)
    rows = panel.values[:, origins].reshape(-1, panel.values.shape[2])
    known = ~np.isnan(rows[:, 0])
    scaled = early.scale_quantiles(np.nan_to_num(rows))
    factors = np.ones(len(HORIZONS_MONTHS))
    for k, months in enumerate(HORIZONS_MONTHS):
        change = future_changes(panel.filled, months) / (panel.volatility * np.sqrt(months))
        target = np.where(known, change[:, origins].reshape(-1), np.nan)
        factors[k] = measure_spread_factor(scaled[:, k], target)
    return factors
