"""The stress model: a forecast, and calibrated odds of every target, with what drives them."""

from dataclasses import dataclass

import numpy as np

from g7warn.models.calibrate import log_odds_to_probability
from g7warn.models.compiled import FloatArray
from g7warn.models.forecast import check_panel
from g7warn.models.forecast.base import QuantileForecast
from g7warn.models.forecast.combined import CombinedForecaster, FittedCombination
from g7warn.models.forecast.features import compute_features, last_rows, read_common
from g7warn.models.forecast.scaled import build_forecast
from g7warn.models.kernels.rows import run_blocks
from g7warn.models.probability.first_passage import passages_by_month
from g7warn.models.probability.odds_model import (
    ODDS_FEATURES,
    OddsModel,
    build_rows,
    fit_odds_model,
    sum_common,
)
from g7warn.models.probability.onset import SIGN
from g7warn.models.probability.standard_passage import passage_share, scale_table
from g7warn.models.probability.targets import TARGETS, Target, last_barriers


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOdds:
    """Odds of one target for every series.

    Attributes:
        target: The question.
        probability: Calibrated, in [0, 1]; 0 where the event cannot happen within the horizon
            (it runs already, or ran too recently), NaN without a recent price.
        first_passage: Odds from the forecast alone, untrained.
        needed_log_move: Smallest log move from the last price that would bring the event; NaN
            where none can.
        terms: Series x `ODDS_FEATURES`: what each adds to the log odds of first passage by the
            regression, for ranking the reasons; relative to the pool's mean, 0 where the event
            cannot happen.
    """

    target: Target
    probability: FloatArray
    first_passage: FloatArray
    needed_log_move: FloatArray
    terms: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class StressForecast:
    """Everything the model says about the last month of a panel.

    Attributes:
        forecast: Predictive distributions.
        odds: One entry a target, by target name.
        volatility_ratio: Volatility over its long-run norm, per series.
    """

    forecast: QuantileForecast
    odds: dict[str, TargetOdds]
    volatility_ratio: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class StressModel:
    """A fitted forecaster and one odds model a target."""

    forecaster: FittedCombination
    odds_models: dict[str, OddsModel]

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> StressForecast:
        """Forecast and give odds from the last column of `log_prices`.

        Args:
            log_prices: Series x month, NaN = missing.
            context: The whole panel when `log_prices` is a shard of it.

        Raises:
            ValidationFailed: The matrix is no panel.
        """
        check_panel(log_prices)
        common = read_common(log_prices if context is None else context)
        done: dict[int, StressForecast] = {}

        def work(block: slice) -> None:
            done[block.start] = self._predict_block(log_prices[block], common)

        run_blocks(work, max(len(log_prices), 1))
        blocks = [done[start] for start in sorted(done)]
        return blocks[0] if len(blocks) == 1 else join_blocks(blocks)

    def _predict_block(self, log_prices: FloatArray, common: FloatArray) -> StressForecast:
        last = log_prices.shape[1] - 1
        panel = compute_features(log_prices, first_month=last, common=common)
        rows = last_rows(panel)
        forecast = build_forecast(log_prices, panel, self.forecaster.scale_quantiles(rows))
        table = scale_table(self.forecaster.shapes)
        shared = np.repeat(sum_common(common[:, 0])[-1:], len(rows), axis=0)
        barriers = [last_barriers(panel.filled, target) for target in TARGETS]
        signs = [SIGN[target.direction] for target in TARGETS]
        passages = passages_by_month(forecast, list(zip(barriers, signs, strict=True)))
        odds = {}
        for target, barrier, passage in zip(TARGETS, barriers, passages, strict=True):
            model = self.odds_models[target.name]
            sign = SIGN[target.direction]
            untrained = passage_share(table, barrier / forecast.volatility[:, None], sign)
            features = build_rows(rows, shared, forecast.volatility, sign * barrier, untrained)
            odds[target.name] = _score(target, model, features, barrier, passage.sum(axis=1))
        return StressForecast(
            forecast=forecast,
            odds=order_horizons(odds),
            volatility_ratio=forecast.volatility / forecast.volatility_norm,
        )


