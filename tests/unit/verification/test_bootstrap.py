"""Whole years are drawn together, so that shared shocks stay shared."""

import numpy as np

from g7warn.verification.bootstrap import year_block_interval


def test_the_interval_holds_the_mean_and_repeats_with_its_seed() -> None:
    years = np.repeat(np.arange(2000, 2020), 12)
    values = np.random.default_rng(1).normal(size=years.size)
    first = year_block_interval(years, lambda rows: float(values[rows].mean()), seed=1)
    assert first[0] < values.mean() < first[1]
    assert first == year_block_interval(years, lambda rows: float(values[rows].mean()), seed=1)


def test_months_of_one_year_that_move_together_widen_the_interval() -> None:
    years = np.repeat(np.arange(2000, 2020), 12)
    rng = np.random.default_rng(2)
    alone, shared = rng.normal(size=years.size), np.repeat(rng.normal(size=20), 12)
    widths = [
        np.subtract(
            *reversed(year_block_interval(years, lambda k, v=v: float(v[k].mean()), seed=1))
        )
        for v in (alone, shared)
    ]
    assert widths[1] > 2 * widths[0]


def test_two_years_give_no_interval() -> None:
    years = np.repeat([2000, 2001], 12)
    assert np.isnan(year_block_interval(years, lambda _: 1.0, seed=1)).all()
