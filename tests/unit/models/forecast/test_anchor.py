"""The last daily close is a better centre than the month's average, and a narrower one."""

from dataclasses import replace

import numpy as np

from g7warn.models.forecast import LEVELS, SCORED_LEVELS, anchor_on_close, predict_quantiles
from g7warn.models.metrics import pinball_loss

MONTH_DAYS = 21


def simulate(n_series: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(6)
    daily = np.cumsum(rng.normal(0, 0.015, size=(n_series, 122 * MONTH_DAYS)), axis=1)
    monthly = daily.reshape(n_series, 122, MONTH_DAYS).mean(axis=2)
    return monthly[:, :120], daily[:, 120 * MONTH_DAYS - 1], monthly[:, 120]


def test_the_close_lowers_the_loss_at_one_month_and_keeps_the_coverage() -> None:
    monthly, close, outcome = simulate()
    plain = predict_quantiles(monthly)
    anchored = anchor_on_close(plain, close)
    scored = [LEVELS.index(level) for level in SCORED_LEVELS]
    losses = [
        pinball_loss(forecast.log_quantiles[:, 0, scored], outcome, SCORED_LEVELS).mean()
        for forecast in (plain, anchored)
    ]
    assert losses[1] < 0.8 * losses[0]
    low, high = anchored.at(0.05)[:, 0], anchored.at(0.95)[:, 0]
    assert 0.85 < np.mean((outcome >= low) & (outcome <= high)) < 0.95


def test_a_series_without_a_daily_feed_stays_as_it_is() -> None:
    monthly, close, _ = simulate(3)
    plain = predict_quantiles(monthly)
    close[1] = np.nan
    anchored = anchor_on_close(plain, close)
    assert np.array_equal(anchored.log_quantiles[1], plain.log_quantiles[1])
    assert np.array_equal(
        replace(anchored, log_quantiles=plain.log_quantiles).base_log_price, plain.base_log_price
    )


def test_what_the_forecast_expects_after_the_first_month_stays() -> None:
    monthly, close, _ = simulate(3)
    plain = predict_quantiles(monthly)
    falling = replace(
        plain, log_quantiles=plain.log_quantiles - np.array([0.0, 0.1, 0.2, 0.3])[:, None]
    )
    median = anchor_on_close(falling, close).at(0.5)
    np.testing.assert_allclose(median[:, 0], close)
    np.testing.assert_allclose(median - median[:, :1], falling.at(0.5) - falling.at(0.5)[:, :1])
