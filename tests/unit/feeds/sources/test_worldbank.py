from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.worldbank import SOURCE
from tests.support.payloads import make_payload, make_pink_sheet, write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.feeds.base import ParsedPayload

NICKEL = "nickel.market.price.world.worldbank"
COPPER = "copper.market.price.world.worldbank"


def parse(body: bytes) -> ParsedPayload:
    return SOURCE.parse(make_payload(body), get_dataset("worldbank"))


def values_of(parsed: ParsedPayload, series_id: str) -> dict[str, float]:
    rows = parsed.table[parsed.table["series_id"] == series_id]
    return dict(zip(rows["period"], rows["value"], strict=True))


def test_each_value_stands_under_its_header_with_unit_and_place() -> None:
    parsed = parse(make_pink_sheet())
    assert values_of(parsed, NICKEL) == {"2024-11": 15721.6, "2024-12": 15444.4}
    row = parsed.table.set_index(["series_id", "period"]).loc[(NICKEL, "2024-12")]
    assert (row["unit"], row["source_ref"]) == ("USD/t", "Monthly Prices!C8")
    assert parsed.released_at == datetime(2025, 1, 3, tzinfo=UTC)


def test_a_row_of_codes_moves_the_data_down_and_changes_nothing() -> None:
    coded = make_pink_sheet(codes=("COPPER", "NICKEL", "IRON_ORE", "GOLD"))
    assert values_of(parse(coded), NICKEL) == values_of(parse(make_pink_sheet()), NICKEL)


def test_blanks_and_stars_in_a_name_are_no_part_of_it() -> None:
    parsed = parse(make_pink_sheet(names=("Copper ", "Nickel **", " Iron ore, cfr spot", "Gold")))
    assert values_of(parsed, NICKEL)


@pytest.mark.parametrize("mark", ["..", "...", "\u2026", "", None])
def test_a_mark_of_absence_gives_no_row(mark: str | None) -> None:
    months = (("2024M11", 9000, mark, 100, 2600), ("2024M12", 9000, 15000, 100, 2600))
    assert values_of(parse(make_pink_sheet(months=months)), NICKEL) == {"2024-12": 15000}


def test_a_renamed_column_is_refused_and_moves_no_other() -> None:
    parsed = parse(make_pink_sheet(names=("Copper", "Nikel", "Iron ore, cfr spot", "Gold")))
    refused = parsed.table[parsed.table["refusal"] != ""]
    assert refused["refusal"].tolist() == ["2 cells under the unknown header 'Nikel'"]
    assert values_of(parsed, COPPER) == {"2024-11": 9075.7, "2024-12": 8916.3}
    assert not values_of(parsed, NICKEL)
    assert "nickel" in parsed.notes[0]


def test_values_without_any_header_are_refused() -> None:
    names = ("Copper", None, "Iron ore, cfr spot", "Gold")
    refused = parse(make_pink_sheet(names=names)).table.query("refusal != ''")
    assert refused["refusal"].tolist() == ["2 cells under the unknown header ''"]


def test_a_changed_unit_refuses_the_series() -> None:
    parsed = parse(make_pink_sheet(units=("($/mt)", "($/lb)", "($/dmtu)", "($/troy oz)")))
    refused = parsed.table[parsed.table["series_id"] == NICKEL]
    assert refused["refusal"].tolist() == ["2 cells: unit '($/lb)' where '($/mt)' is expected"]


@pytest.mark.parametrize("cell", ["=B7*2", "1.234,5", "n/a", "9000*", "inf", "1e308"])
def test_a_cell_that_is_no_number_is_refused_with_its_text(cell: object) -> None:
    months = (("2024M11", 9000, 15000, 100, 2600), ("2024M12", 9000, cell, 100, 2600))
    table = parse(make_pink_sheet(months=months)).table
    refused = table[table["refusal"] != ""]
    assert refused["series_id"].tolist() == [NICKEL]
    assert refused["value"].isna().all()


@pytest.mark.parametrize("label", ["2024M13", "0000M01", "9999M01", "footnote"])
def test_values_beside_no_real_month_are_refused(label: str) -> None:
    months = (("2024M11", 9000, 15000, 100, 2600), (label, 9000, 15000, 100, 2600))
    table = parse(make_pink_sheet(months=months)).table
    assert len(table[table["refusal"] != ""]) == 4


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(make_pink_sheet(sheet="Prices"), id="sheet renamed"),
        pytest.param(make_pink_sheet(names=("Cu", "Ni", "Fe", "Au")), id="all names unknown"),
        pytest.param(make_pink_sheet(names=("Copper", "Copper", "Gold", "Tin")), id="name twice"),
        pytest.param(make_pink_sheet(months=()), id="no months"),
        pytest.param(write_xlsx({"Monthly Prices": []}), id="empty sheet"),
        pytest.param(make_pink_sheet()[:2000], id="truncated"),
    ],
)
def test_an_unknown_layout_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(SourceFormatChanged):
        parse(body)


@pytest.mark.data
@pytest.mark.parametrize(
    ("vintage", "series", "last"), [("2020-03", 82, "2020-02"), ("2025-01", 71, "2024-12")]
)
def test_real_vintages_are_told_apart_by_content(
    data: Path, vintage: str, series: int, last: str
) -> None:
    body = (data / "worldbank" / vintage / "CMO-Historical-Data-Monthly.xlsx").read_bytes()
    parsed = parse(body)
    assert parsed.table["series_id"].nunique() == series
    assert not parsed.table["refusal"].any()
    nickel = values_of(parsed, NICKEL)
    assert (min(nickel), max(nickel)) == ("1960-01", last)
    assert nickel["1960-01"] == 1631
