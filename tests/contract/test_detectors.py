"""Every registered detector keeps the promise of `models.anomaly.base`."""

from __future__ import annotations

import numpy as np
import pytest

from g7warn.errors import ValidationFailed
from g7warn.models.anomaly.base import DETECTORS, Detector

ALL = DETECTORS.list_all()
each_detector = pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in ALL])


def build_matrix(*, seed: int = 6) -> np.ndarray:
    """Six wandering series; the first jumps up at the end, the second fell a year ago."""
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(0.0, 0.03, size=(6, 240)), axis=1) + 5.0
    values[0, -1] += 0.8
    values[1, -12:] -= 1.5
    values[2, 90:95] = np.nan
    values[3, :100] = np.nan
    return values


def test_the_register_holds_detectors() -> None:
    assert {"ecod", "level_shift", "robust_jump"} <= {one.name for one in ALL}


@each_detector
def test_there_is_one_finding_a_series_and_the_input_is_not_written_to(one: Detector) -> None:
    values = build_matrix()
    values.flags.writeable = False
    found = one.detect(values)
    assert found.z.shape == found.since.shape == (6,)
    assert (found.since < values.shape[1]).all()


@each_detector
def test_what_is_cut_off_cannot_be_seen(one: Detector) -> None:
    # Views, not copies: a compiled loop that runs over its edge reads what was cut off.
    values = build_matrix()
    wild = values.copy()
    wild[:, 200:] = -9.0
    kept, tempted = one.detect(values[:, :200]), one.detect(wild[:, :200])
    np.testing.assert_array_equal(tempted.z, kept.z)
    np.testing.assert_array_equal(tempted.since, kept.since)


@each_detector
def test_gaps_and_a_late_start_are_bridged_and_disturb_no_other_series(one: Detector) -> None:
    values = build_matrix()
    found = one.detect(values)
    assert np.isfinite(found.z).all()
    full = np.delete(values, [2, 3], axis=0)
    np.testing.assert_array_equal(np.delete(found.z, [2, 3]), one.detect(full).z)


@each_detector
def test_the_same_input_gives_the_same_bits(one: Detector) -> None:
    np.testing.assert_array_equal(one.detect(build_matrix()).z, one.detect(build_matrix()).z)


@each_detector
def test_the_mirrored_series_gives_the_mirrored_direction(one: Detector) -> None:
    values = build_matrix()
    np.testing.assert_allclose(one.detect(-values).z, -one.detect(values).z, atol=1e-9)


@each_detector
def test_another_level_and_scale_change_nothing(one: Detector) -> None:
    values = build_matrix()
    np.testing.assert_allclose(one.detect(3.0 * values + 7.0).z, one.detect(values).z, atol=1e-6)


@each_detector
def test_a_series_without_a_newest_value_has_no_finding(one: Detector) -> None:
    values = build_matrix()
    values[4, -1] = np.nan
    found = one.detect(values)
    assert np.isnan(found.z[4])
    assert found.since[4] == -1


@each_detector
def test_a_constant_series_is_calm(one: Detector) -> None:
    found = one.detect(np.full((1, 240), 4.0))
    assert found.z[0] == 0.0 or np.isnan(found.z[0])
    assert found.since[0] == -1


@each_detector
def test_a_single_point_and_an_empty_matrix_have_no_finding(one: Detector) -> None:
    assert np.isnan(one.detect(np.array([[1.0]])).z[0])
    assert one.detect(np.empty((0, 240))).z.shape == (0,)


@each_detector
def test_an_infinite_value_is_refused(one: Detector) -> None:
    with pytest.raises(ValidationFailed):
        one.detect(np.array([[1.0, -np.inf, 2.0]]))
