"""G2: the loss on series never trained on: each of the wide pool left out in turn with its kin.

Prices of one market (three crude oils, two wheats) go together: with one of them in the training
pool the others would not be unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from g7warn.models.forecast import HORIZONS_MONTHS, CombinedForecaster
from g7warn.verification.benchmark import LOSS_FROM
from g7warn.verification.forecast_scores import quarterly_origins, score_horizon
from g7warn.verification.walk_forward import walk_forward

if TYPE_CHECKING:
    from g7warn.models.forecast import FittedForecaster
    from g7warn.models.probability import StressPredictor
    from g7warn.verification.tables import PriceMatrix

FOLDS = 4
REFIT_MONTHS = 48
KIN_CORRELATION = 0.6
"""Correlation of monthly changes from which two series count as one market. Judgement."""

LEAST_OVERLAP = 60


def group_kin(log_prices: np.ndarray) -> list[list[int]]:
    """Return rows in groups that are linked by correlated changes, largest group first."""
    changes = np.diff(log_prices, axis=1)
    left, groups = set(range(len(changes))), []
    while left:
        group = [left.pop()]
        for row in group:  # grows while it is read: friends of friends belong to it
            near = [other for other in sorted(left) if _are_kin(changes[row], changes[other])]
            left.difference_update(near)
            group.extend(near)
        groups.append(sorted(group))
    return sorted(groups, key=lambda group: (-len(group), group))


def _are_kin(one: np.ndarray, other: np.ndarray) -> bool:
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < LEAST_OVERLAP or one[both].std() == 0.0 or other[both].std() == 0.0:
        return False
    return bool(np.corrcoef(one[both], other[both])[0, 1] >= KIN_CORRELATION)


@dataclass(frozen=True, slots=True)
class ForecastAlone:
    """A predictor that gives no odds: the folds score forecasts."""

    forecaster: FittedForecaster

    def predict(self, log_prices: np.ndarray, *, context: np.ndarray) -> SimpleNamespace:
        """Return an answer without odds."""
        forecast = self.forecaster.predict(log_prices, context=context)
        return SimpleNamespace(forecast=forecast, odds={})


def fit_forecast_alone(log_prices: np.ndarray, seed: int) -> StressPredictor:
    """Fit the product's forecaster."""
    fitted = CombinedForecaster().fit(log_prices, seed=seed)
    return cast("StressPredictor", ForecastAlone(fitted))


def score_unseen(matrix: PriceMatrix, *, seed: int) -> dict[str, dict[str, Any]]:
    """Return ratio, coverage, series and series worse than the random walk, by horizon."""
    prices, months = matrix.log_prices, matrix.months
    folds: list[list[int]] = [[] for _ in range(FOLDS)]
    for group in group_kin(prices):
        min(folds, key=len).extend(group)
    origins = quarterly_origins(months, first=LOSS_FROM)
    quantiles = None
    for fold in folds:
        others = np.setdiff1d(np.arange(len(prices)), fold)
        past = walk_forward(
            prices[fold],
            prices[others],
            first_month=int(origins[0]) - 1,
            seed=seed,
            fit=fit_forecast_alone,
            refit_months=REFIT_MONTHS,
        )
        if quantiles is None:
            quantiles = np.full((len(prices), *past.log_quantiles.shape[1:]), np.nan)
        quantiles[fold] = past.log_quantiles
    result = {}
    for place, horizon in enumerate(HORIZONS_MONTHS):
        score = score_horizon(prices, quantiles[:, :, place], months=horizon, origins=origins)
        ratios = score.ratio_by_series()
        result[str(horizon)] = {
            "ratio": score.ratio(),
            "coverage90": score.coverage(),
            "series": len(ratios),
            "worse": sum(ratio > 1.0 for ratio in ratios.values()),
        }
    return result
