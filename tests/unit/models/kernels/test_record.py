"""How long ago a value was as high or as low."""

import numpy as np

from g7warn.models.kernels.record import record_age


def test_the_age_counts_columns_since_a_value_at_least_as_high() -> None:
    values = np.array([[5.0, 3.0, 4.0, 4.0, 6.0, 5.0]])
    np.testing.assert_array_equal(record_age(values, is_high=True), [[1, 1, 2, 1, 5, 1]])


def test_lows_mirror_highs() -> None:
    values = np.random.default_rng(2).normal(size=(4, 60))
    np.testing.assert_array_equal(
        record_age(values, is_high=False), record_age(-values, is_high=True)
    )


def test_a_gap_has_no_age_but_time_passes() -> None:
    values = np.array([[np.nan, 2.0, 1.0, np.nan, 2.0]])
    np.testing.assert_array_equal(record_age(values, is_high=True), [[np.nan, 1, 1, np.nan, 3]])
