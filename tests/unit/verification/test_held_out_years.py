"""Held-out years: what is fitted saw nothing of them, and the figures are those of the odds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from g7warn.errors import InsufficientHistory
from g7warn.verification.held_out_years import (
    HELD_OUT_MONTHS,
    LEAST_TRAINING_MONTHS,
    forecast_held_out,
    score_held_out,
)
from tests.support.fitted import fitted_model

if TYPE_CHECKING:
    from g7warn.models.probability import StressPredictor


def build_pool(n_months: int) -> np.ndarray:
    rng = np.random.default_rng(6)
    return np.cumsum(rng.standard_t(4, size=(12, n_months)) * 0.08, axis=1)


def test_the_judged_model_is_fitted_once_on_the_years_before() -> None:
    pool, seen = build_pool(380), list[np.ndarray]()

    def fit(known: np.ndarray, _seed: int) -> StressPredictor:
        seen.append(known)
        return fitted_model()

    past = forecast_held_out(pool, seed=1, fit=fit)
    (known,) = seen
    np.testing.assert_array_equal(known, pool[:, :-HELD_OUT_MONTHS])
    assert np.isnan(past.probability["onset_up_6"][:, : past.first_month]).all()
    scores = score_held_out(pool, past)
    assert 0.0 <= scores["onset_up_6_auc"] <= 1.0
    assert scores["loss_ratio_1"] > 0.0
    assert all(np.isfinite(score) for score in scores.values())


def test_a_pool_too_short_to_be_cut_is_refused() -> None:
    def fit(_known: np.ndarray, _seed: int) -> StressPredictor:
        pytest.fail("nothing is fitted on a history this short")

    with pytest.raises(InsufficientHistory, match="add older prices"):
        forecast_held_out(build_pool(LEAST_TRAINING_MONTHS + HELD_OUT_MONTHS), seed=1, fit=fit)
