"""Excessive variability: too many extreme days in the last quarter, for one side at a time."""

import math
from functools import cache
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.kernels.growth import expanding_percentile, log_change
from g7warn.models.kernels.rows import check_matrix, run_rows

WINDOW_DAYS: Final = 60
"""Trading days counted: a quarter (IFPRI's excessive food price variability early warning)."""

TAIL: Final = 0.05
"""Share of days that lie beyond the conditional quantile in calm times."""

RED: Final = 0.025
"""Probability of so many extreme days by chance, at or below which the market is in red."""

_DECAY: Final = 0.94
"""Weight kept from day to day (RiskMetrics 1996, daily data)."""

_MIN_DAYS: Final = 250
"""Past days before a quantile is stated: one year. Judgement."""


@compiled
def _scale_rows(changes: FloatArray, out: FloatArray, decay: float) -> None:
    for i in range(changes.shape[0]):
        total, weights = 0.0, 0.0
        for t in range(changes.shape[1]):
            change = changes[i, t]
            if np.isnan(change):
                continue
            if total > 0.0:
                out[i, t] = change / np.sqrt(total / weights)
            total = decay * total + change * change
            weights = decay * weights + 1.0


@compiled
def _count_rows(places: FloatArray, out: FloatArray, window: int, tail: float) -> None:
    for i in range(places.shape[0]):
        flags = np.zeros(window)
        seen, total = 0, 0.0
        for t in range(places.shape[1]):
            if np.isnan(places[i, t]):
                continue
            flag = 1.0 if places[i, t] > 1.0 - tail else 0.0
            total += flag - flags[seen % window]
            flags[seen % window] = flag
            seen += 1
            if seen >= window:
                out[i, t] = total


@cache
def binomial_tail(trials: int, chance: float) -> FloatArray:
    """Return P(at least k successes in `trials`), for k = 0 ... trials."""
    terms = [
        math.comb(trials, k) * chance**k * (1.0 - chance) ** (trials - k) for k in range(trials + 1)
    ]
    return np.cumsum(np.asarray(terms)[::-1])[::-1].clip(0.0, 1.0)


def excessive_variability(
    log_prices: FloatArray, *, is_up: bool, window_days: int = WINDOW_DAYS
) -> tuple[FloatArray, FloatArray]:
    """Return the extreme days among the last `window_days` and their probability by chance.

    A day is extreme when its change, over the volatility known the day before, lies beyond the
    95 % quantile of the series' own earlier ones.

    Args:
        log_prices: Series x trading day; days without a price are skipped, and the change across
            a skipped day is missing.
        is_up: Whether extreme rises are counted, else extreme falls.
        window_days: Days counted.

    Returns:
        Counts and binomial tail probabilities, both series x day; NaN before a year of changes and
        a full window.

    Source:
        After Martins-Filho, Yao and Torero (2018), Econometric Theory 34(1), and the traffic light
        of IFPRI's Food Security Portal: counts tested against Binomial(60, 0.05), red at 2.5 %.
        The conditional quantile here is an EWMA scale times an empirical quantile.
    """
    check_matrix(log_prices)
    sign = 1.0 if is_up else -1.0
    scaled = run_rows(_scale_rows, sign * log_change(log_prices, periods=1), _DECAY)
    places = expanding_percentile(scaled, min_history=_MIN_DAYS)
    counts = run_rows(_count_rows, places, window_days, TAIL)
    table = binomial_tail(window_days, TAIL)
    chance = np.full(counts.shape, np.nan)
    known = ~np.isnan(counts)
    chance[known] = table[counts[known].astype(np.int64)]
    return counts, chance
