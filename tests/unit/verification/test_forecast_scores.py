"""Scores of past forecasts agree with what was put into them."""

import numpy as np
import pytest

from g7warn.models.forecast import LEVELS
from g7warn.verification.forecast_scores import LEAST_HISTORY_MONTHS, score_horizon


def score_a_walk(spread: float) -> tuple[float, float, list[float]]:
    """Return coverage, MASE and tenths of forecasts that say the walk spreads so many times."""
    rng = np.random.default_rng(7)
    prices = np.cumsum(rng.normal(0.0, 0.05, (40, LEAST_HISTORY_MONTHS + 61)), axis=1)
    normal = np.quantile(rng.normal(0.0, 0.05, 200_000), LEVELS)
    origins = np.arange(LEAST_HISTORY_MONTHS, LEAST_HISTORY_MONTHS + 60)
    quantiles = prices[:, :, None] + spread * normal
    score = score_horizon(prices, quantiles, months=1, origins=origins)
    return score.coverage(), score.mase(), score.transform_tenths()


def test_the_true_distribution_covers_and_transforms_evenly() -> None:
    coverage, mase, tenths = score_a_walk(1.0)
    assert coverage == pytest.approx(0.9, abs=0.02)
    assert mase == pytest.approx(1.0, abs=0.05)
    np.testing.assert_allclose(tenths, 0.1, atol=0.02)


def test_too_narrow_a_distribution_shows_in_the_outer_tenths() -> None:
    coverage, _, tenths = score_a_walk(0.5)
    assert coverage < 0.65
    assert min(tenths[0], tenths[-1]) > 2 * max(tenths[4:6])
