"""Every registered forecaster keeps the promise of `models.forecast.base`."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pytest

from g7warn.domain.signal import Direction
from g7warn.errors import ValidationFailed
from g7warn.models.forecast import FORECASTERS, Basis, FittedForecaster, QuantileForecast
from g7warn.models.probability import UntrainedStressModel, first_passage_probability

ALL = sorted(FORECASTERS)


def build_panel(*, n_series: int = 24, n_months: int = 240, seed: int = 7) -> np.ndarray:
    rng = np.random.default_rng(seed)
    scale = rng.uniform(0.03, 0.10, size=(n_series, 1))
    return np.cumsum(rng.standard_t(5, size=(n_series, n_months)) * scale, axis=1) + 5.0


def build_wild_panel() -> np.ndarray:
    """Prices like none that were learned from: bursts out of calm and standstill, steep trends."""
    panel = build_panel(seed=8)
    calm = np.random.default_rng(8).normal(0.0, 0.0005, size=(4, 240))
    panel[:4] = 4.0 + np.cumsum(calm, axis=1)
    panel[:2, -1] += (1.5, -1.5)
    panel[2, -12:] += np.linspace(0.0, 3.0, 12)
    panel[4:8, :-1] = 4.0
    panel[8:16] += 3.0 * np.sin(np.arange(240) / 3.0)
    panel[16:20] += np.linspace(0.0, 20.0, 240)
    return panel


@lru_cache
def fit(name: str, seed: int = 3) -> FittedForecaster:
    return FORECASTERS[name]().fit(build_panel(), seed=seed)


def equal(left: QuantileForecast, right: QuantileForecast) -> bool:
    return np.array_equal(left.log_quantiles, right.log_quantiles, equal_nan=True)


@pytest.mark.parametrize("build", [build_panel, build_wild_panel])
@pytest.mark.parametrize("name", ALL)
def test_quantiles_are_ordered_finite_and_shaped_like_the_panel(
    name: str, build: Callable[[], np.ndarray]
) -> None:
    forecast = fit(name).predict(build())
    assert forecast.log_quantiles.shape == (24, len(forecast.horizons_months), len(forecast.levels))
    assert np.isfinite(forecast.log_quantiles).all()
    assert (np.diff(forecast.log_quantiles, axis=-1) >= 0).all()


@pytest.mark.parametrize("name", ALL)
def test_a_later_future_changes_nothing_that_was_forecast_before(name: str) -> None:
    panel = build_panel(seed=9)
    wild = panel.copy()
    wild[:, 200:] += 3.0
    assert equal(fit(name).predict(panel[:, :200]), fit(name).predict(wild[:, :200]))


@pytest.mark.parametrize("name", ALL)
def test_the_input_is_not_written_to(name: str) -> None:
    panel = build_panel()
    panel[2, 40:43] = np.nan
    before = panel.copy()
    panel.flags.writeable = False
    FORECASTERS[name]().fit(panel, seed=1).predict(panel)
    assert np.array_equal(panel, before, equal_nan=True)


@pytest.mark.parametrize("name", ALL)
def test_the_same_seed_gives_the_same_bits(name: str) -> None:
    again = FORECASTERS[name]().fit(build_panel(), seed=3)
    assert equal(fit(name).predict(build_panel()), again.predict(build_panel()))


@pytest.mark.parametrize("name", ALL)
def test_the_logarithm_of_zero_and_a_panel_without_a_month_are_refused(name: str) -> None:
    panel = build_panel()
    panel[3, 50] = -np.inf
    with pytest.raises(ValidationFailed, match="row 3"):
        FORECASTERS[name]().fit(panel, seed=1)
    with pytest.raises(ValidationFailed, match="row 3"):
        fit(name).predict(panel)
    with pytest.raises(ValidationFailed, match="at least one month"):
        fit(name).predict(np.empty((3, 0)))


@pytest.mark.parametrize("name", ALL)
def test_another_price_unit_shifts_the_forecast_and_nothing_else(name: str) -> None:
    panel = build_panel()
    in_usd = fit(name).predict(panel).log_quantiles
    in_cents = fit(name).predict(panel + np.log(100)).log_quantiles
    np.testing.assert_allclose(in_cents - np.log(100), in_usd, atol=1e-8)


@pytest.mark.parametrize("name", ALL)
def test_a_short_gap_is_carried_and_a_long_one_leaves_no_forecast(name: str) -> None:
    panel = build_panel()
    panel[0, -2:] = np.nan
    panel[1, -4:] = np.nan
    panel[2, 90:130] = np.nan
    forecast = fit(name).predict(panel)
    assert np.isfinite(forecast.log_quantiles[2]).all()
    assert np.isfinite(forecast.log_quantiles[0]).all()
    assert forecast.base_log_price[0] == panel[0, -3]
    assert np.isnan(forecast.log_quantiles[1]).all()
    assert forecast.basis[1] == Basis.NONE


@pytest.mark.parametrize("name", ALL)
def test_a_series_of_nothing_does_not_disturb_the_others(name: str) -> None:
    panel = build_panel()
    with_empty = np.vstack([panel, np.full((1, panel.shape[1]), np.nan)])
    forecast = fit(name).predict(with_empty)
    assert np.isnan(forecast.log_quantiles[-1]).all()
    np.testing.assert_allclose(
        forecast.log_quantiles[:-1], fit(name).predict(panel).log_quantiles, atol=1e-8
    )


@pytest.mark.parametrize("name", ALL)
def test_a_single_point_gets_a_forecast_that_says_what_it_rests_on(name: str) -> None:
    panel = build_panel()
    panel[0, :-1] = np.nan
    forecast = fit(name).predict(panel)
    assert np.isfinite(forecast.log_quantiles[0]).all()
    assert forecast.basis[0] == Basis.SHORT
    alone = fit(name).predict(panel[:1, -1:])
    assert np.isfinite(alone.log_quantiles).all()


@pytest.mark.parametrize("name", ALL)
def test_a_constant_series_keeps_its_price_inside_a_finite_interval(name: str) -> None:
    panel = build_panel()
    panel[0] = 4.0
    forecast = fit(name).predict(panel)
    assert (forecast.at(0.01)[0] <= 4.0).all()
    assert (forecast.at(0.99)[0] >= 4.0).all()
    assert (forecast.at(0.95)[0] > forecast.at(0.05)[0]).all()
    assert (forecast.at(0.95)[0] - forecast.at(0.05)[0] < 1.0).all()


@pytest.mark.parametrize("name", ALL)
def test_passage_probabilities_fall_with_severity_and_never_with_the_horizon(name: str) -> None:
    passage = first_passage_probability(fit(name).predict(build_panel(seed=11)))
    for probability in (passage.up, passage.down):
        assert (probability >= 0).all()
        assert (probability <= 1).all()
        assert (np.diff(probability, axis=1) <= 0).all()
        assert (np.diff(probability, axis=2) >= 0).all()


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("name", ALL)
def test_onset_odds_are_probabilities_that_do_not_fall_with_the_horizon(
    name: str, direction: Direction
) -> None:
    odds = UntrainedStressModel(forecaster=fit(name)).predict(build_panel(seed=12)).odds
    near, far = (odds[f"onset_{direction}_{months}"].probability for months in (6, 12))
    assert (near >= 0).all()
    assert (far <= 1).all()
    assert (far >= near).all()
