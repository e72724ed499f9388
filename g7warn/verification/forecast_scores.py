"""Loss of past forecasts against the random walk, and the coverage of their intervals."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, IntArray
from g7warn.models.forecast import LEVELS, SCORED_LEVELS
from g7warn.models.metrics import pinball_loss

LEAST_HISTORY_MONTHS: Final = 120
"""Observed months before a series' first scored origin: the random walk that is the bar draws its
quantiles from them. Judgement: ten years, one long cycle."""

SCORED: Final = [LEVELS.index(level) for level in SCORED_LEVELS]


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizonScore:
    """Scores of one horizon, one value a scored forecast.

    Attributes:
        series: Row of the forecast.
        month: Origin.
        loss: Mean pinball over 0.05 to 0.95 on log price.
        walk_loss: The same of the random walk with the series' own past changes.
        is_covered: 1 where the 90 % interval held the outcome.
    """

    series: IntArray
    month: IntArray
    loss: FloatArray
    walk_loss: FloatArray
    is_covered: FloatArray

    def ratio_by_series(self) -> dict[int, float]:
        """Return loss over the random walk's loss, by row."""
        return {
            int(row): float(self.loss[self.series == row].mean() / walk)
            for row in np.unique(self.series)
            if (walk := self.walk_loss[self.series == row].mean()) > 0
        }

    def ratio(self) -> float:
        """Return the geometric mean of the ratios over series; NaN without any."""
        ratios = list(self.ratio_by_series().values())
        return float(np.exp(np.mean(np.log(ratios)))) if ratios else np.nan

    def coverage(self) -> float:
        """Return the mean over series of the share covered; NaN without any."""
        rows = np.unique(self.series)
        shares = [self.is_covered[self.series == row].mean() for row in rows]
        return float(np.mean(shares)) if shares else np.nan


def score_horizon(
    log_prices: FloatArray, log_quantiles: FloatArray, *, months: int, origins: IntArray
) -> HorizonScore:
    """Score one horizon at the given origins.

    Only origins with `LEAST_HISTORY_MONTHS` observed months, an observed price and a known outcome
    count.

    Args:
        log_prices: Series x month.
        log_quantiles: Series x month x level, this horizon's.
        months: The horizon.
        origins: Columns that may be scored.
    """
    parts = [
        _score_series(row, log_prices[row], log_quantiles[row], months, origins)
        for row in range(len(log_prices))
    ]
    merged = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return HorizonScore(
        series=merged[0].astype(np.int64),
        month=merged[1].astype(np.int64),
        loss=merged[2],
        walk_loss=merged[3],
        is_covered=merged[4],
    )


def quarterly_origins(months: tuple[str, ...], *, first: str) -> IntArray:
    """Return the columns of March, June, September and December from the month `first` on."""
    chosen = [
        column for column, label in enumerate(months) if label >= first and int(label[5:7]) % 3 == 0
    ]
    return np.asarray(chosen, dtype=np.int64)


def _score_series(
    row: int, price: FloatArray, quantiles: FloatArray, months: int, origins: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    history = np.cumsum(~np.isnan(price))
    usable = origins[origins + months < price.size]
    usable = usable[history[usable] >= LEAST_HISTORY_MONTHS]
    usable = usable[~np.isnan(price[usable] + price[usable + months])]
    usable = usable[~np.isnan(quantiles[usable, 0])]
    if usable.size == 0:
        none = np.zeros(0)
        return none, none, none, none, none
    change = price[months:] - price[:-months]
    walk = []
    for origin in usable:
        past = change[: origin - months + 1]
        walk.append(price[origin] + np.quantile(past[~np.isnan(past)], SCORED_LEVELS))
    outcome = price[usable + months]
    own = quantiles[usable][:, SCORED]
    covered = (outcome >= own[:, 0]) & (outcome <= own[:, -1])
    return (
        np.full(usable.size, float(row)),
        usable.astype(np.float64),
        pinball_loss(own, outcome, SCORED_LEVELS),
        pinball_loss(np.asarray(walk), outcome, SCORED_LEVELS),
        covered.astype(np.float64),
    )


__all__ = [
    "LEAST_HISTORY_MONTHS",
    "HorizonScore",
    "quarterly_origins",
    "score_horizon",
]
