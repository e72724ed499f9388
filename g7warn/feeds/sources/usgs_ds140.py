"""USGS Data Series 140: historical statistics since 1900, one workbook a commodity.

The sheet's title names the commodity, the row that begins with `Year` the columns. A long table of
the same figures (`metric`, `geography`, `value`, ...) is read too.

Source: USGS, Data Series 140, workbooks of lithium (2021) and rare earths (2020).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.workbook import Rows, Workbook, name_cell

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

LONG_COLUMNS = ("commodity", "year", "geography", "metric", "unit", "value", "value_status")
ABSENT_MARKS = frozenset({"", "NA", "W", "--", "\u2014", "None"})
_WHAT = "USGS Data Series 140"
_MODIFIED = re.compile(r"last modification:\s*([A-Za-z]+ \d{1,2}, \d{4})", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_HEADER_WITHIN_ROWS = 20


class UsgsDs140Source:
    """Reads the workbook and the long table, told apart by content."""

    name = "usgs_ds140"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return every listed column by year."""
        reading = Reading(
            dataset, what=_WHAT, unknown_id="unknown.use.value.us.usgs_ds140", is_grouped=True
        )
        if payload.body.startswith(b"PK"):
            released = _read_workbook(payload.body, reading)
        else:
            released = _read_long(payload.body, reading)
        return reading.finish(released_at=released)


def _read_workbook(body: bytes, reading: Reading) -> datetime | None:
    book = Workbook(body, what=_WHAT)
    sheet = book.sheet_names[0]
    rows = book.read_sheet(sheet)
    header = next(
        (number for number, row in enumerate(rows[:_HEADER_WITHIN_ROWS]) if row[:1] == ("Year",)),
        -1,
    )
    if header < 0:
        message = f"{_WHAT}: no row of sheet {sheet!r} begins with 'Year'"
        raise SourceFormatChanged(message, sheet=sheet)
    title = " ".join(re.sub(r"\d+$", "", str(rows[0][0] if rows[0] else "")).split())
    names = [str(cell).strip() if cell is not None else "" for cell in rows[header]]
    if len(set(filter(None, names))) != len(list(filter(None, names))):
        message = f"{_WHAT}: two columns share a name in {names}"
        raise SourceFormatChanged(message, sheet=sheet)
    for number, row in enumerate(rows[header + 1 :], start=header + 1):
        label = str(row[0]).strip() if row else ""
        if not _YEAR.fullmatch(label):
            continue  # notes below the table
        for index, cell in enumerate(row[1:], start=1):
            if str(cell).strip() in ABSENT_MARKS:
                continue
            reading.take(
                Figure(
                    labels=(title, names[index] if index < len(names) else ""),
                    period=label,
                    cell=cell,
                    ref=name_cell(sheet, row=number, column=index),
                )
            )
    return _find_release(rows[:header])


def _find_release(rows: Rows) -> datetime | None:
    for row in rows:
        if row and (match := _MODIFIED.search(str(row[0]))):
            try:
                day = datetime.strptime(match[1], "%B %d, %Y")  # noqa: DTZ007 - a bare date
            except ValueError:
                continue
            return day.replace(tzinfo=UTC)
    return None


def _read_long(body: bytes, reading: Reading) -> datetime | None:
    table = read_csv(body, what=_WHAT)
    table.require(*LONG_COLUMNS)
    released = None
    for row in table:
        published = row.cells.get("source_publication_date", "")
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", published):
            released = datetime.strptime(published, "%Y-%m-%d").replace(tzinfo=UTC)
        if row["value_status"] == "available":
            reading.take(
                Figure(
                    labels=(row["commodity"], row["metric"], row["geography"]),
                    period=row["year"],
                    cell=row["value"],
                    ref=f"line {row.number}",
                )
            )
    reading.refuse_lines(table)
    return released


SOURCE = UsgsDs140Source()
