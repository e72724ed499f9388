from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.usgs_mcs import SOURCE
from tests.support.payloads import (
    MCS_LONG_HEADER,
    MCS_WIDE_HEADER,
    make_mcs_long,
    make_mcs_wide,
    make_payload,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

CHILE = "lithium.mine.production.cl.usgs"


def parse(body: bytes) -> pd.DataFrame:
    return SOURCE.parse(make_payload(body), get_dataset("usgs_mcs")).table


def facts(table: pd.DataFrame) -> dict[tuple[str, str], tuple[float, str]]:
    keys = zip(table["series_id"], table["period"], strict=True)
    return dict(zip(keys, zip(table["value"], table["status"], strict=True), strict=True))


def test_the_wide_layout_gives_production_capacity_and_reserves_in_tonnes() -> None:
    found = facts(parse(make_mcs_wide()))
    assert found[CHILE, "2023"] == (41400, "A")
    assert found[CHILE, "2024"] == (49000, "E")
    assert found["lithium.reserve.reserves.cl.usgs", "2024"] == (9300000, "A")
    assert found["lithium.mine.production.world.usgs", "2023"] == (204000, "A")
    assert found["gallium.refine.production.cn.usgs", "2023"] == (600, "A")
    assert found["gallium.refine.capacity.cn.usgs", "2024"] == (1100, "E")


def test_the_long_layout_of_2026_gives_the_same_series() -> None:
    table = parse(make_mcs_long())
    assert table.query("refusal != ''")["raw"].tolist() == [">37,000,000"]
    assert facts(table.query("refusal == ''")) == {
        (CHILE, "2024"): (49000, "A"),
        (CHILE, "2025"): (56000, "E"),
        ("lithium.reserve.reserves.cl.usgs", "2025"): (9200000, "A"),
        ("lithium.mine.production.world.usgs", "2025"): (290000, "E"),
    }


def test_the_release_date_is_that_of_the_edition() -> None:
    parsed = SOURCE.parse(make_payload(make_mcs_wide()), get_dataset("usgs_mcs"))
    assert parsed.released_at == datetime(2025, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize("token", ["\u2014", "\u2013", "--", "0"])
def test_a_dash_is_zero_by_the_legend(token: str) -> None:
    line = f'MCS2025,Lithium,Chile,"Mine production, lithium content",metric tons,1,{token},,,,,,'
    assert facts(parse(make_mcs_wide(line)))[CHILE, "2024"] == (0.0, "E")


@pytest.mark.parametrize("token", ["W", "NA", "XX", ""])
def test_withheld_and_absent_figures_give_no_row(token: str) -> None:
    line = f'MCS2025,Lithium,Chile,"Mine production, lithium content",metric tons,1,{token},,,,,,'
    assert list(facts(parse(make_mcs_wide(line)))) == [(CHILE, "2023")]


@pytest.mark.parametrize("text", [">75", "<1", "Large", "1.234,5", "=1+1"])
def test_a_bound_or_a_word_is_refused_with_its_text(text: str) -> None:
    line = f'MCS2025,Lithium,Chile,"Mine production, lithium content",metric tons,1,"{text}",,,,,,'
    refused = parse(make_mcs_wide(line)).query("refusal != ''")
    assert refused["raw"].tolist() == [text]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("Lithium,", "Lithiumm,", id="commodity"),
        pytest.param("Chile", "Chlie", id="country"),
        pytest.param("metric tons", "short tons", id="unit"),
    ],
)
def test_an_unknown_label_is_refused_and_nothing_else(old: str, new: str) -> None:
    line = 'MCS2025,Lithium,Chile,"Mine production, lithium content",metric tons,1,,,,,,,'
    other = line.replace("Chile", "China").replace(",1,", ",7,")
    table = parse(make_mcs_wide(line.replace(old, new), other))
    assert (table["refusal"] != "").tolist() == [True, False]
    assert table["value"].tolist()[1] == 7


def test_the_remainder_and_other_commodities_are_left_out() -> None:
    lines = (
        'MCS2025,Lithium,Other countries,"Mine production, lithium content",metric tons,1,,,,,,,',
        "MCS2025,Cement,China,Cement production,thousand metric tons,1,,,,,,,",
        'MCS2025,Lithium,Chile,"Mine production, lithium content",metric tons,1,,,,,,,',
    )
    assert list(facts(parse(make_mcs_wide(*lines)))) == [(CHILE, "2023")]


def test_a_line_with_a_missing_cell_is_refused_and_shifts_nothing() -> None:
    table = parse(make_mcs_wide("MCS2025,Lithium,Chile,metric tons,1", *MCS_GOOD))
    assert table["refusal"].ne("").sum() == 1
    assert table["value"].dropna().tolist() == [5.0]


MCS_GOOD = ('MCS2025,Lithium,Chile,"Mine production, lithium content",metric tons,5,,,,,,,',)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(make_mcs_wide(header=MCS_WIDE_HEADER.replace("UNIT_MEAS", "UNIT")), id="wide"),
        pytest.param(
            make_mcs_wide(header=MCS_WIDE_HEADER.replace("PROD_2023", "PRD_2023")), id="value"
        ),
        pytest.param(make_mcs_long(header=MCS_LONG_HEADER.replace("Value", "Amount")), id="long"),
        pytest.param(b"a,b\n1,2\n", id="another file"),
        pytest.param(b"<html><body>Sign in</body></html>", id="html"),
        pytest.param(b"", id="empty"),
    ],
)
def test_an_unknown_layout_is_refused_by_name(body: bytes) -> None:
    with pytest.raises(SourceFormatChanged):
        parse(body)


@pytest.mark.data
def test_the_real_file_of_2025_is_read(data: Path) -> None:
    table = parse((data / "usgs/mcs2025/MCS2025_World_Data.csv").read_bytes())
    found = facts(table)
    assert found["cobalt.mine.production.cd.usgs", "2024"] == (220000, "E")
    assert found["rare_earths.mine.production.cn.usgs", "2023"] == (255000, "A")
    assert len(table.query("refusal != ''")) == 9
    good = table.query("refusal == ''")
    assert not good.duplicated(["series_id", "period"]).any()
