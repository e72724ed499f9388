"""Make probabilities mean what they say: Platt scaling of log odds, and log odds themselves."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray

ODDS_FLOOR: Final = 0.002
"""Probabilities are kept this far from 0 and 1 when averaged as log odds: a thousand paths cannot
tell less."""

PRIOR_EVENTS: Final = 20.0
"""Weight of "already calibrated", in events: correction needs more than a handful of them."""


def probability_to_log_odds(probability: FloatArray) -> FloatArray:
    """Return log odds, with probabilities kept away from 0 and 1 by `ODDS_FLOOR`."""
    kept = np.clip(probability, ODDS_FLOOR, 1.0 - ODDS_FLOOR)
    return np.asarray(np.log(kept / (1.0 - kept)))


def log_odds_to_probability(log_odds: FloatArray) -> FloatArray:
    """Return probabilities."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def fit_platt(log_odds: FloatArray, labels: FloatArray) -> tuple[float, float]:
    """Return (offset, slope) so that offset + slope x log odds is calibrated.

    Newton steps on the logistic loss, drawn towards (0, 1) with the weight of `PRIOR_EVENTS`.

    Args:
        log_odds: Forecast out of sample.
        labels: 0 or 1.

    Source:
        Platt (1999), "Probabilistic outputs for support vector machines", in Advances in Large
        Margin Classifiers.
    """
    design = np.column_stack([np.ones_like(log_odds), log_odds])
    prior = np.array([0.0, 1.0])
    line = prior.copy()
    for _ in range(25):
        fitted = log_odds_to_probability(design @ line)
        slope = design.T @ (labels - fitted) - PRIOR_EVENTS * (line - prior)
        bend = (design * (fitted * (1.0 - fitted))[:, None]).T @ design
        step = np.linalg.solve(bend + PRIOR_EVENTS * np.eye(2), slope)
        line = line + step
        if np.max(np.abs(step)) < 1e-8:
            break
    return float(line[0]), float(line[1])
