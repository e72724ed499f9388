from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources import comtrade, usitc
from tests.support.payloads import make_payload
from tests.support.publishers import make_comtrade, make_usitc

if TYPE_CHECKING:
    import pandas as pd


def read_comtrade(**changes: object) -> pd.DataFrame:
    payload = make_payload(make_comtrade(**changes))
    return comtrade.SOURCE.parse(payload, get_dataset("comtrade")).table


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"netWgt": 0}, "weight 0 kg", id="no weight"),
        pytest.param({"netWgt": 2.0, "primaryValue": 242e6}, "plausible", id="2 kg for millions"),
        pytest.param({"netWgt": 1e9}, "plausible", id="too cheap"),
    ],
)
def test_a_weight_that_contradicts_its_value_is_refused_and_the_value_stays(
    changes: dict[str, object], words: str
) -> None:
    table = read_comtrade(**changes)
    row = table[table["series_id"] == "rare_earths.trade.imports_weight_2846.cn_my.comtrade"]
    assert words in row["refusal"].iloc[0]
    value = table[table["series_id"] == "rare_earths.trade.imports_value_2846.cn_my.comtrade"]
    assert value["refusal"].tolist() == [""]


def test_small_parcels_are_not_judged_by_their_unit_value() -> None:
    table = read_comtrade(netWgt=1.0, primaryValue=9000.0)
    assert table["series_id"].str.contains("weight_2846.cn_my").any()


def test_an_estimated_weight_says_so() -> None:
    table = read_comtrade().set_index("series_id")
    assert table.loc["rare_earths.trade.imports_weight_2846.cn_my.comtrade", "status"] == "E"


def test_no_records_are_an_empty_answer_and_a_wrong_count_is_a_cut() -> None:
    dataset = get_dataset("comtrade")
    empty = comtrade.SOURCE.parse(make_payload(b'{"count": 0, "data": []}'), dataset)
    assert empty.table.empty
    with pytest.raises(SourceFormatChanged, match="count"):
        comtrade.SOURCE.parse(make_payload(b'{"count": 3, "data": []}'), dataset)


def read_usitc(body: bytes) -> pd.DataFrame:
    return usitc.SOURCE.parse(make_payload(body), get_dataset("usitc")).table


def test_exports_are_told_by_their_sheet_and_the_year_that_runs_is_left_out() -> None:
    table = read_usitc(make_usitc(title="FAS Value", flow="Domestic Exports"))
    assert set(table["series_id"]) == {
        "rare_earths.trade.exports_value_2846.us_cn.usitc",
        "rare_earths.trade.exports_weight_2846.us_cn.usitc",
    }
    assert set(table["period"]) == {"2024", "2025"}


def test_a_sheet_that_does_not_add_up_to_its_own_total_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(usitc, "_TOTAL_TOLERANCE", -1.0)
    with pytest.raises(SourceFormatChanged, match="add up"):
        read_usitc(make_usitc())


@pytest.mark.parametrize("row", [4, 5, 6], ids=["a line", "another line", "the total"])
@pytest.mark.parametrize("left", [0, 1, 5, 6])
def test_a_line_that_is_cut_short_is_refused_with_its_sheet(row: int, left: int) -> None:
    book = load_workbook(io.BytesIO(make_usitc()))
    for column in range(left + 1, 9):
        book["Customs Value"].cell(row=row, column=column).value = None
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(SourceFormatChanged, match="Customs Value"):
        read_usitc(stream.getvalue())
