"""Labels and barriers of the stress targets agree with one another and with the dated onsets."""

import numpy as np
import pytest

from g7warn.models.probability import TARGETS, Target, TargetKind, mark_onsets
from g7warn.models.probability.targets import (
    label_rows,
    largest_moves,
    last_barriers,
    row_barriers,
    trailing_tail,
)

ONSETS = [target for target in TARGETS if target.kind is TargetKind.ONSET]


def panel() -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.cumsum(rng.standard_t(3, size=(20, 240)) * 0.07, axis=1)


@pytest.mark.parametrize("target", ONSETS, ids=lambda target: target.name)
def test_a_label_is_one_exactly_where_an_onset_follows_in_time(target: Target) -> None:
    prices = panel()
    onsets = mark_onsets(prices, target.direction)
    labels = label_rows(prices, target)
    for month in (60, 100, 200):
        follows = onsets[:, month + 1 : month + 1 + target.months].any(axis=1)
        assert np.array_equal(labels[:, month], follows.astype(float))
    assert np.isnan(labels[:, -target.months :]).all()


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_barriers_of_the_last_month_are_those_of_the_whole_history(target: Target) -> None:
    prices = panel()
    np.testing.assert_allclose(last_barriers(prices, target), row_barriers(prices, target)[:, -1])


@pytest.mark.parametrize("target", ONSETS, ids=lambda target: target.name)
def test_an_onset_happens_exactly_when_an_open_barrier_is_reached_first(target: Target) -> None:
    prices = panel()
    sign = 1.0 if target.direction == "up" else -1.0
    labels, barriers = label_rows(prices, target), row_barriers(prices, target)
    changes = np.stack(
        [np.roll(prices, -k, axis=1) - prices for k in range(1, target.months + 1)], axis=2
    )
    reached = (sign * (changes - barriers[:, :, : target.months]) >= 0).any(axis=2)
    known = slice(40, -target.months)
    # A touch before the barrier opens keeps the event running, so reaching is necessary ...
    assert reached[:, known][labels[:, known] == 1].all()
    # ... and, where all months are open, sufficient.
    is_open = ~np.isnan(barriers[:, known, : target.months]).any(axis=2)
    assert np.array_equal(reached[:, known][is_open], labels[:, known][is_open] == 1)


def test_the_tail_knows_only_moves_that_were_over_by_then() -> None:
    prices = panel()
    wild = prices.copy()
    wild[:, 150:] += np.linspace(0, 5, 90)
    assert np.array_equal(
        trailing_tail(prices, 6, 1.0)[:, :150],
        trailing_tail(wild, 6, 1.0)[:, :150],
        equal_nan=True,
    )
    moves = largest_moves(prices, 6, 1.0)
    np.testing.assert_allclose(
        trailing_tail(prices, 6, 1.0)[:, 100], np.quantile(moves[:, :95], 0.9, axis=1)
    )
