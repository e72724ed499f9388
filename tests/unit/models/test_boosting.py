"""The booster learns what there is to learn, repeats itself, and stops where nothing is gained."""

import numpy as np

from g7warn.models.boosting import BoostSettings, fit_odds_trees, fit_quantile_trees

SETTINGS = BoostSettings(trees=40, bags=1, depth=2, leaf_rows=50, shrink_rows=20, feature_share=1.0)
LEVELS = np.array([0.1, 0.5, 0.9])
EVEN = np.ones(3_000)


def sample(n: int = 3_000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(n, 3))
    return rows, rng.normal(size=n) * np.where(rows[:, 1] > 0, 3.0, 1.0)


def test_quantiles_widen_where_the_spread_does() -> None:
    rows, target = sample()
    trees = fit_quantile_trees(
        rows, target, LEVELS, weights=EVEN[: len(target)], settings=SETTINGS, seed=1
    )
    calm, wild = trees.predict(np.array([[0.0, -1.0, 0.0], [0.0, 1.0, 0.0]]))
    assert 2.0 < (wild[2] - wild[0]) / (calm[2] - calm[0]) < 4.0


def test_the_same_seed_grows_the_same_trees() -> None:
    rows, target = sample(1_000)
    one = fit_quantile_trees(
        rows, target, LEVELS, weights=EVEN[: len(target)], settings=SETTINGS, seed=1
    )
    two = fit_quantile_trees(
        rows, target, LEVELS, weights=EVEN[: len(target)], settings=SETTINGS, seed=1
    )
    assert np.array_equal(one.leaves, two.leaves)
    assert np.array_equal(one.thresholds, two.thresholds)


def test_odds_follow_the_feature_that_decides() -> None:
    rows, _ = sample()
    labels = (rows[:, 2] > 0.5).astype(float)
    start = np.zeros((len(rows), 1))
    trees = fit_odds_trees(rows, labels[:, None], start=start, settings=SETTINGS, seed=1)
    odds = trees.predict(np.array([[0.0, 0.0, -1.0], [0.0, 0.0, 1.0]]))[:, 0]
    assert odds[0] < -1.0
    assert odds[1] > 1.0


def test_odds_that_were_right_from_the_start_are_left_alone() -> None:
    rows, _ = sample()
    start = np.where(rows[:, 2] > 0.5, 2.0, -2.0)[:, None]
    draws = np.random.default_rng(8).random(len(rows))
    labels = (draws < 1.0 / (1.0 + np.exp(-start[:, 0]))).astype(float)
    trees = fit_odds_trees(rows, labels[:, None], start=start, settings=SETTINGS, seed=1)
    assert np.abs(trees.predict(rows)).mean() < 0.3


def test_constant_features_leave_the_plain_quantiles() -> None:
    _, target = sample(500)
    trees = fit_quantile_trees(
        np.ones((500, 2)), target, LEVELS, weights=EVEN[: len(target)], settings=SETTINGS, seed=1
    )
    # Each bag sees the rows that were drawn for it, not all of them.
    np.testing.assert_allclose(
        trees.predict(np.ones((1, 2)))[0], np.quantile(target, LEVELS), atol=0.2
    )


def test_rows_of_more_weight_have_the_greater_say() -> None:
    rows, target = sample()
    is_wild = rows[:, 1] > 0
    weights = np.where(is_wild, 9.0, 1.0)
    nothing = np.ones((len(rows), 1))
    even = fit_quantile_trees(nothing, target, LEVELS, weights=EVEN, settings=SETTINGS, seed=1)
    wild = fit_quantile_trees(nothing, target, LEVELS, weights=weights, settings=SETTINGS, seed=1)
    assert wild.predict(nothing[:1])[0, 2] > 1.2 * even.predict(nothing[:1])[0, 2]
