"""Intervals by resampling whole years: neighbouring months and minerals share their shocks."""

from collections.abc import Callable
from typing import Final

import numpy as np

from g7warn.models.compiled import IntArray

DRAWS: Final = 300
"""Resamples: an end of a 90 % interval then rests on fifteen of them. Judgement."""

LEVELS: Final = (0.05, 0.95)
"""Ends of the interval."""


def year_block_interval(
    years: IntArray, statistic: Callable[[IntArray], float], *, seed: int, draws: int = DRAWS
) -> tuple[float, float]:
    """Return the 90 % interval of a statistic when whole years are drawn with replacement.

    Args:
        years: Calendar year of each observation.
        statistic: From positions of observations (repeats allowed) to a number.
        seed: Fixes the draws.
        draws: Number of resamples.

    Returns:
        Low and high; NaN with fewer than three years.
    """
    blocks = [np.flatnonzero(years == year) for year in np.unique(years)]
    if len(blocks) < 3:
        return np.nan, np.nan
    draw = np.random.default_rng(seed)
    values = []
    for _ in range(draws):
        chosen = draw.integers(0, len(blocks), size=len(blocks))
        values.append(statistic(np.concatenate([blocks[k] for k in chosen])))
    kept = np.asarray(values)[~np.isnan(values)]
    if kept.size == 0:
        return np.nan, np.nan
    low, high = np.quantile(kept, LEVELS)
    return float(low), float(high)
