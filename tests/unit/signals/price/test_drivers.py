"""Drivers: the odds of an onset are told with the move they need and what moves beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from g7warn.domain.signal import Direction
from g7warn.models.probability import TARGETS, TargetOdds
from g7warn.signals.panel import Panel, build_panel
from g7warn.signals.price.drivers import describe_drivers, learned_terms, name_companions
from g7warn.signals.price.onset import PriceOnset
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id, price_panel


def rising(seed: int) -> np.ndarray:
    prices = calm_prices(seed=seed)
    prices[-3:] *= 1.25
    return prices


def three_metals(*, conf: str = "F") -> Panel:
    """Tin and copper rise in step, zinc stays; tin's price carries the given status."""
    return build_panel(
        build_frame(
            build_rows(price_id("copper"), rising(1)),
            build_rows(price_id("tin"), rising(2), conf=conf),
            build_rows(price_id("zinc"), calm_prices(seed=3)),
        ),
        as_of=AS_OF,
    )


def reason_of(panel: Panel, mineral: str) -> str:
    found = PriceOnset().compute(panel)
    return next(s.reason for s in found if (s.mineral, s.direction) == (mineral, Direction.UP))


def test_the_clauses_read_as_one_sentence() -> None:
    told = describe_drivers(0.12, 2.04, ("copper", "tin"), Direction.UP)
    assert told == (
        "it needs +12 % from here; volatility is 2.0 times its norm; copper and tin are rising too"
    )
    assert describe_drivers(-0.2, 1.0, ("tin",), Direction.DOWN).endswith("tin is falling too")


def test_a_bound_that_the_price_has_passed_is_told_as_such() -> None:
    fall = describe_drivers(0.42, 1.0, (), Direction.DOWN)
    assert fall.startswith("it needs no further fall: its bound lies 42 % above the price;")
    rise = describe_drivers(-0.09, 1.0, (), Direction.UP)
    assert rise.startswith("it needs no further rise: its bound lies 9 % below the price;")


def test_a_need_too_small_to_round_is_told_as_small() -> None:
    assert describe_drivers(-0.004, 1.0, (), Direction.DOWN).startswith("it needs less than 1 %")


def test_where_no_onset_can_happen_no_move_is_told() -> None:
    assert describe_drivers(np.nan, 1.0, (), Direction.UP).startswith("none can start")


def test_minerals_that_rise_with_it_are_named_and_those_that_stand_still_are_not() -> None:
    assert "; tin is rising too." in reason_of(three_metals(), "copper")
    assert "too" not in reason_of(three_metals(), "zinc")


def test_a_price_that_not_everybody_may_see_is_nobodys_companion() -> None:
    panel = three_metals(conf="C")
    assert "too" not in reason_of(panel, "copper")
    assert "copper is rising too" in reason_of(panel, "tin")


@pytest.mark.parametrize("direction", list(Direction))
def test_a_mineral_alone_has_no_companion(direction: Direction) -> None:
    assert name_companions(price_panel(tin=rising(1)), np.array([2.0]), "tin", direction) == ()


def test_the_largest_learned_terms_are_named_and_an_untrained_model_has_none() -> None:
    terms = np.zeros((1, 20))
    terms[0, [1, 2, 5, 7]] = [0.1, -0.4, 0.2, 0.3]
    odds = TargetOdds(
        target=TARGETS[0],
        probability=np.array([0.2]),
        first_passage=np.array([0.1]),
        needed_log_move=np.array([0.1]),
        terms=terms,
    )
    found = learned_terms(odds, 0)
    assert list(found.values()) == [-0.4, 0.3, 0.2]
    assert next(iter(found)) == "learned_change_1_log_odds"
    assert learned_terms(replace(odds, terms=np.zeros((1, 20))), 0) == {}
