"""Paths like another one."""

import numpy as np

from g7warn.models.analogues import find_analogues, scale_paths


def test_the_same_path_at_another_level_and_scale_is_the_nearest() -> None:
    rng = np.random.default_rng(0)
    shape = np.cumsum(rng.normal(0.0, 0.05, 60))
    other = np.cumsum(rng.normal(0.0, 0.05, 120))
    other[20:80] = 3.0 + shape
    series = np.stack([other, np.concatenate([np.zeros(60), shape])])
    series[1, :60] += np.cumsum(rng.normal(0.0, 0.05, 60))[::-1]
    paths = scale_paths(series)
    found = find_analogues(paths, row=1, column=119, closed_months=6, wanted=5)
    assert (found.rows[0], found.columns[0]) == (0, 79)
    assert (np.diff(found.distances) >= 0.0).all()


def test_only_months_whose_future_is_known_count() -> None:
    series = np.cumsum(np.random.default_rng(1).normal(size=(4, 100)), axis=1)
    found = find_analogues(scale_paths(series), row=0, column=99, closed_months=12, wanted=50)
    assert found.columns.size > 0
    assert found.columns.max() <= 87


def test_one_series_gives_at_most_one_analogue_a_year() -> None:
    series = np.cumsum(np.random.default_rng(1).normal(size=(1, 120)), axis=1)
    found = find_analogues(scale_paths(series), row=0, column=119, closed_months=6, wanted=50)
    assert len(set(found.columns // 12)) == found.columns.size


def test_a_path_with_a_gap_or_without_a_move_has_no_analogue() -> None:
    series = np.vstack([np.full(60, 2.0), np.cumsum(np.random.default_rng(2).normal(size=60))])
    series[1, 55] = np.nan
    paths = scale_paths(series)
    for row in (0, 1):
        found = find_analogues(paths, row=row, column=59, closed_months=6, wanted=5)
        assert found.rows.size == 0
