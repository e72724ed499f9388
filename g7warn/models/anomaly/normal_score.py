"""From a place among the past to standard normal deviations: one scale for every score."""

from typing import Final

import numpy as np
from scipy.stats import norm

from g7warn.models.compiled import FloatArray

_LIMIT: Final = 5.0
"""Largest deviation stated: no history is long enough to tell more apart."""


def place_to_z(places: FloatArray, history: FloatArray) -> FloatArray:
    """Return the normal deviation that corresponds to a place among so many past values.

    A record among n values is no more than the n-th of n + 1: z stays finite and grows slowly with
    the length of the history.

    Args:
        places: Shares of past values below, 0 to 1; NaN stays NaN.
        history: Number of past values behind each place.

    Returns:
        Same shape, cut at +-5.
    """
    corrected = (places * history + 0.5) / (history + 1.0)
    return np.asarray(np.clip(norm.ppf(corrected), -_LIMIT, _LIMIT), dtype=np.float64)
