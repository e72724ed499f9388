"""Loss of past forecasts against the random walk, their scaled errors and their calibration."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import BoolArray, FloatArray, IntArray
from g7warn.models.forecast import LEVELS, SCORED_LEVELS
from g7warn.models.metrics import integral_transform, pinball_loss, scaled_error

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
        error: Of the median, over the mean monthly change until then; NaN for a flat history.
        place: Of the outcome in its forecast, 0 below the 90 % interval, 1 above it.
    """

    series: IntArray
    month: IntArray
    loss: FloatArray
    walk_loss: FloatArray
    error: FloatArray
    place: FloatArray

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
        """Return the mean over series of the share inside the 90 % interval; NaN without any."""
        return self._average((self.place > 0.0) & (self.place < 1.0))

    def mase(self) -> float:
        """Return the mean over series of the mean scaled error of the median; NaN without any."""
        return self._average(self.error)

    def transform_tenths(self) -> list[float]:
        """Return the share of outcomes in each tenth of their forecasts: 0.1 when calibrated."""
        counts, _ = np.histogram(self.place, bins=10, range=(0.0, 1.0))
        shares: list[float] = (counts / max(1, self.place.size)).tolist()
        return shares

    def _average(self, values: FloatArray | BoolArray) -> float:
        means = [values[self.series == row].mean() for row in np.unique(self.series)]
        known = [mean for mean in means if not np.isnan(mean)]
        return float(np.mean(known)) if known else np.nan


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
        error=merged[4],
        place=merged[5],
    )


def quarterly_origins(months: tuple[str, ...], *, first: str) -> IntArray:
    """Return the columns of March, June, September and December from the month `first` on."""
    chosen = [
        column for column, label in enumerate(months) if label >= first and int(label[5:7]) % 3 == 0
    ]
    return np.asarray(chosen, dtype=np.int64)


def _score_series(
    row: int, price: FloatArray, quantiles: FloatArray, months: int, origins: IntArray
) -> tuple[FloatArray, ...]:
    history = np.cumsum(~np.isnan(price))
    usable = origins[origins + months < price.size]
    usable = usable[history[usable] >= LEAST_HISTORY_MONTHS]
    usable = usable[~np.isnan(price[usable] + price[usable + months])]
    usable = usable[~np.isnan(quantiles[usable, 0])]
    if usable.size == 0:
        none = np.zeros(0)
        return none, none, none, none, none, none
    change = price[months:] - price[:-months]
    walk = []
    for origin in usable:
        past = change[: origin - months + 1]
        walk.append(price[origin] + np.quantile(past[~np.isnan(past)], SCORED_LEVELS))
    outcome = price[usable + months]
    own = quantiles[usable][:, SCORED]
    median = quantiles[usable, LEVELS.index(0.5)]
    rows = zip(median, outcome, usable, strict=True)
    errors = [scaled_error(middle, value, price[: origin + 1]) for middle, value, origin in rows]
    return (
        np.full(usable.size, float(row)),
        usable.astype(np.float64),
        pinball_loss(own, outcome, SCORED_LEVELS),
        pinball_loss(np.asarray(walk), outcome, SCORED_LEVELS),
        np.asarray(errors),
        integral_transform(own, outcome, SCORED_LEVELS),
    )


__all__ = [
    "LEAST_HISTORY_MONTHS",
    "HorizonScore",
    "quarterly_origins",
    "score_horizon",
]
