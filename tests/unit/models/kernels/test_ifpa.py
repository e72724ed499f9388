"""IFPA against vectors worked out by hand."""

import numpy as np
import pytest

from g7warn.models.kernels.ifpa import score_ifpa


def hand_z(past: list[float], present: float) -> float:
    """Weighted mean and deviation as FAO writes them, from the oldest to the newest year."""
    weights = np.arange(1, len(past) + 1)
    mean = np.sum(weights * past) / weights.sum()
    years = len(past)
    spread = np.sum(weights * (np.array(past) - mean) ** 2) / ((years - 1) / years * weights.sum())
    return float((present - mean) / np.sqrt(spread))


def test_hand_z_itself_is_right() -> None:
    # Weights 1, 2, 3 on 1, 2, 4: mean 17/6; squares 1 (11/6)^2 + 2 (5/6)^2 + 3 (7/6)^2 = 53/6,
    # over 2/3 of the weights' sum 6.
    assert hand_z([1.0, 2.0, 4.0], 17 / 6) == pytest.approx(0.0)
    assert hand_z([1.0, 2.0, 4.0], 17 / 6 + np.sqrt(53 / 6 / 4)) == pytest.approx(1.0)


def test_it_joins_the_quarterly_and_the_annual_growth() -> None:
    rng = np.random.default_rng(4)
    series = np.cumsum(rng.normal(0.0, 0.05, 96))
    quarterly = {t: np.exp((series[t] - series[t - 3]) / 3) - 1 for t in range(3, 96)}
    annual = {t: np.exp((series[t] - series[t - 12]) / 12) - 1 for t in range(12, 96)}
    t = 95
    z_quarterly = hand_z([quarterly[s] for s in range(11, t, 12)], quarterly[t])
    z_annual = hand_z([annual[s] for s in range(23, t, 12)], annual[t])
    expected = 0.4 * z_quarterly + 0.6 * z_annual
    assert score_ifpa(series[None])[0, t] == pytest.approx(expected)


def test_five_earlier_years_of_both_growths_are_needed() -> None:
    scores = score_ifpa(np.random.default_rng(1).normal(size=(1, 90)))
    assert np.isnan(scores[0, :72]).all()
    assert np.isfinite(scores[0, 72:]).all()


def test_a_constant_price_is_no_anomaly() -> None:
    assert (score_ifpa(np.zeros((1, 90)))[0, 72:] == 0.0).all()
