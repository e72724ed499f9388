"""Platt scaling mends what is miscalibrated and leaves the rest nearly alone."""

import numpy as np
import pytest

from g7warn.models.calibrate import (
    fit_platt,
    log_odds_to_probability,
    probability_to_log_odds,
)


def draw(slope: float, n: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    stated = rng.normal(-1.0, 1.0, size=n)
    return stated, (rng.random(n) < log_odds_to_probability(slope * stated)).astype(float)


def test_overconfident_odds_are_pulled_in() -> None:
    offset, slope = fit_platt(*draw(0.5))
    assert slope == pytest.approx(0.5, abs=0.08)
    assert offset == pytest.approx(0.0, abs=0.1)


def test_a_handful_of_events_moves_next_to_nothing() -> None:
    stated, happened = draw(0.5, n=20)
    _, slope = fit_platt(stated, happened)
    assert slope == pytest.approx(1.0, abs=0.25)


def test_log_odds_and_probability_are_inverse_and_certainty_is_kept_finite() -> None:
    probability = np.array([0.1, 0.5, 0.9])
    np.testing.assert_allclose(
        log_odds_to_probability(probability_to_log_odds(probability)), probability
    )
    assert np.isfinite(probability_to_log_odds(np.array([0.0, 1.0]))).all()
