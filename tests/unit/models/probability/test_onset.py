"""Spikes and crashes are dated mechanically, and the odds of the next follow the arithmetic."""

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.models.forecast import EwmaPooledForecaster
from g7warn.models.probability import (
    TargetOdds,
    UntrainedStressModel,
    mark_onsets,
    mark_running,
)


def spike_odds(prices: np.ndarray, *, months: int = 6) -> TargetOdds:
    model = UntrainedStressModel(forecaster=EwmaPooledForecaster().fit(prices))
    return model.predict(prices).odds[f"onset_up_{months}"]


def flat(months: int = 60) -> np.ndarray:
    return np.zeros((1, months))


def test_a_rise_of_half_over_a_year_after_a_quiet_year_is_an_onset() -> None:
    prices = flat()
    prices[0, 40:] = np.log(1.5)
    assert np.flatnonzero(mark_onsets(prices, Direction.UP)[0]).tolist() == [40]
    assert mark_running(prices, Direction.UP)[0].sum() == 12


def test_a_second_jump_within_a_year_of_the_first_is_the_same_event() -> None:
    prices = flat(80)
    prices[0, 40:45] = np.log(1.5)
    prices[0, 50:] = np.log(1.6)
    assert np.flatnonzero(mark_onsets(prices, Direction.UP)[0]).tolist() == [40]


def test_a_fall_of_a_third_starts_a_crash_and_no_spike() -> None:
    prices = flat()
    prices[0, 40:] = np.log(0.67)
    assert mark_onsets(prices, Direction.DOWN)[0, 40]
    assert not mark_onsets(prices, Direction.UP).any()


def test_no_onset_is_dated_before_a_year_of_known_changes() -> None:
    prices = flat()
    prices[0, 20:] = np.log(2.0)
    assert not mark_onsets(prices, Direction.UP).any()


def test_the_needed_move_is_counted_from_the_known_base() -> None:
    prices = flat()
    prices[0, -4:] = np.log(1.4)
    odds = spike_odds(prices)
    np.testing.assert_allclose(np.expm1(odds.needed_log_move[0]), 1.5 / 1.4 - 1, atol=1e-9)


def test_a_running_spike_cannot_start_again_within_the_year() -> None:
    prices = flat()
    prices[0, -1] = np.log(1.6)
    odds = spike_odds(prices, months=12)
    assert mark_running(prices, Direction.UP)[0, -1]
    assert (odds.probability == 0).all()
    assert np.isnan(odds.needed_log_move).all()


def test_the_nearer_the_threshold_the_higher_the_odds() -> None:
    rng = np.random.default_rng(5)
    steps = rng.normal(0, 0.05, size=80)
    near = np.cumsum(steps)
    near[-3:] = near[-12] + np.log(1.4)
    far = near.copy()
    far[-3:] = near[-12] + np.log(1.1)
    panel = np.vstack([near, far])
    odds = spike_odds(panel)
    assert odds.probability[0] > odds.probability[1]
