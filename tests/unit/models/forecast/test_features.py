"""Features read the past alone, and shards read the common movement of the whole."""

import numpy as np

from g7warn.models.forecast.features import FEATURES, compute_features


def panel(n_series: int = 12, n_months: int = 150) -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.cumsum(rng.normal(0, 0.06, size=(n_series, n_months)), axis=1)


def test_a_changed_future_leaves_every_earlier_feature() -> None:
    prices = panel()
    wild = prices.copy()
    wild[:, 100:] *= -4.0
    before = compute_features(prices).values[:, :100]
    assert np.array_equal(compute_features(wild).values[:, :100], before)


def test_the_last_month_alone_gives_what_the_whole_history_gives() -> None:
    prices = panel()
    prices[0, 30:33] = np.nan
    whole = compute_features(prices).values[:, -1]
    np.testing.assert_allclose(compute_features(prices, first_month=149).values[:, -1], whole)


def test_a_shard_with_its_context_reads_what_the_whole_panel_reads() -> None:
    prices = panel()
    whole = compute_features(prices).values[:4]
    assert np.array_equal(compute_features(prices[:4], context=prices).values, whole)


def test_a_unit_of_price_changes_no_feature() -> None:
    prices = panel()
    np.testing.assert_allclose(
        compute_features(prices + 7.0).values, compute_features(prices).values, atol=1e-9
    )


def test_a_standing_price_is_seen_as_flat() -> None:
    prices = panel()
    prices[0, 60:] = 1.0
    flat = compute_features(prices).values[0, -1, FEATURES.index("share_flat_12")]
    assert flat > 0.95
