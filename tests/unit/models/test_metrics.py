"""Scores agree with numbers worked out by hand."""

import numpy as np
import pytest

from g7warn.models.metrics import (
    brier_skill,
    calibration_error,
    contingency_scores,
    integral_transform,
    pinball_loss,
    ranking_area,
    scaled_error,
)


def test_pinball_weighs_misses_by_their_level() -> None:
    loss = pinball_loss(np.array([[1.0, 3.0]]), np.array([2.0]), (0.1, 0.9))
    np.testing.assert_allclose(loss, [(0.1 * 1 + 0.1 * 1) / 2])


def test_the_median_outcome_has_a_transform_of_one_half() -> None:
    assert integral_transform(np.array([[0.0, 1.0, 2.0]]), np.array([1.0]), (0.1, 0.5, 0.9)) == 0.5


def test_area_counts_pairs_in_order_and_ties_for_half() -> None:
    score = np.array([0.9, 0.5, 0.5, 0.1])
    assert ranking_area(score, np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(3.5 / 4)


def test_area_of_one_outcome_alone_is_unknown() -> None:
    assert np.isnan(ranking_area(np.array([0.1, 0.2]), np.zeros(2)))


def test_the_event_rate_has_no_skill_and_the_truth_all() -> None:
    happened = np.array([1.0, 0.0, 0.0, 0.0])
    assert brier_skill(np.full(4, 0.25), happened) == pytest.approx(0.0)
    assert brier_skill(happened, happened) == pytest.approx(1.0)


def test_calibration_error_is_the_gap_of_stated_and_seen() -> None:
    happened = np.array([1.0, 0.0] * 50)
    assert calibration_error(np.full(100, 0.7), happened, bins=1) == pytest.approx(0.2)


def test_contingency_scores_of_a_known_table() -> None:
    scores = contingency_scores(hits=6, misses=4, false_alarms=3, quiet=87)
    assert scores["pod"] == pytest.approx(0.6)
    assert scores["far"] == pytest.approx(1 / 3)
    assert scores["csi"] == pytest.approx(6 / 13)
    assert 0.0 < scores["sedi"] < 1.0


def test_a_warning_that_knows_nothing_has_no_extremal_dependence() -> None:
    scores = contingency_scores(hits=10, misses=90, false_alarms=10, quiet=90)
    assert scores["sedi"] == pytest.approx(0.0)


def test_scaled_error_of_a_plateau_is_unknown() -> None:
    assert np.isnan(scaled_error(1.0, 1.0, np.ones(10)))


def test_an_error_twice_the_usual_monthly_change_is_two() -> None:
    assert scaled_error(5.0, 7.0, np.array([1.0, 2.0, 1.0])) == pytest.approx(2.0)
