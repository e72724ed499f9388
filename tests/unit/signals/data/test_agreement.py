"""Two publishers of one quantity, held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.data.agreement import SourceAgreement
from g7warn.signals.panel import build_panel
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def compare(*tables: pd.DataFrame) -> list[Signal]:
    return SourceAgreement().compute(build_panel(build_frame(*tables), as_of=AS_OF))


def mined(
    area: str, values: list[float], *, source: str, measure: str = "production", **given: str
) -> pd.DataFrame:
    name = f"{given.pop('mineral', 'nickel')}.mine.{measure}.{area}.{source}"
    return build_rows(name, values, last="2020", **{"unit": "t", **given})


@pytest.mark.parametrize(
    ("newest", "severity"),
    [
        pytest.param(2.40, Severity.NONE, id="within the tolerance"),
        pytest.param(1.55, Severity.MODERATE, id="too little"),
        pytest.param(2.60, Severity.MODERATE, id="too much"),
    ],
)
def test_world_production_beyond_the_tolerance_is_a_doubt_with_both_figures(
    newest: float, severity: Severity
) -> None:
    (signal,) = compare(
        mined("world", [1.9e6, 2.0e6], source="usgs"),
        mined("world", [1900.0, 1000.0 * newest], source="other", unit="kt"),
    )
    assert signal.severity is severity
    assert (signal.family, signal.direction) == (Family.DATA, Direction.UP)
    assert signal.evidence.series_ids == (
        "nickel.mine.production.world.other",
        "nickel.mine.production.world.usgs",
    )
    assert signal.evidence.periods == ("2020", "2020")
    stated = {**signal.evidence.values}  # noqa: PD011 - no frame
    assert (stated["other_t"], stated["usgs_t"]) == (pytest.approx(newest * 1e6), 2e6)


def test_countries_stand_in_for_a_total_that_a_source_does_not_state() -> None:
    (signal,) = compare(
        mined("world", [300.0], source="usgs"),
        mined("id", [200.0], source="bgs"),
        mined("ph", [100.0], source="bgs"),
    )
    assert signal.score == 0.0


def test_one_countrys_own_figures_are_not_the_world() -> None:
    assert not compare(mined("world", [300.0], source="usgs"), mined("us", [9.0], source="salient"))


def test_lithium_is_compared_by_its_content_and_not_by_the_weight_of_its_minerals() -> None:
    (signal,) = compare(
        mined("world", [100.0], source="usgs", mineral="lithium"),
        mined("au", [3000.0], source="bgs", mineral="lithium", measure="spodumene"),
        mined("au", [60.0], source="bgs", mineral="lithium", measure="spodumene_li_content"),
        mined("cl", [200.0], source="bgs", mineral="lithium", measure="carbonate"),
        mined("cl", [38.0], source="bgs", mineral="lithium", measure="carbonate_li_content"),
    )
    assert signal.score == pytest.approx(100.0 / 98.0 - 1.0)


def test_ore_is_not_held_against_the_metal_in_it() -> None:
    assert not compare(
        mined("world", [20.0], source="usgs", mineral="manganese"),
        mined("za", [30.0], source="bgs", mineral="manganese"),
        mined("ga", [20.0], source="bgs", mineral="manganese"),
    )


def test_periods_of_long_ago_are_not_judged() -> None:
    assert not compare(
        build_rows("nickel.mine.production.world.usgs", [100.0], last="2014", unit="t"),
        build_rows("nickel.mine.production.world.other", [900.0], last="2014", unit="t"),
    )


def priced(prices: np.ndarray, *, source: str, unit: str = "USD/t") -> pd.DataFrame:
    return build_rows(price_id("nickel", source=source), prices, unit=unit)


@pytest.mark.parametrize(
    ("factor", "unit", "severity"),
    [
        pytest.param(1.0, "USD/t", Severity.NONE, id="alike"),
        pytest.param(1 / 2204.622622, "USD/lb", Severity.NONE, id="alike by the pound"),
        pytest.param(1.4, "USD/t", Severity.NONE, id="a dearer grade, as ever"),
        pytest.param(0.001, "USD/t", Severity.MODERATE, id="a unit slipped from the first day"),
    ],
)
def test_a_standing_difference_of_grade_is_no_doubt_and_one_of_unit_is(
    factor: float, unit: str, severity: Severity
) -> None:
    prices = calm_prices()
    (signal,) = compare(
        priced(prices, source="worldbank"), priced(prices * factor, source="imf", unit=unit)
    )
    assert signal.severity is severity


def test_a_price_that_leaves_its_usual_ratio_is_a_doubt() -> None:
    prices, other = calm_prices(), 1.4 * calm_prices()
    other[-1] *= 1.15
    (signal,) = compare(priced(prices, source="worldbank"), priced(other, source="imf"))
    assert signal.severity is Severity.MODERATE
    assert signal.score == pytest.approx(0.15)
    assert "tolerance 10 %" in signal.reason


def test_prices_in_other_currencies_are_not_compared() -> None:
    prices = calm_prices()
    assert not compare(
        priced(prices, source="worldbank"), priced(prices, source="smm", unit="CNY/t")
    )
