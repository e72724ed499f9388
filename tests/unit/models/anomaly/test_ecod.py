"""The second opinion on several changes at once."""

import numpy as np
import pytest

from g7warn.models.anomaly.ecod import Ecod, score_tails
from g7warn.models.anomaly.normal_score import place_to_z


def test_tails_add_up_by_hand() -> None:
    # Changes 1, 2, ..., 40 and then 50: above all forty earlier ones.
    values = np.concatenate([[0.0], np.cumsum(np.r_[np.arange(1.0, 41.0), 50.0])])[None]
    right, left = score_tails(values, spans=(1,))
    assert right[0, -1] == pytest.approx(-np.log(0.5 / 41.0))
    assert left[0, -1] == pytest.approx(-np.log(40.5 / 41.0))


def test_a_burst_over_all_lengths_is_found_with_its_direction() -> None:
    values = np.cumsum(np.random.default_rng(1).normal(0.0, 0.03, (2, 200)), axis=1)
    values[0, -3:] += [0.1, 0.25, 0.5]
    values[1, -3:] -= [0.1, 0.25, 0.5]
    found = Ecod().detect(values)
    assert found.z[0] > 2.0
    assert found.z[1] < -2.0
    assert found.since.tolist() == [199, 199]


def test_a_place_becomes_a_deviation_that_grows_with_the_history() -> None:
    z = place_to_z(np.array([1.0, 1.0, 0.5, np.nan]), np.array([36.0, 360.0, 100.0, 50.0]))
    assert 2.0 < z[0] < z[1] < 5.0
    assert z[2] == pytest.approx(0.0)
    assert np.isnan(z[3])
