"""Probabilities of stress: how likely is a move of a given severity, a spike, a crash.

Promise: values in [0, 1], falling with severity, not falling with the horizon, NaN only for a
series without a recent price. May import: `models.forecast`, errors, NumPy, SciPy.

To add a probability, write a module that turns a `QuantileForecast` or a panel into values per
series and horizon, and export it here.
"""

from g7warn.domain.signal import Direction
from g7warn.models.probability.first_passage import (
    FALLS,
    RISES,
    PassageProbabilities,
    first_passage_probability,
)
from g7warn.models.probability.onset import SIGN, mark_onsets, mark_running
from g7warn.models.probability.stress import (
    ODDS_FEATURES,
    StressForecast,
    StressModel,
    TargetOdds,
    fit_stress_model,
)
from g7warn.models.probability.targets import TARGETS, Target, TargetKind
from g7warn.models.probability.untrained import (
    StressPredictor,
    UntrainedStressModel,
    fit_stress_or_fall_back,
)

__all__ = [
    "FALLS",
    "ODDS_FEATURES",
    "RISES",
    "SIGN",
    "TARGETS",
    "Direction",
    "PassageProbabilities",
    "StressForecast",
    "StressModel",
    "StressPredictor",
    "Target",
    "TargetKind",
    "TargetOdds",
    "UntrainedStressModel",
    "first_passage_probability",
    "fit_stress_model",
    "fit_stress_or_fall_back",
    "mark_onsets",
    "mark_running",
]
