"""ALPS against an ordinary least-squares fit on the past."""

import numpy as np

from g7warn.models.kernels.alps import score_alps
from g7warn.models.kernels.robust import Z_LIMIT


def plain_alps(log_prices: np.ndarray, t: int, first_month: int) -> float:
    """Fit trend and month dummies on the months before t with a matrix, predict t."""
    times = np.arange(log_prices.size)
    dummies = ((first_month + times) % 12)[:, None] == np.arange(12)
    design = np.column_stack([times, dummies]).astype(float)
    past = times < t
    past &= ~np.isnan(log_prices)
    beta, *_ = np.linalg.lstsq(design[past], log_prices[past], rcond=None)
    residuals = log_prices[past] - design[past] @ beta
    freedom = past.sum() - 13
    deviation = np.sqrt(residuals @ residuals / freedom)
    return float((log_prices[t] - design[t] @ beta) / deviation)


def test_it_equals_least_squares_on_the_strict_past() -> None:
    rng = np.random.default_rng(3)
    series = np.cumsum(rng.normal(0.0, 0.05, 140)) + 0.1 * np.sin(np.arange(140) / 2.0)
    series[70:75] = np.nan
    scores = score_alps(series[None], first_month=4)
    for t in (60, 90, 139):
        np.testing.assert_allclose(scores[0, t], plain_alps(series, t, 4), rtol=1e-8)


def test_a_price_on_its_own_line_scores_zero_and_a_jump_off_it_the_limit() -> None:
    line = 0.01 * np.arange(80.0)[None]
    assert (score_alps(line)[0, 40:] == 0.0).all()
    line[0, -1] -= 0.3
    assert score_alps(line)[0, -1] == -Z_LIMIT


def test_too_short_a_history_has_no_score() -> None:
    assert np.isnan(score_alps(np.zeros((1, 36)))).all()
