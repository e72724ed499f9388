"""Odds by first passage alone: what is said while no trained model fits the data at hand."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from g7warn.errors import InsufficientHistory
from g7warn.models.compiled import FloatArray
from g7warn.models.forecast import check_panel
from g7warn.models.forecast.base import FittedForecaster
from g7warn.models.forecast.ewma_pooled import EwmaPooledForecaster
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward
from g7warn.models.probability.first_passage import passages_by_month
from g7warn.models.probability.odds_model import ODDS_FEATURES
from g7warn.models.probability.onset import SIGN
from g7warn.models.probability.stress import (
    StressForecast,
    TargetOdds,
    fit_stress_model,
    order_horizons,
)
from g7warn.models.probability.targets import TARGETS, last_barriers


class StressPredictor(Protocol):
    """Anything that gives a forecast and the odds of every target."""

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> StressForecast:
        """Forecast and give odds from the last column; see `StressModel.predict`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UntrainedStressModel:
    """Any forecaster, its odds by first passage; `terms` are all zero: nothing was learned."""

    forecaster: FittedForecaster

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> StressForecast:
        """Forecast and give odds from the last column; see `StressModel.predict`."""
        check_panel(log_prices)
        forecast = self.forecaster.predict(log_prices, context=context)
        filled = carry_forward(log_prices, CARRY_LIMIT_MONTHS)
        barriers = [last_barriers(filled, target) for target in TARGETS]
        signs = [SIGN[target.direction] for target in TARGETS]
        passages = passages_by_month(forecast, list(zip(barriers, signs, strict=True)))
        odds = {}
        for target, barrier, passage in zip(TARGETS, barriers, passages, strict=True):
            sign = SIGN[target.direction]
            share = np.clip(passage.sum(axis=1), 0.0, 1.0)
            smallest = np.where(np.isnan(barrier), np.inf, sign * barrier).min(axis=1)
            odds[target.name] = TargetOdds(
                target=target,
                probability=share,
                first_passage=share,
                needed_log_move=np.where(np.isinf(smallest), np.nan, sign * smallest),
                terms=np.zeros((len(filled), len(ODDS_FEATURES))),
            )
        return StressForecast(
            forecast=forecast,
            odds=order_horizons(odds),
            volatility_ratio=forecast.volatility / forecast.volatility_norm,
        )


def fit_stress_or_fall_back(log_prices: FloatArray, *, seed: int) -> StressPredictor:
    """Fit the stress model, or first passage on EWMA-pooled quantiles where the pool is too small.

    Args:
        log_prices: Training pool, series x month; the last column is the cut-off.
        seed: The same seed gives the same bits.
    """
    try:
        return fit_stress_model(log_prices, seed=seed)
    except InsufficientHistory:
        return UntrainedStressModel(forecaster=EwmaPooledForecaster().fit(log_prices))
