"""Scores of past probabilities: ranking, Brier skill, calibration."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, IntArray
from g7warn.models.metrics import brier_skill, calibration_error, ranking_area
from g7warn.models.probability import Target, TargetKind, mark_running
from g7warn.models.probability.onset import SIGN
from g7warn.models.probability.targets import label_rows, trailing_tail
from g7warn.verification.forecast_scores import LEAST_HISTORY_MONTHS

STEPS: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
"""Edges of the classes of a reliability diagram: narrow where most of the months are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsSample:
    """Past probabilities and what happened, one value a series-month."""

    series: IntArray
    month: IntArray
    probability: FloatArray
    first_passage: FloatArray
    happened: FloatArray

    def scores(self) -> dict[str, float]:
        """Return AUC, Brier skill, calibration error, skill above first passage and counts."""
        skill = brier_skill(self.probability, self.happened)
        return {
            "auc": ranking_area(self.probability, self.happened),
            "brier_skill": skill,
            "calibration_error": calibration_error(self.probability, self.happened),
            "above_first_passage": skill - brier_skill(self.first_passage, self.happened),
            "months": float(self.happened.size),
            "rate": float(self.happened.mean()) if self.happened.size else np.nan,
        }

    def reliability(self) -> list[tuple[float, float, float]]:
        """Return (mean stated, observed, months) of each class of `STEPS` that holds any month."""
        place = np.clip(np.searchsorted(STEPS, self.probability, side="right"), 1, len(STEPS) - 1)
        members = [np.flatnonzero(place == k) for k in range(1, len(STEPS))]
        return [
            (
                float(self.probability[chosen].mean()),
                float(self.happened[chosen].mean()),
                float(chosen.size),
            )
            for chosen in members
            if chosen.size
        ]


def sample_odds(
    log_prices: FloatArray,
    target: Target,
    *,
    probability: FloatArray,
    first_passage: FloatArray,
    first_month: int,
) -> OddsSample:
    """Gather the months in which the question is open and its answer known.

    A month while the event runs is left out: nobody needs a warning of what is there. Months in
    which arithmetic forbids an onset stay in, with the probability that was given.

    Args:
        log_prices: Series x month.
        target: The question.
        probability: Series x month.
        first_passage: Series x month, untrained odds.
        first_month: First column that counts.
    """
    labels = label_rows(log_prices, target)
    usable = ~np.isnan(labels) & ~np.isnan(probability) & ~np.isnan(first_passage)
    usable &= np.cumsum(~np.isnan(log_prices), axis=1) >= LEAST_HISTORY_MONTHS
    usable[:, :first_month] = False
    if target.kind is TargetKind.ONSET:
        usable &= ~mark_running(log_prices, target.direction)
    else:
        tail = trailing_tail(log_prices, target.months, SIGN[target.direction])
        usable &= ~np.isnan(tail)
    series, month = np.nonzero(usable)
    return OddsSample(
        series=series.astype(np.int64),
        month=month.astype(np.int64),
        probability=probability[usable],
        first_passage=first_passage[usable],
        happened=labels[usable],
    )
