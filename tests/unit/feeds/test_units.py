from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.domain.mineral import get_mineral
from g7warn.errors import UnitMismatch
from g7warn.feeds.units import (
    CONTAINED_METAL,
    contained_share,
    conversion_factor,
    convert_currency,
)

MASSES = ["t", "kt", "Mt", "kg", "lb", "ozt", "mtu", "dmtu"]


@pytest.mark.parametrize(
    ("unit", "to_unit", "factor"),
    [
        ("kt", "t", 1000),
        ("USD/lb", "USD/t", 2204.6226218487755),
        ("UScent/lb", "USD/t", 22.046226218487755),
        ("USD/ozt", "USD/kg", 32.15074656862798),
        ("USD/dmtu", "USD/t", 100),
        ("mtu", "kg", 10),
        ("pct", "share", 0.01),
    ],
)
def test_units_are_converted(unit: str, to_unit: str, factor: float) -> None:
    assert conversion_factor(unit, to_unit) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("unit", "to_unit"),
    [("t", "USD/t"), ("EUR/t", "USD/t"), ("bushel", "t"), ("", "t"), ("t", ""), ("t;1", "t")],
)
def test_nothing_is_converted_by_guess(unit: str, to_unit: str) -> None:
    with pytest.raises(UnitMismatch):
        conversion_factor(unit, to_unit)


@given(st.sampled_from(MASSES), st.sampled_from(MASSES))
def test_a_conversion_and_its_inverse_cancel(one: str, other: str) -> None:
    product = conversion_factor(one, other) * conversion_factor(other, one)
    assert product == pytest.approx(1.0)


@pytest.mark.parametrize("entry", CONTAINED_METAL, ids=lambda entry: entry.compound)
def test_every_contained_metal_factor_is_a_share_with_a_source_and_a_mineral(entry: object) -> None:
    assert 0 < entry.share < 1
    assert entry.source
    assert get_mineral(entry.mineral)


def test_a_compound_without_a_factor_is_not_guessed() -> None:
    assert contained_share(" Cobalt Oxide ").mineral == "cobalt"
    with pytest.raises(UnitMismatch):
        contained_share("unobtainium oxide")


def test_currencies_are_converted_with_the_rate_that_is_given() -> None:
    assert convert_currency(70, unit="CNY/kg", to_currency="USD", rates={"CNY": 0.14}) == (
        9.8,
        "USD/kg",
    )
    assert convert_currency(7, unit="USD/t", to_currency="USD", rates={}) == (7, "USD/t")
    with pytest.raises(UnitMismatch):
        convert_currency(70, unit="CNY/kg", to_currency="USD", rates={})
    with pytest.raises(UnitMismatch):
        convert_currency(70, unit="t", to_currency="USD", rates={})
