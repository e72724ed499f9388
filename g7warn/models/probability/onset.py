"""Onset of a spike or a crash: how one is dated.

A spike starts in the first month whose 12-month change is at least +50 % after twelve months
without one; a crash likewise at -33 %. The base of the coming 12-month changes is already known,
so most of the odds are arithmetic: "needs +12 % in 6 months from here".
"""

from typing import Final

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.models.compiled import BoolArray, FloatArray, compiled

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
