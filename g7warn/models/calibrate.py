"""Probabilities as log odds, the scale on which they are averaged."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray

ODDS_FLOOR: Final = 0.002
"""Probabilities are kept this far from 0 and 1 when averaged as log odds: a thousand paths cannot
tell less."""


def probability_to_log_odds(probability: FloatArray) -> FloatArray:
    """Return log odds, with probabilities kept away from 0 and 1 by `ODDS_FLOOR`."""
    kept = np.clip(probability, ODDS_FLOOR, 1.0 - ODDS_FLOOR)
    return np.asarray(np.log(kept / (1.0 - kept)))


def log_odds_to_probability(log_odds: FloatArray) -> FloatArray:
    """Return probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
