"""Onset of a spike or a crash: how one is dated, and the odds of the next one.

A spike starts in the first month whose 12-month change is at least +50 % after twelve months
without one; a crash likewise at -33 %. The base of the coming 12-month changes is already known,
so most of the odds are arithmetic: "needs +12 % in 6 months from here".
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.models.compiled import BoolArray, FloatArray, compiled
from g7warn.models.forecast.base import QuantileForecast
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward
from g7warn.models.probability.first_passage import passage_by_month
from g7warn.models.probability.rank_paths import PATH_MONTHS

YEAR: Final = 12
"""Months over which a change is counted, and months of quiet before a new onset."""


THRESHOLD_LOG: Final = {Direction.UP: float(np.log(1.5)), Direction.DOWN: float(np.log(1 - 0.33))}
"""12-month log change from which a spike (+50 %) or a crash (-33 %) runs."""

SIGN: Final = {Direction.UP: 1.0, Direction.DOWN: -1.0}


@compiled
def _mark_onsets(running: BoolArray, known: BoolArray) -> BoolArray:
    onsets = np.zeros(running.shape, dtype=np.bool_)
    for i in range(running.shape[0]):
        quiet = 0
        for t in range(running.shape[1]):
            if running[i, t]:
                onsets[i, t] = quiet >= YEAR
                quiet = 0
            elif known[i, t]:
                quiet += 1
    return onsets


def mark_running(log_prices: FloatArray, direction: Direction) -> BoolArray:
    """Return series x month: is the 12-month change at or beyond the threshold?

    Args:
        log_prices: Series x month; NaN = missing, a change with a missing end is no event.
        direction: Spike (up) or crash (down).
    """
    change = np.full(log_prices.shape, np.nan)
    change[:, YEAR:] = log_prices[:, YEAR:] - log_prices[:, :-YEAR]
    # Rounding must not decide: a price exactly 50 % above its base is a spike.
    beyond = SIGN[direction] * (change - THRESHOLD_LOG[direction]) >= -1e-9
    return np.asarray(beyond & ~np.isnan(change))


def mark_onsets(log_prices: FloatArray, direction: Direction) -> BoolArray:
    """Return series x month: does a spike or crash start here?

    Twelve months with a known 12-month change, none beyond the threshold, must come before.
    """
    known = np.zeros(log_prices.shape, dtype=bool)
    known[:, YEAR:] = ~np.isnan(log_prices[:, YEAR:] - log_prices[:, :-YEAR])
    return _mark_onsets(mark_running(log_prices, direction), known)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsetOdds:
    """Odds of an onset by first passage, with the arithmetic behind them.

    Attributes:
        probability: Series x horizon, in [0, 1], not falling with the horizon; NaN without a
            recent price.
        needed_log_move: Series x horizon: smallest log move from the last price that would start
            an event within the horizon (negative for a crash); NaN while none can start.
        is_running: Per series: the event runs now (or ran within the last twelve months and
            blocks a new onset in the whole horizon, when `needed_log_move` is NaN).
    """

    probability: FloatArray
    needed_log_move: FloatArray
    is_running: BoolArray


def onset_odds(
    forecast: QuantileForecast, log_prices: FloatArray, direction: Direction
) -> OnsetOdds:
    """Return the odds of a spike or crash onset within each horizon of the forecast.

    Args:
        forecast: Made from the same matrix.
        log_prices: Series x month up to the origin; the last 24 columns are read.
        direction: Spike (up) or crash (down).
    """
    sign = SIGN[direction]
    filled = carry_forward(log_prices[:, -3 * YEAR :], CARRY_LIMIT_MONTHS)
    barriers, first_open = _barriers(filled, forecast.base_log_price, direction)
    by_month = passage_by_month(forecast, barriers, sign)
    is_open = np.arange(1, PATH_MONTHS + 1) >= first_open[:, None]
    last = [months - 1 for months in forecast.horizons_months]
    probability = np.cumsum(np.where(is_open, by_month, 0.0), axis=1)[:, last]
    candidates = np.where(is_open & ~np.isnan(barriers), sign * barriers, np.inf)
    needed = np.minimum.accumulate(candidates, axis=1)[:, last]
    probability[np.isnan(forecast.base_log_price)] = np.nan
    return OnsetOdds(
        probability=np.clip(probability, 0.0, 1.0),
        needed_log_move=np.where(np.isinf(needed), np.nan, sign * needed),
        is_running=mark_running(filled, direction)[:, -1],
    )


def _barriers(
    filled: FloatArray, base: FloatArray, direction: Direction
) -> tuple[FloatArray, FloatArray]:
    """Return the barrier of each coming month (log change) and the first month open to an onset."""
    n_series, n_months = filled.shape
    bases = np.full((n_series, PATH_MONTHS), np.nan)
    for month in range(1, PATH_MONTHS + 1):
        column = n_months - 1 + month - YEAR
        if column >= 0:
            bases[:, month - 1] = filled[:, column]
    barriers = bases - base[:, None] + THRESHOLD_LOG[direction]
    running = mark_running(filled, direction)
    ages = np.where(running, np.arange(n_months)[::-1], 10 * YEAR)
    newest = ages.min(axis=1).astype(np.float64)
    return barriers, YEAR + 1 - newest
