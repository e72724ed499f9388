"""How often a move followed a score this high: one scale for all scores, learned from the pool."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.errors import ValidationFailed
from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.kernels.rows import check_matrix, run_rows

BINS: Final = 20
"""Bins of equal count: with fewer the extremes blur, with more they rest on a single episode."""

PRIOR_CASES: Final = 60.0
"""Cases of the base rate mixed into every bin. Windows overlap, so sixty months count for about
ten independent ones. Judgement."""


@compiled
def _future_rows(values: FloatArray, out: FloatArray, months: int, sign: float) -> None:
    for i in range(values.shape[0]):
        for t in range(values.shape[1] - months):
            best = -np.inf
            for s in range(t + 1, t + months + 1):
                if not np.isnan(values[i, s]):
                    best = max(best, sign * (values[i, s] - values[i, t]))
            if not np.isnan(values[i, t]) and best > -np.inf:
                out[i, t] = sign * best


def future_extreme(log_prices: FloatArray, *, months: int, is_up: bool) -> FloatArray:
    """Return the largest log change from each month to any of the next `months`.

    Args:
        log_prices: Series x month.
        months: Length of the window that is looked ahead.
        is_up: Whether the largest rise is asked for, else the largest fall.

    Returns:
        Series x month; NaN where the window has not closed or holds no price.
    """
    check_matrix(log_prices)
    return run_rows(_future_rows, log_prices, months, 1.0 if is_up else -1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCalibration:
    """Frequency of an outcome by score, never falling with the score.

    Attributes:
        edges: Increasing inner edges between bins.
        frequencies: One a bin, 0 to 1.
        base_rate: Frequency over all cases.
        cases: Number of cases learned from; 0 means that nothing was learned.
    """

    edges: FloatArray
    frequencies: FloatArray
    base_rate: float
    cases: int

    def read(self, score: float) -> float:
        """Return the frequency for a score, the base rate where the score is NaN."""
        if np.isnan(score):
            return self.base_rate
        return float(self.frequencies[np.searchsorted(self.edges, score, side="right")])


def calibrate_score(scores: FloatArray, outcomes: FloatArray) -> ScoreCalibration:
    """Learn how often the outcome followed each level of score, pooled over all series.

    Args:
        scores: Series x month; higher means more unusual; NaN = no score.
        outcomes: Same shape: 1 happened, 0 did not, NaN = the window has not closed.

    Returns:
        Frequencies shrunk to the base rate and made monotone; without a case, 0 everywhere.

    Raises:
        ValidationFailed: The shapes differ.
    """
    if scores.shape != outcomes.shape:
        raise ValidationFailed(
            f"scores of shape {scores.shape} and outcomes of shape {outcomes.shape} differ; "
            "both are series x month"
        )
    known = ~np.isnan(scores) & ~np.isnan(outcomes)
    score, outcome = scores[known], outcomes[known]
    if score.size == 0:
        return ScoreCalibration(edges=np.empty(0), frequencies=np.zeros(1), base_rate=0.0, cases=0)
    edges = np.unique(np.quantile(score, np.arange(1, BINS) / BINS))
    bins = np.searchsorted(edges, score, side="right")
    counts = np.bincount(bins, minlength=edges.size + 1).astype(np.float64)
    hits = np.bincount(bins, weights=outcome, minlength=edges.size + 1)
    base_rate = float(outcome.mean())
    frequencies = (hits + PRIOR_CASES * base_rate) / (counts + PRIOR_CASES)
    return ScoreCalibration(
        edges=edges,
        frequencies=_pool_violators(frequencies, counts + PRIOR_CASES),
        base_rate=base_rate,
        cases=int(score.size),
    )


def _pool_violators(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted least-squares fit that never falls (pool adjacent violators)."""
    levels: list[list[float]] = []
    for value, weight in zip(values, weights, strict=True):
        levels.append([float(value), float(weight), 1.0])
        while len(levels) > 1 and levels[-2][0] > levels[-1][0]:
            high, heavy, many = levels.pop()
            low, light, few = levels.pop()
            mean = (high * heavy + low * light) / (heavy + light)
            levels.append([mean, heavy + light, many + few])
    return np.concatenate([np.full(int(n), value) for value, _, n in levels])
