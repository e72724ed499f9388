"""Scores of past odds: which months count, and what was said against what came."""

import numpy as np
import pytest

from g7warn.models.probability import TARGETS
from g7warn.verification.odds_scores import OddsSample, sample_odds

SPIKE = next(target for target in TARGETS if target.name == "onset_up_6")


def sample(probability: list[float], happened: list[float]) -> OddsSample:
    size = np.arange(len(probability), dtype=np.int64)
    return OddsSample(
        series=size,
        month=size,
        probability=np.array(probability),
        first_passage=np.array(probability),
        happened=np.array(happened),
    )


def test_a_class_tells_what_was_stated_and_what_was_observed() -> None:
    classes = sample([0.0, 0.01, 0.11, 0.15, 1.0], [0.0, 0.0, 0.0, 1.0, 1.0]).reliability()
    assert [months for _, _, months in classes] == [2, 2, 1]
    assert classes[1] == pytest.approx((0.13, 0.5, 2))
    assert classes[2] == (1.0, 1.0, 1.0)


def test_months_in_which_the_event_runs_or_the_answer_is_open_do_not_count() -> None:
    prices = np.zeros((1, 160))
    prices[0, 140:] = np.log(1.6)
    said = np.full(prices.shape, 0.1)
    found = sample_odds(prices, SPIKE, probability=said, first_passage=said, first_month=0)
    assert found.month.min() == 119
    assert 139 in found.month
    assert not set(range(140, 152)) & set(found.month.tolist())
    assert found.month.max() == 153
    assert found.happened.sum() == 6
