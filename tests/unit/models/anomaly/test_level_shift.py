"""Where the level of a series has shifted, and where it only wanders."""

import numpy as np
import pytest

from g7warn.errors import InsufficientHistory
from g7warn.models.anomaly.level_shift import (
    LevelShift,
    _partition,
    partition_levels,
)


def cost_of(values: np.ndarray, cuts: list[int], penalty: float) -> float:
    parts = np.split(values, cuts)
    return sum(float(((p - p.mean()) ** 2).sum()) for p in parts) + penalty * len(cuts)


def test_the_partition_is_the_cheapest_of_all() -> None:
    values = np.random.default_rng(8).normal(size=24)
    values[9:16] += 3.0
    last = _partition(values, 4.0, 3)
    found, end = [], values.size
    while end > 0:
        end = int(last[end])
        found.insert(0, end)
    best = cost_of(values, found[1:], 4.0)
    places = range(3, 22)
    others = [[]] + [[a] for a in places] + [[a, b] for a in places for b in range(a + 3, 22)]
    assert best <= min(cost_of(values, cuts, 4.0) for cuts in others) + 1e-9


def test_one_shift_is_found_in_its_place_and_direction() -> None:
    values = np.random.default_rng(2).normal(0.0, 1.0, 100)
    values[60:] -= 4.0
    partition = partition_levels(values)
    assert partition.starts.tolist() == [60]
    assert partition.z < -5.0


def test_a_wandering_series_is_not_cut_to_pieces() -> None:
    walks = np.cumsum(np.random.default_rng(3).normal(size=(20, 200)), axis=1)
    counts = [partition_levels(walk).starts.size for walk in walks]
    assert np.mean(counts) < 1.0


def test_a_walk_is_explained_by_its_correlation_and_steps_by_their_shifts() -> None:
    noise = np.random.default_rng(4).normal(size=300)
    assert partition_levels(np.cumsum(noise)).correlation >= 0.9
    assert partition_levels(noise).correlation <= 0.2
    steps = partition_levels(noise + np.repeat([0.0, 9.0, -5.0], 100))
    assert steps.correlation <= 0.2
    assert steps.starts.tolist() == [100, 200]


def test_too_short_a_series_is_refused_and_a_row_of_it_has_no_finding() -> None:
    with pytest.raises(InsufficientHistory, match="15 values"):
        partition_levels(np.arange(14.0))
    assert np.isnan(LevelShift().detect(np.arange(14.0)[None]).z[0])


def test_columns_are_counted_with_the_gaps_that_were_skipped() -> None:
    values = np.random.default_rng(2).normal(0.0, 0.1, 100)
    values[60:] += 4.0
    gappy = np.insert(values, 30, [np.nan] * 7)
    found = LevelShift().detect(gappy[None])
    assert found.since[0] == 67
    assert found.z[0] > 5.0
