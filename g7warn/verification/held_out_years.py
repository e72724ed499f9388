"""The last ten years of a training pool, forecast by a model that saw nothing of them.

What a kept model tells of itself is measured so: the same recipe, fitted on the years before. It
is refitted once, not yearly, so that the figures are a little harsher than the service itself. The
series are those that were learned from; `g7warn bench` scores unseen ones.
"""

from typing import Final

import numpy as np

from g7warn.errors import InsufficientHistory
from g7warn.models.compiled import FloatArray
from g7warn.models.forecast import HORIZONS_MONTHS
from g7warn.models.probability import TARGETS
from g7warn.verification.forecast_scores import score_horizon
from g7warn.verification.odds_scores import sample_odds
from g7warn.verification.walk_forward import Fit, PastForecasts, walk_forward

HELD_OUT_MONTHS: Final = 120
"""Judged months: ten years hold a few dozen onsets of seventy prices."""

LEAST_TRAINING_MONTHS: Final = 240
"""Months before them: with fewer, the odds judged would not be those that are given now."""

ORIGIN_STEP: Final = 3
"""Months between scored origins: quarterly, as `g7warn bench` scores."""

KEPT: Final = ("auc", "brier_skill", "calibration_error", "above_first_passage")


def forecast_held_out(log_prices: FloatArray, *, seed: int, fit: Fit) -> PastForecasts:
    """Fit on all but the last `HELD_OUT_MONTHS` and forecast each of those.

    Args:
        log_prices: Series x month, NaN = missing.
        seed: As of the fit that is judged.
        fit: How a model is fitted.

    Raises:
        InsufficientHistory: The months before are too few to learn from.
    """
    first = log_prices.shape[1] - 1 - HELD_OUT_MONTHS
    if first < LEAST_TRAINING_MONTHS:
        raise InsufficientHistory(
            f"the pool holds {log_prices.shape[1]} months; {LEAST_TRAINING_MONTHS} before the "
            f"{HELD_OUT_MONTHS} that are held out are needed; add older prices",
            months=log_prices.shape[1],
        )
    return walk_forward(
        log_prices,
        log_prices,
        first_month=first,
        seed=seed,
        fit=fit,
        refit_months=HELD_OUT_MONTHS + 1,
    )


def score_held_out(log_prices: FloatArray, past: PastForecasts) -> dict[str, float]:
    """Return scores by name, such as `onset_up_6_auc` and `loss_ratio_6`; NaN is left out.

    Args:
        log_prices: The matrix that was forecast.
        past: From `forecast_held_out`.
    """
    scores = _score_odds(log_prices, past) | _score_quantiles(log_prices, past)
    return {name: round(score, 4) for name, score in scores.items() if np.isfinite(score)}


def _score_odds(log_prices: FloatArray, past: PastForecasts) -> dict[str, float]:
    found: dict[str, float] = {}
    for target in TARGETS:
        sample = sample_odds(
            log_prices,
            target,
            probability=past.probability[target.name],
            first_passage=past.first_passage[target.name],
            first_month=past.first_month,
        )
        scores = sample.scores()
        found |= {f"{target.name}_{name}": scores[name] for name in KEPT}
    return found


def _score_quantiles(log_prices: FloatArray, past: PastForecasts) -> dict[str, float]:
    origins = np.arange(past.first_month, log_prices.shape[1], ORIGIN_STEP)
    found: dict[str, float] = {}
    for k, months in enumerate(HORIZONS_MONTHS):
        score = score_horizon(
            log_prices, past.log_quantiles[:, :, k], months=months, origins=origins
        )
        found |= {f"loss_ratio_{months}": score.ratio(), f"coverage90_{months}": score.coverage()}
    return found
