"""Every registered indicator keeps the promise of `signals.base`."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from g7warn.domain.signal import Family, Severity, Signal
from g7warn.signals.base import Indicator, list_indicators
from g7warn.signals.panel import Panel, build_panel
from g7warn.signals.trained import TrainedModel
from tests.support.fitted import fitted_model
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id
from tests.support.world import PUBLICATIONS, build_world

ALL = list_indicators()
USE_MODEL = ("price_forecast", "price_onset")
"""What asks the fitted model where the panel has one; the others never see it."""


@dataclass(frozen=True)
class Trained:
    """An indicator whose panels hold a fitted model."""

    plain: Indicator

    @property
    def name(self) -> str:
        return self.plain.name

    @property
    def family(self) -> Family:
        return self.plain.family

    def compute(self, panel: Panel) -> list[Signal]:
        model = TrainedModel(
            model=fitted_model(), digest="ab" * 32, training_cutoff="2021-12", trained_at=AS_OF
        )
        return self.plain.compute(replace(panel, model=model))


CASES = [pytest.param(one, id=one.name) for one in ALL]
CASES += [
    pytest.param(Trained(one), id=f"{one.name} trained") for one in ALL if one.name in USE_MODEL
]
each_indicator = pytest.mark.parametrize("one", CASES)


@lru_cache
def world_panel() -> Panel:
    return build_panel(build_world(), as_of=AS_OF, publications=PUBLICATIONS)


@lru_cache
def revised_panel() -> Panel:
    """The same world, in which everything is revised one second too late."""
    world = build_world().table
    later = world.copy()
    later["value"] *= 3.0
    later["known_at"] = pd.Timestamp(AS_OF + timedelta(seconds=1))
    return build_panel(build_frame(world, later), as_of=AS_OF, publications=PUBLICATIONS)


@lru_cache
def earlier_panel(*, is_cut: bool) -> Panel:
    """The world of an earlier day, from all of its history or from what was known by then."""
    world, as_of = build_world().table, AS_OF - timedelta(days=500)
    kept = world[world["known_at"] <= pd.Timestamp(as_of)] if is_cut else world
    return build_panel(build_frame(kept), as_of=as_of, publications=PUBLICATIONS)


@lru_cache
def dearer_panel() -> Panel:
    """The same world with money worth a thousandth."""
    world = build_world().table.copy()
    world.loc[world["unit"].str.startswith("USD"), "value"] *= 1000.0
    return build_panel(build_frame(world), as_of=AS_OF, publications=PUBLICATIONS)


@lru_cache
def secret_panel(*, rise: float) -> Panel:
    """The same world, in which only members with a need to know may see the price of zinc."""
    world = build_world().table.copy()
    is_secret = world["series_id"] == price_id("zinc")
    world.loc[is_secret, "conf"] = "C"
    world.loc[is_secret & (world["period"] > "2021-12"), "value"] *= rise
    others = [build_rows(price_id(f"crop{k}"), calm_prices(seed=30 + k)) for k in range(9)]
    return build_panel(build_frame(world, *others), as_of=AS_OF)


@lru_cache
def poor_panel(*prices: float) -> Panel:
    frame = build_frame(
        build_rows(price_id("nickel"), list(prices)), build_rows(price_id("tin"), calm_prices())
    )
    return build_panel(frame, as_of=AS_OF)


@lru_cache
def compute(one: Indicator) -> tuple[Signal, ...]:
    return tuple(one.compute(world_panel()))


def show(signals: list[Signal] | tuple[Signal, ...]) -> list[str]:
    """Signals as text: NaN equals NaN there."""
    return [repr(signal) for signal in signals]


def test_no_two_indicators_share_a_name() -> None:
    assert len({one.name for one in ALL}) == len(ALL) > 0


@each_indicator
def test_it_has_something_to_say_about_the_test_world(one: Indicator) -> None:
    assert compute(one)


@each_indicator
def test_it_says_nothing_when_nothing_is_known(one: Indicator) -> None:
    assert one.compute(build_panel(build_frame(build_world().table.head(0)), as_of=AS_OF)) == []


@each_indicator
def test_what_becomes_known_later_changes_nothing(one: Indicator) -> None:
    assert show(one.compute(revised_panel())) == show(compute(one))


@each_indicator
def test_an_earlier_instant_does_not_see_the_later_world(one: Indicator) -> None:
    assert show(one.compute(earlier_panel(is_cut=False))) == show(
        one.compute(earlier_panel(is_cut=True))
    )


@each_indicator
def test_it_is_deterministic_and_leaves_the_panel_as_it_was(one: Indicator) -> None:
    panel = world_panel()
    facts, prices = panel.facts.copy(), panel.monthly.log_prices.copy()
    assert show(one.compute(panel)) == show(compute(one))
    pd.testing.assert_frame_equal(panel.facts, facts)
    np.testing.assert_array_equal(panel.monthly.log_prices, prices)


@each_indicator
def test_its_signals_are_well_formed(one: Indicator) -> None:
    for signal in compute(one):
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
    for signal in compute(one):
        evidence = signal.evidence
        numbers = [*dict(evidence.values).items(), *evidence.thresholds.items()]
        assert all(math.isfinite(number) for _, number in numbers)
        assert evidence.vintage_at is None or evidence.vintage_at <= AS_OF
        assert evidence.series_ids
        if math.isnan(signal.score):
            assert evidence.notes


@each_indicator
def test_a_price_in_another_unit_of_money_changes_no_severity(one: Indicator) -> None:
    again = one.compute(dearer_panel())
    assert [signal.severity for signal in again] == [signal.severity for signal in compute(one)]


@each_indicator
def test_a_price_that_few_may_see_shows_through_no_other_minerals_signal(one: Indicator) -> None:
    calm, wild = (one.compute(secret_panel(rise=rise)) for rise in (1.0, 3.0))
    kept, changed = ([s for s in found if s.mineral != "zinc"] for found in (calm, wild))
    assert show(kept) == show(changed)


@pytest.mark.parametrize(
    "prices",
    [
        pytest.param([1000.0], id="single point"),
        pytest.param([1000.0] * 200, id="constant"),
        pytest.param([1000.0, np.nan] * 100 + [1000.0], id="gaps"),
        pytest.param([0.0] * 100 + [1000.0], id="zeros"),
        pytest.param([-5.0] * 100 + [1000.0], id="negative"),
        pytest.param([1000.0, 1010.0, 1000.0], id="too short"),
        pytest.param([1000.0] * 90 + [1100.0] * 90, id="plateaus"),
    ],
)
@each_indicator
def test_poor_price_series_raise_no_error_and_no_price_alarm(
    one: Indicator, prices: list[float]
) -> None:
    for signal in one.compute(poor_panel(*prices)):
        if signal.mineral == "nickel" and signal.family.value in {"price", "market"}:
            assert signal.severity is Severity.NONE or signal.probability < 0.5


@lru_cache
def scarred_panel() -> Panel:
    """A price with two values that have no logarithm and a break of series."""
    prices = build_rows(price_id("nickel"), calm_prices())
    prices.loc[prices.index[:2], "value"] = [0.0, -1.0]
    prices.loc[prices.index[40], "status"] = "B"
    return build_panel(build_frame(prices), as_of=AS_OF)


@each_indicator
def test_what_was_left_out_of_a_price_is_named_by_the_evidence(one: Indicator) -> None:
    for signal in one.compute(scarred_panel()):
        if signal.family is Family.PRICE:
            told = " ".join(signal.evidence.notes)
            assert "2 prices at or below zero" in told
            assert "before the publisher's last break of series" in told
