"""Features read the past alone, and shards read the common movement of the whole."""

import numpy as np

from g7warn.models.forecast.features import FEATURES, compute_features, read_common


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


def test_the_cycle_is_where_all_prices_stand_against_their_last_five_years() -> None:
    prices = np.zeros((12, 90))
    prices[:, 80:] = 0.5
    prices[0, :40] = np.nan
    gap = read_common(prices)[:, 1]
    assert not gap[:80].any()
    short = 0.5 - 0.5 * 10 / 50
    np.testing.assert_allclose(gap[89], (11 * (0.5 - 0.5 * 10 / 60) + short) / 12)
    assert not read_common(prices[:9]).any()


def test_the_drift_is_the_mean_yearly_change_drawn_to_none() -> None:
    prices = np.arange(121) * 0.01 + np.zeros((12, 1))
    features = compute_features(prices)
    drift = features.values[0, -1, FEATURES.index("own_drift")]
    yearly = 0.01 * 120 / (120 + 24) * np.sqrt(12)
    assert abs(drift - yearly / features.volatility[0, -1]) < 1e-9


def test_the_season_is_what_the_same_months_of_earlier_years_did() -> None:
    month = np.arange(121)
    prices = 0.1 * np.isin(month % 12, (1, 2, 3)) + 0.002 * month + np.zeros((12, 1))
    values = compute_features(prices).values
    assert values[0, 120, FEATURES.index("season_1")] > 0.5
    assert values[0, 120, FEATURES.index("season_3")] > 0.3
    assert abs(values[0, 120, FEATURES.index("season_6")]) < 1e-9
    assert values[0, 111, FEATURES.index("season_3")] < -0.3
    assert abs(values[0, 116, FEATURES.index("season_3")]) < 1e-9
    assert values[0, 117, FEATURES.index("season_6")] > 0.2
    assert values[0, 11, FEATURES.index("season_6")] == 0.0