def join_blocks(blocks: list[StressForecast]) -> StressForecast:
    """Return the blocks of one panel, in order, as one."""
    forecasts = [block.forecast for block in blocks]
    first = forecasts[0]
    odds = {}
    for name, entry in blocks[0].odds.items():
        parts = [block.odds[name] for block in blocks]
        odds[name] = TargetOdds(
            target=entry.target,
            probability=np.concatenate([part.probability for part in parts]),
            first_passage=np.concatenate([part.first_passage for part in parts]),
            needed_log_move=np.concatenate([part.needed_log_move for part in parts]),
            terms=np.concatenate([part.terms for part in parts]),
        )
    return StressForecast(
        forecast=QuantileForecast(
            horizons_months=first.horizons_months,
            levels=first.levels,
            log_quantiles=np.concatenate([one.log_quantiles for one in forecasts]),
            base_log_price=np.concatenate([one.base_log_price for one in forecasts]),
            volatility=np.concatenate([one.volatility for one in forecasts]),
            volatility_norm=np.concatenate([one.volatility_norm for one in forecasts]),
            basis=np.concatenate([one.basis for one in forecasts]),
        ),
        odds=odds,
        volatility_ratio=np.concatenate([block.volatility_ratio for block in blocks]),
    )


def fit_stress_model(log_prices: FloatArray, *, seed: int) -> StressModel:
    """Fit forecaster and odds on a training pool whose last column is the cut-off.

    Args:
        log_prices: Series x month, NaN = missing; a row whose future lies beyond the last column
            is not learned from.
        seed: The same seed gives the same bits.

    Raises:
        ValidationFailed: The matrix is no panel.
        InsufficientHistory: The pool is too small to learn from.
    """
    check_panel(log_prices)
    common = read_common(log_prices)
    panel = compute_features(log_prices, common=common)
    forecaster = CombinedForecaster().fit_panel(panel, seed=seed)
    table = scale_table(forecaster.shapes)
    models = {
        target.name: fit_odds_model(panel, target, table, common=common[:, 0], seed=seed + place)
        for place, target in enumerate(TARGETS)
    }
    return StressModel(forecaster=forecaster, odds_models=models)


def _score(
    target: Target,
    model: OddsModel,
    rows: FloatArray,
    barriers: FloatArray,
    passage: FloatArray,
) -> TargetOdds:
    """Put together one target's odds; `passage` is NaN for a series without a recent price."""
    sign = SIGN[target.direction]
    has_price = ~np.isnan(passage)
    is_possible = has_price & ~np.isnan(barriers).all(axis=1)
    log_odds = model.combine_log_odds(np.nan_to_num(passage), rows)
    probability = np.where(is_possible, log_odds_to_probability(log_odds), 0.0)
    smallest = np.where(np.isnan(barriers), np.inf, sign * barriers).min(axis=1)
    return TargetOdds(
        target=target,
        probability=np.where(has_price, probability, np.nan),
        first_passage=np.clip(passage, 0.0, 1.0),
        needed_log_move=np.where(is_possible, sign * smallest, np.nan),
        terms=np.where(is_possible[:, None], model.linear_terms(rows), 0.0),
    )


def order_horizons(odds: dict[str, TargetOdds]) -> dict[str, TargetOdds]:
    """Return odds of which a longer horizon is never below a shorter one of the same event."""
    ordered: dict[str, TargetOdds] = {}
    floors: dict[tuple[str, str], FloatArray] = {}
    for name, entry in sorted(odds.items(), key=lambda item: item[1].target.months):
        key = (entry.target.kind.value, entry.target.direction.value)
        floor = floors.get(key, entry.probability)
        floors[key] = np.maximum(entry.probability, floor)
        ordered[name] = TargetOdds(
            target=entry.target,
            probability=floors[key],
            first_passage=entry.first_passage,
            needed_log_move=entry.needed_log_move,
            terms=entry.terms,
        )
    return ordered


__all__ = [
    "ODDS_FEATURES",
    "StressForecast",
    "StressModel",
    "TargetOdds",
    "fit_stress_model",
]
