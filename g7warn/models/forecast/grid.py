"""The grid on which a predictive distribution is written down, and reading between its points."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray

HORIZONS_MONTHS: Final = (1, 3, 6, 12)
"""Horizons of every forecast, in months ahead of the last observed month."""

LEVELS: Final = (0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99)
"""Probability levels of the quantiles: the 19 scored ones (0.05 to 0.95) and four in the tails."""

SCORED_LEVELS: Final = tuple(round(0.05 * k, 2) for k in range(1, 20))
"""Levels whose mean pinball loss is the score of a forecast."""


def order_quantiles(quantiles: FloatArray) -> FloatArray:
    """Return `quantiles` sorted along the last axis, so that they never cross.

    Rearrangement never raises the pinball loss.

    Args:
        quantiles: Any shape, last axis over increasing levels; NaN rows stay NaN.

    Source:
        Chernozhukov, Fernandez-Val, Galichon (2010), Econometrica 78(3), "Quantile and
        probability curves without crossing".
    """
    return np.sort(quantiles, axis=-1)


def quantile_weights(levels: Sequence[float], wanted: FloatArray) -> FloatArray:
    """Return the matrix that turns quantiles on `levels` into quantiles on `wanted`.

    Between levels the quantile function is linear; outside them the slope of the outermost pair,
    per unit of log tail probability, is continued: an exponential tail.

    Args:
        levels: Increasing levels of the known quantiles, at least two.
        wanted: Levels to read, strictly inside (0, 1).

    Returns:
        Weights, wanted x levels; each row sums to one.
    """
    known = np.asarray(levels, dtype=np.float64)
    weights = np.zeros((wanted.size, known.size))
    for row, level in enumerate(wanted):
        if level < known[0]:
            reach = np.log(known[0] / level) / np.log(known[1] / known[0])
            weights[row, 0], weights[row, 1] = 1.0 + reach, -reach
        elif level > known[-1]:
            gap = np.log((1.0 - known[-2]) / (1.0 - known[-1]))
            reach = np.log((1.0 - known[-1]) / (1.0 - level)) / gap
            weights[row, -1], weights[row, -2] = 1.0 + reach, -reach
        else:
            right = int(np.clip(np.searchsorted(known, level), 1, known.size - 1))
            share = (level - known[right - 1]) / (known[right] - known[right - 1])
            weights[row, right - 1], weights[row, right] = 1.0 - share, share
    return weights
