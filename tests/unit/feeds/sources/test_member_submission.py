from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.member_submission import COLUMNS, SOURCE
from tests.support.payloads import make_payload

if TYPE_CHECKING:
    import pandas as pd

GOOD = "nickel,stock,level,JP,JP1,KT,2025-M01,12.5,A,C"


def parse(*rows: str, header: str = ",".join(COLUMNS)) -> pd.DataFrame:
    body = "\n".join([header, *rows])
    return SOURCE.parse(make_payload(body), get_dataset("member_submission")).table


def test_a_value_carries_status_confidentiality_and_its_contributor() -> None:
    (row,) = parse(GOOD).to_dict("records")
    assert row["series_id"] == "nickel.stock.level.jp.member_jp1"
    assert (row["period"], row["value"], row["unit"]) == ("2025-01", 12.5, "kt")
    assert (row["status"], row["conf"]) == ("A", "C")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nickel", "unobtainium"),
        ("JP,", "ZZ,"),
        ("KT", "BUSHEL"),
        (",A,C", ",Z,C"),
        (",A,C", ",A,"),
        ("JP1", "JP 1!"),
    ],
)
def test_a_fault_is_refused_and_the_confidential_value_is_not_repeated(old: str, new: str) -> None:
    table = parse(GOOD.replace(old, new, 1), GOOD.replace("2025-M01", "2025-M02"))
    assert table["refusal"].ne("").sum() == 1
    assert "12.5" not in " ".join(table.loc[table["refusal"] != "", "raw"])
    assert len(table) == 2


def test_a_missing_value_is_left_out_and_a_semicolon_file_is_read() -> None:
    rows = (GOOD, GOOD.replace("2025-M01", "2025-M02").replace("12.5,A", ",M"))
    table = parse(*(row.replace(",", ";") for row in rows), header=";".join(COLUMNS))
    assert table["period"].tolist() == ["2025-01"]


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_may_be_absent(column: str) -> None:
    header = ",".join(name if name != column else "OTHER" for name in COLUMNS)
    with pytest.raises(SourceFormatChanged, match=column):
        parse(GOOD, header=header)
