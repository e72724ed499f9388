"""The gap rule of panels, and the refusal of matrices that are none."""

import numpy as np
import pytest

from g7warn.errors import ValidationFailed
from g7warn.models.forecast import check_panel
from g7warn.models.forecast.panel import carry_forward, future_changes


def test_a_gap_is_carried_up_to_the_limit_and_no_further() -> None:
    row = np.array([[1.0, np.nan, np.nan, np.nan, 2.0, np.nan]])
    carried = carry_forward(row, 2)
    np.testing.assert_array_equal(carried, [[1.0, 1.0, 1.0, np.nan, 2.0, 2.0]])


def test_months_before_the_first_observation_stay_missing() -> None:
    assert np.isnan(carry_forward(np.array([[np.nan, np.nan, 1.0]]), 3)[0, :2]).all()


def test_changes_reach_ahead_and_end_with_the_matrix() -> None:
    changes = future_changes(np.arange(5.0)[None], 2)
    np.testing.assert_array_equal(changes, [[2.0, 2.0, 2.0, np.nan, np.nan]])


@pytest.mark.parametrize(
    "matrix",
    [
        pytest.param(np.zeros(5), id="one dimension"),
        pytest.param(np.zeros((2, 5), dtype=np.int64), id="integers"),
        pytest.param(np.zeros((2, 0)), id="no month"),
        pytest.param(np.array([[0.0, -np.inf]]), id="logarithm of zero"),
    ],
)
def test_a_matrix_that_is_no_panel_is_refused_by_name(matrix: np.ndarray) -> None:
    with pytest.raises(ValidationFailed, match="log prices"):
        check_panel(matrix)
