from __future__ import annotations

import io
from datetime import datetime

import pytest

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.sheet_stream import SheetReader
from g7warn.feeds.workbook import Workbook
from tests.support.payloads import write_xlsx

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone


def read(rows: str, *, head: str = "") -> list[tuple[object, ...]]:
    body = f"{head}<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    reader = SheetReader(
        strings=["Copper"], date_styles={7}, epoch=EPOCH, max_rows=50, max_columns=20
    )
    return reader.read(io.BytesIO(body))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("<c><v>12</v></c>", 12, id="whole number"),
        pytest.param("<c><v>1.5E3</v></c>", 1500.0, id="number"),
        pytest.param('<c t="s"><v>0</v></c>', "Copper", id="shared text"),
        pytest.param('<c t="str"><v>x</v></c>', "x", id="text"),
        pytest.param('<c t="b"><v>1</v></c>', True, id="truth"),
        pytest.param('<c t="e"><v>#N/A</v></c>', "#N/A", id="error"),
        pytest.param('<c s="7"><v>45000</v></c>', datetime(2023, 3, 15), id="date"),  # noqa: DTZ001
        pytest.param("<c><f>A1*2</f><v>8</v></c>", "=A1*2", id="formula"),
        pytest.param('<c><f t="shared" si="0"/><v>8</v></c>', "=", id="shared formula"),
        pytest.param("<c/>", None, id="empty"),
        pytest.param(
            '<c t="inlineStr"><is><r><t>Cu</t></r><rPh><t>ku</t></rPh><r><t>t</t></r></is></c>',
            "Cut",
            id="rich text",
        ),
    ],
)
def test_a_cell_is_read_by_its_type(cell: str, value: object) -> None:
    assert read(f"<row>{cell}</row>") == [(value,)]


def test_missing_rows_and_cells_keep_their_places() -> None:
    rows = read('<row r="2"><c r="C2"><v>5</v></c></row><row><c><v>6</v></c></row>')
    assert rows == [(), (None, None, 5), (6,)]


@pytest.mark.parametrize(
    ("rows", "head"),
    [
        pytest.param('<row r="2"/><row r="1"/>', "", id="rows out of order"),
        pytest.param('<row><c r="B1"/><c r="A1"/></row>', "", id="cells out of order"),
        pytest.param('<row><c r="A1"/><c r="A1"/></row>', "", id="a cell twice"),
        pytest.param('<row r="51"/>', "", id="too many rows"),
        pytest.param('<row><c r="ZZ1"/></row>', "", id="too many columns"),
        pytest.param('<row><c t="?"><v>1</v></c></row>', "", id="unknown type"),
        pytest.param("<row><c><v>1</v>", "", id="cut off"),
        pytest.param("", '<!DOCTYPE x [<!ENTITY a "b">]>', id="document type"),
    ],
)
def test_a_sheet_that_is_not_as_it_should_be_is_refused(rows: str, head: str) -> None:
    with pytest.raises(ValueError, match=r"sheet|row|cell"):
        read(rows, head=head)


def test_a_small_sheet_that_claims_millions_of_cells_is_refused() -> None:
    sheet = b"<sheetData>" + b'<row><c r="FAA"/></row>' * 2000 + b"</sheetData>"
    reader = SheetReader(
        strings=[], date_styles=(), epoch=EPOCH, max_rows=200_000, max_columns=4_096
    )
    with pytest.raises(ValueError, match="5,000,000 cells"):
        reader.read(io.BytesIO(sheet))


def test_a_workbook_gives_the_cells_that_were_written() -> None:
    rows = [["Copper", 1, 2.5, True, datetime(2026, 7, 10)], [], ["=1+1"]]  # noqa: DTZ001
    book = Workbook(write_xlsx({"Sheet": rows}), what="a workbook")
    assert book.read_sheet("sheet") == [tuple(rows[0]), (), ("=1+1",)]
    with pytest.raises(SourceFormatChanged, match="Other"):
        book.read_sheet("Other")
