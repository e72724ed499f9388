"""How often an outcome followed a score."""

import numpy as np
import pytest

from g7warn.errors import ValidationFailed
from g7warn.models.anomaly.calibrate import PRIOR_CASES, calibrate_score, future_extreme


def test_the_future_extreme_is_the_largest_move_inside_a_closed_window() -> None:
    log_prices = np.array([[0.0, 0.2, -0.1, 0.5, np.nan, 0.1]])
    np.testing.assert_allclose(
        future_extreme(log_prices, months=2, is_up=True)[0],
        [0.2, 0.3, 0.6, -0.4, np.nan, np.nan],
    )
    np.testing.assert_allclose(
        future_extreme(log_prices, months=2, is_up=False)[0],
        [-0.1, -0.3, 0.6, -0.4, np.nan, np.nan],
    )


def test_frequencies_follow_the_score_and_never_fall() -> None:
    rng = np.random.default_rng(0)
    scores = rng.uniform(size=(50, 200))
    outcomes = (rng.uniform(size=scores.shape) < scores * 0.5).astype(float)
    calibration = calibrate_score(scores, outcomes)
    assert (np.diff(calibration.frequencies) >= 0.0).all()
    assert calibration.read(0.9) == pytest.approx(0.45, abs=0.05)
    assert calibration.read(0.1) == pytest.approx(0.05, abs=0.05)
    assert calibration.read(np.nan) == pytest.approx(0.25, abs=0.02)


def test_windows_that_have_not_closed_teach_nothing() -> None:
    scores = np.linspace(0.0, 1.0, 100)[None]
    outcomes = np.zeros((1, 100))
    outcomes[0, 50:] = np.nan
    assert calibrate_score(scores, outcomes).cases == 50


def test_few_cases_stay_near_the_base_rate() -> None:
    scores = np.repeat([0.0, 1.0], [95, 5])[None]
    outcomes = np.repeat([0.0, 1.0], [95, 5])[None]
    calibration = calibrate_score(scores, outcomes)
    assert calibration.read(1.0) == pytest.approx((5 + PRIOR_CASES * 0.05) / (5 + PRIOR_CASES))


def test_nothing_learned_reads_zero() -> None:
    calibration = calibrate_score(np.full((2, 3), np.nan), np.zeros((2, 3)))
    assert calibration.cases == 0
    assert calibration.read(5.0) == 0.0


def test_tables_of_different_shape_are_refused() -> None:
    with pytest.raises(ValidationFailed, match="differ"):
        calibrate_score(np.zeros((2, 3)), np.zeros((3, 2)))
