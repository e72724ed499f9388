"""A small fitted model, made once a session: fitting takes seconds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from g7warn.models.artefact import ModelFacts, pack_model
from g7warn.models.probability import StressModel, fit_stress_model

FACTS = ModelFacts(
    training_cutoff="2021-12", data_vintage="made up", seed=3, series_ids=("a",), scores={}
)


@lru_cache
def fitted_model() -> StressModel:
    """Return a model of thirty made-up prices."""
    rng = np.random.default_rng(5)
    return fit_stress_model(np.cumsum(rng.standard_t(4, size=(30, 240)) * 0.06, axis=1), seed=3)


@lru_cache
def packed_model() -> bytes:
    """Return its artefact."""
    return pack_model(fitted_model(), FACTS)
