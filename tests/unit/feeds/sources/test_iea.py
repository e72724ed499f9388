from __future__ import annotations

from datetime import UTC, datetime

import pytest

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources import iea_cm, iea_gevo, iea_supply
from tests.support.iea import make_iea_cm, make_iea_supply
from tests.support.payloads import make_payload, write_xlsx

BLOCK = [["Copper - Mining"], ["Chile", 5485.0, 5369.0], ["Total", 23227.0, 24571.0]]


def parse_supply(rows: list[list[object]]) -> dict[tuple[str, str], float]:
    body = write_xlsx({"2 Total supply for key minerals": [["Supply (kt)"], *rows]})
    table = iea_supply.SOURCE.parse(make_payload(body), get_dataset("iea_supply")).table
    good = table[table["refusal"] == ""]
    return dict(
        zip(zip(good["series_id"], good["period"], strict=True), good["value"], strict=True)
    )


def test_the_base_year_tells_when_the_edition_came_out() -> None:
    supply = iea_supply.SOURCE.parse(make_payload(make_iea_supply()), get_dataset("iea_supply"))
    demand = iea_cm.SOURCE.parse(make_payload(make_iea_cm()), get_dataset("iea_cm"))
    assert supply.released_at == datetime(2025, 5, 21, tzinfo=UTC)
    assert demand.released_at == datetime(2023, 7, 11, tzinfo=UTC)


def test_projections_are_forecasts_in_series_of_their_own() -> None:
    parsed = iea_supply.SOURCE.parse(make_payload(make_iea_supply()), get_dataset("iea_supply"))
    status = dict(zip(parsed.table["series_id"], parsed.table["status"], strict=True))
    assert status["lithium.mine.production.au.iea"] == "A"
    assert status["lithium.mine.production_base_case.au.iea"] == "F"


def test_a_further_year_mineral_and_footnote_are_read_or_refused_and_move_nothing() -> None:
    found = parse_supply(
        [
            [None, 2025.0, 2030, 2035],
            ["Copper - Mining (kt)"],
            ["Chile", 5485.0, 5369.0, 4841.0],
            ["Total (rounded)", 23227.0, 24571.0, 20733.0],
            ["Unobtainium - Mining"],
            ["Chile", 1, 2, 3],
            ["Notes: see the report", 1, 2, 3],
        ]
    )
    assert found == {
        ("copper.mine.production.cl.iea", "2025"): 5485000,
        ("copper.mine.production_base_case.cl.iea", "2030"): 5369000,
        ("copper.mine.production_base_case.cl.iea", "2035"): 4841000,
        ("copper.mine.production.world.iea", "2025"): 23227000,
        ("copper.mine.production_base_case.world.iea", "2030"): 24571000,
        ("copper.mine.production_base_case.world.iea", "2035"): 20733000,
    }


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([[None, None, 2025, 2030], *BLOCK], id="years shifted"),
        pytest.param([[None, 2025, 2025], *BLOCK], id="a year twice"),
        pytest.param([[None, "first", "second"], *BLOCK], id="no years"),
        pytest.param([[None, 2025, 2030], ["Copper"], *BLOCK[1:]], id="no block"),
    ],
)
def test_a_sheet_whose_years_do_not_stand_beside_its_blocks_is_refused(
    rows: list[list[object]],
) -> None:
    with pytest.raises(SourceFormatChanged):
        parse_supply(rows)


def test_an_edition_without_supply_is_refused_by_the_name_of_the_sheet() -> None:
    with pytest.raises(SourceFormatChanged, match="2 Total supply"):
        iea_supply.SOURCE.parse(make_payload(make_iea_cm()), get_dataset("iea_supply"))


def test_scenarios_of_another_name_are_refused_by_name() -> None:
    titles = [None, None, "Current policies scenario"]
    rows = [["Total demand (kt)"], titles, [None, 2025, 2030], ["Copper"], ["Total demand", 1, 2]]
    body = write_xlsx({iea_cm.BLOCK_SHEET: rows, iea_cm.FLAT_SHEET: rows})
    with pytest.raises(SourceFormatChanged, match="Current policies"):
        iea_cm.SOURCE.parse(make_payload(body), get_dataset("iea_cm"))


def test_the_blocks_of_later_editions_are_read() -> None:
    titles = [None, None, None, "Stated Policies scenario"]
    rows = [["Total demand (kt)"], titles, [None, 2024, None, 2030]]
    block = ["Magnet rare earth elements"], ["Total demand", 90.5, None, 120]
    flat = [*rows, ["Battery-grade graphite", 800, None, 1500]]
    body = write_xlsx({iea_cm.BLOCK_SHEET: [*rows, *block], iea_cm.FLAT_SHEET: flat})
    parsed = iea_cm.SOURCE.parse(make_payload(body), get_dataset("iea_cm"))
    assert parsed.released_at == datetime(2025, 5, 21, tzinfo=UTC)
    assert parsed.table["refusal"].eq("").all()
    assert set(parsed.table["series_id"]) == {
        "rare_earths.use.magnet_demand.world.iea",
        "rare_earths.use.magnet_demand_steps.world.iea",
        "graphite.use.cleantech_demand.world.iea",
        "graphite.use.cleantech_demand_steps.world.iea",
    }


@pytest.mark.parametrize("column", iea_gevo.COLUMNS)
def test_a_column_that_stands_twice_is_refused_by_name(column: str) -> None:
    row = ["China", "Historical", "Battery demand", "Cars", "EV", 2024, "GWh", 380, 7]
    body = write_xlsx({"GEVO_EV_2025": [[*iea_gevo.COLUMNS, column], row]})
    with pytest.raises(SourceFormatChanged, match=column):
        iea_gevo.SOURCE.parse(make_payload(body), get_dataset("iea_gevo"))
