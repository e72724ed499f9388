"""Chances of each step, and of an onset."""

import numpy as np
import pytest

from g7warn.domain.signal import Direction, Severity, Signal
from g7warn.signals.panel import build_panel
from g7warn.signals.price.forecast import PriceForecast
from g7warn.signals.price.onset import PriceOnset
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id, price_panel


def wild_prices() -> np.ndarray:
    return 1000.0 * np.exp(np.cumsum(np.random.default_rng(7).normal(0.0, 0.12, 180)))


def of(signals: list[Signal], mineral: str, direction: Direction) -> dict[Severity, Signal]:
    return {s.severity: s for s in signals if (s.mineral, s.direction) == (mineral, direction)}


@pytest.mark.parametrize("direction", list(Direction))
def test_a_higher_step_is_never_likelier_and_a_later_horizon_never_less(
    direction: Direction,
) -> None:
    found = of(PriceForecast().compute(price_panel(tin=wild_prices())), "tin", direction)
    steps = [found[level] for level in (Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)]
    chances = [signal.probability for signal in steps]
    assert chances == sorted(chances, reverse=True)
    for signal in steps:
        by_month = [dict(signal.evidence.values)[f"p_{months}m"] for months in (1, 3, 6, 12)]
        assert by_month == sorted(by_month)


def test_a_further_rise_is_context_while_a_spike_runs() -> None:
    prices = calm_prices()
    prices[-3:] *= 1.7
    signals = PriceForecast().compute(price_panel(tin=prices))
    by_way = {d: {s.severity for s in signals if s.direction is d} for d in Direction}
    assert by_way[Direction.UP] == {Severity.MINOR}
    assert Severity.MINOR not in by_way[Direction.DOWN]
    notes = [s.evidence.notes for s in signals if s.direction is Direction.UP]
    assert all(any("runs already" in note for note in each) for each in notes)


def test_a_wilder_price_is_likelier_to_touch_a_step() -> None:
    signals = PriceForecast().compute(price_panel(tin=wild_prices(), zinc=calm_prices()))
    wild = of(signals, "tin", Direction.UP)[Severity.MODERATE]
    calm = of(signals, "zinc", Direction.UP)[Severity.MODERATE]
    assert wild.probability > calm.probability + 0.1


def test_a_forecast_without_a_fitted_model_says_what_it_rests_on() -> None:
    signal = PriceForecast().compute(price_panel(tin=calm_prices()))[0]
    assert any("no fitted forecaster" in note for note in signal.evidence.notes)
    assert not any("its floor" in note for note in signal.evidence.notes)
    short = PriceForecast().compute(price_panel(tin=calm_prices(months=5)))[0]
    assert any("short history" in note for note in short.evidence.notes)
    plateau = [*calm_prices(months=100), *[1000.0] * 60]
    still = PriceForecast().compute(price_panel(tin=plateau))[0]
    assert any("its floor" in note for note in still.evidence.notes)


def test_a_price_that_is_too_old_has_no_forecast() -> None:
    frame = build_frame(
        build_rows(price_id("tin"), calm_prices(), last="2021-10"),
        build_rows(price_id("zinc"), calm_prices()),
    )
    panel = build_panel(frame, as_of=AS_OF)
    for indicator in (PriceForecast(), PriceOnset()):
        assert {signal.mineral for signal in indicator.compute(panel)} == {"zinc"}


def test_an_onset_names_the_move_that_it_needs() -> None:
    prices = calm_prices()
    prices[-3:] = prices[-15:-3].mean() * 1.35
    up = of(PriceOnset().compute(price_panel(tin=prices)), "tin", Direction.UP)[Severity.SEVERE]
    assert dict(up.evidence.values)["needed_move_pct"] == pytest.approx(11.0, abs=6.0)
    assert "it needs +" in up.reason


def test_an_event_that_runs_has_no_onset() -> None:
    prices = calm_prices()
    prices[-3:] *= 2.0
    assert of(PriceOnset().compute(price_panel(tin=prices)), "tin", Direction.UP) == {}
