"""Episodes are dated by rule: onset, turn, extreme, and whether it was a recovery."""

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.verification.events import date_episodes


def build_spike() -> np.ndarray:
    price = np.full(80, 100.0)
    price[36:40] = 90.0
    price[40:50] = np.linspace(100, 200, 10)
    price[50:60] = np.linspace(200, 120, 10)
    price[60:] = 120.0
    return np.log(price)[None]


def test_a_spike_has_its_turn_before_and_its_extreme_after_the_onset() -> None:
    (episode,) = date_episodes(build_spike(), Direction.UP)
    assert episode.turn == 36
    assert episode.onset == 45
    assert episode.extreme in {49, 50}
    assert not episode.is_rebound


def test_a_crash_mirrors_a_spike() -> None:
    (episode,) = date_episodes(-build_spike(), Direction.DOWN)
    assert (episode.turn, episode.extreme in {49, 50}) == (36, True)


def test_a_rise_back_to_an_older_price_is_a_rebound() -> None:
    price = np.full(90, 100.0)
    price[40:60] = 55.0
    price[60:] = 95.0
    episodes = date_episodes(np.log(price)[None], Direction.UP)
    assert [episode.is_rebound for episode in episodes] == [True]


def test_missing_months_date_nothing() -> None:
    price = build_spike()
    price[:, 40:60] = np.nan
    assert date_episodes(price, Direction.UP) == []
