"""Every registered indicator keeps the promise of `signals.base`."""

from __future__ import annotations

import math
from datetime import timedelta
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from g7warn.domain.signal import Severity, Signal
from g7warn.signals.base import Indicator, list_indicators
from g7warn.signals.panel import build_panel
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id
from tests.support.world import build_world

ALL = list_indicators()
each_indicator = pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in ALL])


@lru_cache
def compute(name: str) -> tuple[Signal, ...]:
    (one,) = [one for one in ALL if one.name == name]
    return tuple(one.compute(build_panel(build_world(), as_of=AS_OF)))


def show(signals: list[Signal] | tuple[Signal, ...]) -> list[str]:
    """Signals as text: NaN equals NaN there."""
    return [repr(signal) for signal in signals]


def test_no_two_indicators_share_a_name() -> None:
    assert len({one.name for one in ALL}) == len(ALL) > 0


@each_indicator
def test_it_has_something_to_say_about_the_test_world(one: Indicator) -> None:
    assert compute(one.name)


@each_indicator
def test_it_says_nothing_when_nothing_is_known(one: Indicator) -> None:
    assert one.compute(build_panel(build_frame(build_world().table.head(0)), as_of=AS_OF)) == []


@each_indicator
def test_what_becomes_known_later_changes_nothing(one: Indicator) -> None:
    world = build_world().table
    later = world.copy()
    later["value"] *= 3.0
    later["known_at"] = pd.Timestamp(AS_OF + timedelta(seconds=1))
    panel = build_panel(build_frame(world, later), as_of=AS_OF)
    assert show(one.compute(panel)) == show(compute(one.name))


@each_indicator
def test_an_earlier_instant_does_not_see_the_later_world(one: Indicator) -> None:
    world, as_of = build_world().table, AS_OF - timedelta(days=500)
    known = world[world["known_at"] <= pd.Timestamp(as_of)]
    assert show(one.compute(build_panel(build_frame(world), as_of=as_of))) == show(
        one.compute(build_panel(build_frame(known), as_of=as_of))
    )


@each_indicator
def test_it_is_deterministic_and_leaves_the_panel_as_it_was(one: Indicator) -> None:
    panel = build_panel(build_world(), as_of=AS_OF)
    facts, prices = panel.facts.copy(), panel.monthly.log_prices.copy()
    assert show(one.compute(panel)) == show(compute(one.name))
    pd.testing.assert_frame_equal(panel.facts, facts)
    np.testing.assert_array_equal(panel.monthly.log_prices, prices)


@each_indicator
def test_its_signals_are_well_formed(one: Indicator) -> None:
    for signal in compute(one.name):
        assert signal.indicator == one.name
        assert signal.family is one.family
        assert 0.0 <= signal.probability <= 1.0
        assert math.isnan(signal.percentile) or 0.0 <= signal.percentile <= 1.0
        assert signal.criterion
        assert not signal.criterion.endswith(".")
        assert signal.reason.endswith(".")
        assert "nan" not in signal.reason.lower().split()
        assert not signal.is_observed or signal.horizon_months == 0
        assert not signal.is_observed or signal.probability == 1.0
        assert not math.isnan(signal.score) or signal.severity is Severity.NONE


@each_indicator
def test_its_evidence_can_be_computed_again(one: Indicator) -> None:
    for signal in compute(one.name):
        evidence = signal.evidence
        numbers = [*dict(evidence.values).items(), *evidence.thresholds.items()]
        assert all(math.isfinite(number) for _, number in numbers)
        assert evidence.vintage_at is None or evidence.vintage_at <= AS_OF
        assert evidence.series_ids
        if math.isnan(signal.score):
            assert evidence.notes


@each_indicator
def test_a_price_in_another_unit_of_money_changes_no_severity(one: Indicator) -> None:
    scaled = build_world().table
    scaled.loc[scaled["unit"] == "USD/t", "value"] *= 1000.0
    again = one.compute(build_panel(build_frame(scaled), as_of=AS_OF))
    assert [signal.severity for signal in again] == [
        signal.severity for signal in compute(one.name)
    ]


@pytest.mark.parametrize(
    "prices",
    [
        pytest.param([1000.0], id="single point"),
        pytest.param([1000.0] * 200, id="constant"),
        pytest.param([1000.0, np.nan] * 100 + [1000.0], id="gaps"),
        pytest.param([0.0] * 100 + [1000.0], id="zeros"),
    ],
)
@each_indicator
def test_poor_price_series_raise_no_error_and_no_price_alarm(
    one: Indicator, prices: list[float]
) -> None:
    frame = build_frame(
        build_rows(price_id("nickel"), prices), build_rows(price_id("tin"), calm_prices())
    )
    for signal in one.compute(build_panel(frame, as_of=AS_OF)):
        if signal.mineral == "nickel" and signal.family.value in {"price", "market"}:
            assert signal.severity is Severity.NONE or signal.probability < 0.5
