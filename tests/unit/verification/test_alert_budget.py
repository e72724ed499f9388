"""Alerts keep the gate, the re-arm and the budget, and thresholds know no future."""

import numpy as np
import pytest

from g7warn.domain.signal import Direction
from g7warn.verification.alert_budget import (
    freeze_thresholds,
    match_leads,
    raise_alerts,
    score_alerts,
)
from g7warn.verification.events import Episode


def no_events(score: np.ndarray) -> np.ndarray:
    return np.zeros(score.shape, dtype=bool)


def test_a_score_that_comes_back_within_six_months_is_the_same_alert() -> None:
    score = np.zeros((1, 40))
    score[0, [5, 6, 9, 20]] = 1.0
    alerts = raise_alerts(score, no_events(score), np.full(score.shape, 0.5))
    assert np.flatnonzero(alerts[0]).tolist() == [5, 20]


def test_no_alert_is_raised_while_the_event_runs() -> None:
    score = np.ones((1, 20))
    running = np.ones((1, 20), dtype=bool)
    assert not raise_alerts(score, running, np.full(score.shape, 0.5)).any()


def test_a_threshold_knows_only_the_months_before_it() -> None:
    score = np.random.default_rng(1).random((20, 120))
    wild = score.copy()
    wild[:, 84:] = 9.0
    before = freeze_thresholds(score, no_events(score), first_month=60)
    after = freeze_thresholds(wild, no_events(wild), first_month=60)
    assert np.array_equal(before[:, :84], after[:, :84], equal_nan=True)
    assert np.isnan(before[:, :60]).all()


def test_a_series_that_used_up_the_budget_of_all_gets_a_threshold_of_its_own() -> None:
    rng = np.random.default_rng(4)
    score = 0.1 * rng.random((20, 240))
    score[0, ::9] = 1.0 + rng.random(27)
    thresholds = freeze_thresholds(score, no_events(score), first_month=180)
    assert np.unique(thresholds[1:, 180:192]).size == 1
    assert thresholds[0, 180] > thresholds[1, 180]
    own = raise_alerts(
        score[:1, :180], no_events(score[:1, :180]), thresholds[:1, 180:181] + 0 * score[:1, :180]
    )
    assert own.sum() <= 3.0 * 0.15 * 15.0


def test_what_quiet_years_left_of_the_budget_lowers_the_threshold_of_the_next() -> None:
    rng = np.random.default_rng(5)
    score = rng.random((20, 240))
    quiet, busy = score.copy(), score.copy()
    quiet[:, 180:192] = 0.0
    busy[:, 180:192:6] = 2.0
    after = [freeze_thresholds(s, no_events(s), first_month=180) for s in (quiet, score, busy)]
    assert after[0][0, 180] == after[2][0, 180]
    assert after[0][0, 192] < after[1][0, 192] < after[2][0, 192]


def test_the_budget_holds_when_the_future_is_like_the_past() -> None:
    rng = np.random.default_rng(2)
    prices = np.cumsum(rng.normal(0, 0.02, size=(40, 360)), axis=1)
    noise = rng.normal(size=(40, 360))
    score = np.array([np.convolve(row, np.ones(6), mode="same") for row in noise])
    record = score_alerts(prices, score, Direction.UP, first_month=180)
    assert record.rate_over_budget == pytest.approx(1.0, abs=0.3)


def test_the_lead_is_counted_from_the_first_alert_of_the_year_before() -> None:
    alerts = np.zeros((1, 60), dtype=bool)
    alerts[0, [20, 32, 38]] = True
    episode = Episode(
        series=0, direction=Direction.UP, onset=40, turn=30, extreme=45, is_rebound=False
    )
    assert match_leads(alerts, [episode]) == [8]
    assert match_leads(np.zeros_like(alerts), [episode]) == [0]


def test_a_score_that_knows_the_future_catches_all_and_chance_little() -> None:
    rng = np.random.default_rng(3)
    prices = np.cumsum(rng.standard_t(4, size=(40, 420)) * 0.06, axis=1)
    known = np.full(prices.shape, np.nan)
    known[:, :-6] = np.max([prices[:, k : k - 6 or None] for k in range(1, 7)], axis=0)[:, :]
    score = np.full(prices.shape, -9.0)
    score[:, 12:-6] = (known - np.roll(prices, 6, axis=1))[:, 12:-6]
    record = score_alerts(prices, score, Direction.UP, first_month=200)
    assert record.caught > 2 * record.chance
