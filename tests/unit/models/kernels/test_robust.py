"""Robust z against a plain computation."""

import numpy as np

from g7warn.models.kernels.robust import Z_LIMIT, change_z, robust_z


def plain_robust_z(values: np.ndarray, window: int, min_history: int) -> np.ndarray:
    """One series, the textbook way."""
    out = np.full(values.size, np.nan)
    for t, value in enumerate(values):
        past = values[:t][~np.isnan(values[:t])][-window:]
        if past.size >= min_history and not np.isnan(value):
            median = np.median(past)
            out[t] = (value - median) / (1.4826 * np.median(np.abs(past - median)))
    return out


def test_it_equals_the_textbook_computation_with_gaps_and_a_full_window() -> None:
    values = np.random.default_rng(5).standard_t(3, size=(7, 200))
    values[1, 50:60] = np.nan
    values[2, :30] = np.nan
    scores = robust_z(values, window=41, min_history=12)
    expected = np.stack([plain_robust_z(row, 41, 12) for row in values])
    np.testing.assert_allclose(scores, np.clip(expected, -Z_LIMIT, Z_LIMIT), rtol=1e-12)


def test_an_even_window_takes_the_middle_of_the_two_middle_deviations() -> None:
    values = np.array([[1.0, 2.0, 4.0, 9.0, 30.0]])
    # Median 3, deviations 2, 1, 1, 6: their median is 1.5.
    np.testing.assert_allclose(
        robust_z(values, window=10, min_history=4)[0, -1], 27.0 / (1.4826 * 1.5)
    )


def test_a_plateau_falls_back_to_the_mean_deviation() -> None:
    values = np.array([[0.0] * 9 + [1.0] + [0.5]])
    scores = robust_z(values, window=20, min_history=5)
    np.testing.assert_allclose(scores[0, -1], 0.5 / (1.2533 * 0.1))


def test_a_constant_past_scores_zero_until_it_moves_and_the_limit_when_it_does() -> None:
    values = np.array([[3.0] * 10 + [2.9]])
    scores = robust_z(values, window=20, min_history=5)
    assert (scores[0, 5:10] == 0.0).all()
    assert scores[0, -1] == -Z_LIMIT


def test_a_sudden_rise_scores_high_and_its_mirror_low() -> None:
    log_prices = np.cumsum(np.random.default_rng(1).normal(0, 0.03, (1, 150)), axis=1)
    log_prices[0, -1] += 0.5
    assert change_z(log_prices)[0, -1] > 5.0
    np.testing.assert_allclose(change_z(-log_prices), -change_z(log_prices), equal_nan=True)
