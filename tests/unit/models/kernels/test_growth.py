"""Changes and the place of a value among its own past."""

import numpy as np
import pytest

from g7warn.errors import ValidationFailed
from g7warn.models.kernels.growth import expanding_percentile, growth_percentile, log_change


def test_a_change_across_a_missing_end_is_missing() -> None:
    values = np.array([[1.0, np.nan, 4.0, 5.0]])
    expected = np.array([[np.nan, np.nan, np.nan, 1.0]])
    np.testing.assert_array_equal(log_change(values, periods=1), expected)


def test_a_change_longer_than_the_history_is_missing_everywhere() -> None:
    assert np.isnan(log_change(np.ones((2, 3)), periods=5)).all()


def test_the_percentile_counts_strictly_earlier_values_and_ties_by_half() -> None:
    places = expanding_percentile(np.array([[1.0, 2.0, 3.0, 2.0, 9.0, 0.0]]), min_history=3)
    expected = [np.nan, np.nan, np.nan, (1 + 0.5) / 3, 1.0, 0.0]
    np.testing.assert_allclose(places[0], expected)


def test_missing_values_have_no_place_and_do_not_count_as_past() -> None:
    places = expanding_percentile(np.array([[1.0, np.nan, 2.0, 3.0]]), min_history=2)
    np.testing.assert_allclose(places[0], [np.nan, np.nan, np.nan, 1.0])


def test_the_fastest_growth_so_far_stands_at_one() -> None:
    log_prices = np.concatenate([np.sin(np.arange(80.0)) * 0.1, [0.9]])[None]
    assert growth_percentile(log_prices)[0, -1] == 1.0
    assert growth_percentile(-log_prices)[0, -1] == 0.0


def test_an_infinite_logarithm_is_refused_with_its_row() -> None:
    with pytest.raises(ValidationFailed, match="row 1"):
        expanding_percentile(np.array([[1.0], [-np.inf]]))


def test_what_is_no_float_matrix_is_refused() -> None:
    with pytest.raises(ValidationFailed, match="float64 matrix"):
        expanding_percentile(np.array([1.0, 2.0]))
