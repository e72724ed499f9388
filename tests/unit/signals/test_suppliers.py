"""Production by country: which source, which years, which total."""

import numpy as np
import pytest

from g7warn.signals.panel import Panel, build_panel
from g7warn.signals.suppliers import read_suppliers
from tests.support.panels import AS_OF, build_frame, build_rows


def production(
    area: str, values: list[float], *, source: str = "bgs", last: str = "2020", status: str = "A"
) -> object:
    name = f"cobalt.mine.production.{area}.{source}"
    return build_rows(name, values, last=last, unit="t", lag_days=200, status=status)


def panel_of(*tables: object) -> Panel:
    return build_panel(build_frame(*tables), as_of=AS_OF)  # type: ignore[arg-type]


def test_shares_are_of_the_stated_world_total() -> None:
    panel = panel_of(
        production("cd", [60.0]), production("au", [10.0]), production("world", [100.0])
    )
    (supply,) = read_suppliers(panel)
    assert supply.shares.loc["2020"].to_dict() == {"au": 0.1, "cd": 0.6}
    assert supply.notes == ()


def test_the_sum_stands_in_for_a_total_that_is_missing_or_too_small() -> None:
    panel = panel_of(production("cd", [60.0]), production("au", [40.0]))
    (supply,) = read_suppliers(panel)
    assert supply.shares.loc["2020", "cd"] == pytest.approx(0.6)
    assert any("sum stands in" in note for note in supply.notes)


def test_a_year_whose_countries_explain_too_little_is_left_out_by_name() -> None:
    panel = panel_of(production("cd", [60.0, 20.0]), production("world", [100.0, 100.0]))
    (supply,) = read_suppliers(panel)
    assert supply.newest == "2019"
    assert any("2020" in note for note in supply.notes)


def test_a_mineral_whose_countries_are_all_withheld_has_no_supply() -> None:
    assert read_suppliers(panel_of(production("cd", [1.0]), production("world", [100.0]))) == ()


def test_aggregates_and_forecasts_are_no_production_of_a_country() -> None:
    panel = panel_of(
        production("cd", [60.0]),
        production("other", [40.0]),
        production("au", [np.nan, 50.0], last="2021", status="F"),
    )
    (supply,) = read_suppliers(panel)
    assert list(supply.volumes.columns) == ["cd"]


def test_the_source_with_the_newest_year_is_taken() -> None:
    panel = panel_of(
        production("cd", [60.0], last="2019"),
        production("au", [40.0], last="2019"),
        production("cd", [70.0], source="usgs"),
    )
    (supply,) = read_suppliers(panel)
    assert supply.newest == "2020"
    assert set(supply.rows["source"]) == {"usgs"}
