"""Counting extreme days and their chance."""

import numpy as np
import pytest

from g7warn.models.kernels.variability import RED, binomial_tail, excessive_variability


def test_the_tail_is_binomial() -> None:
    tail = binomial_tail(60, 0.05)
    assert tail[0] == pytest.approx(1.0)
    assert tail[1] == pytest.approx(1.0 - 0.95**60)
    # By hand: the smallest count whose tail is at most 2.5 % is eight.
    assert tail[8] <= RED < tail[7]


def build_days(*, wild: bool) -> np.ndarray:
    """600 calm days with symmetric shocks; at the end jumps on every fifth day if wild."""
    changes = np.random.default_rng(9).uniform(-0.01, 0.01, 600)
    if wild:
        changes[-60::5] = 0.012 * 1.4 ** np.arange(12)
    return np.cumsum(changes)[None]


def test_a_quarter_full_of_jumps_is_red_for_rises_and_calm_for_falls() -> None:
    counts, chance = excessive_variability(build_days(wild=True), is_up=True)
    assert counts[0, -1] >= 8
    assert chance[0, -1] <= RED
    assert excessive_variability(build_days(wild=True), is_up=False)[1][0, -1] > RED


def test_a_calm_quarter_is_not_red() -> None:
    assert excessive_variability(build_days(wild=False), is_up=True)[1][0, -1] > RED


def test_days_before_a_year_of_changes_have_no_count() -> None:
    counts, _ = excessive_variability(build_days(wild=False), is_up=True)
    assert np.isnan(counts[0, :300]).all()
