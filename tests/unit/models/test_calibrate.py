"""Log odds and probabilities turn into one another, and certainty stays finite."""

import numpy as np

from g7warn.models.calibrate import log_odds_to_probability, probability_to_log_odds


def test_log_odds_and_probability_are_inverse() -> None:
    probability = np.array([0.1, 0.5, 0.9])
    np.testing.assert_allclose(
        log_odds_to_probability(probability_to_log_odds(probability)), probability
    )


def test_certainty_is_kept_finite() -> None:
    assert np.isfinite(probability_to_log_odds(np.array([0.0, 1.0]))).all()
