"""IEA Global EV Outlook: vehicles, batteries and chargers, as CSV and as workbook.

A figure is labelled by parameter, mode and powertrain; projections carry their scenario in the
series id and the status of a forecast. The workbook's helper column of formulas is not read.

Source: IEA, Global EV Outlook 2025, data explorer version 1.2 (July 2025).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.countries import find_area
from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.text import normalise_name
from g7warn.feeds.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

COLUMNS = (
    *("region_country", "category", "parameter", "mode", "powertrain", "year", "unit", "value"),
)
_WHAT = "IEA Global EV Outlook"
_SHEET = re.compile(r"GEVO_EV_\d{4}")
_NOTES = "Notes"
_PUBLISHED = re.compile(r"published (\d{1,2})(?:st|nd|rd|th)? of (\w+) (\d{4})")
_PROJECTION = "Projection-"


class IeaGevoSource:
    """Reads the long table of either form."""

    name = "iea_gevo"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return history and projections of the listed parameters by country."""
        reading = Reading(dataset, what=_WHAT, unknown_id="unknown.use.value.world.iea_gevo")
        released = None
        if payload.body.startswith(b"PK"):
            book = Workbook(payload.body, what=_WHAT)
            records, released = _read_workbook(book), _find_release(book)
        else:
            records = _read_csv(payload.body, reading)
        regions = 0
        for ref, record in records:
            region = str(record["region_country"])
            if dataset.is_ignored("region", region):
                regions += 1
                continue
            reading.take(_to_figure(record, region, ref))
        if regions:
            reading.notes.append(f"{regions} figures are of groups of countries")
        return reading.finish(released_at=released)


def _to_figure(record: Mapping[str, object], region: str, ref: str) -> Figure:
    category = str(record["category"])
    is_projection = category.startswith(_PROJECTION)
    labels = [str(record[name]) for name in ("parameter", "mode", "powertrain")]
    if is_projection:
        labels.append(category.removeprefix(_PROJECTION))
    elif category != "Historical":
        labels.append(category)
    return Figure(
        labels=tuple(labels),
        areas={"area": find_area(region)},
        period=str(record["year"]),
        cell=record["value"],
        unit=str(record["unit"]),
        ref=ref,
        status="F" if is_projection else "A",
        place=region,
    )


def _find_release(book: Workbook) -> datetime | None:
    if _NOTES not in book.sheet_names:
        return None
    for row in book.read_sheet(_NOTES):
        for cell in row:
            if isinstance(cell, str) and (match := _PUBLISHED.search(cell)):
                try:
                    day = datetime.strptime(" ".join(match.groups()), "%d %B %Y")  # noqa: DTZ007
                except ValueError:
                    continue
                return day.replace(tzinfo=UTC)
    return None


def _read_workbook(book: Workbook) -> Iterator[tuple[str, Mapping[str, object]]]:
    sheets = [name for name in book.sheet_names if _SHEET.fullmatch(name)]
    if len(sheets) != 1:
        message = f"{_WHAT}: no single sheet such as GEVO_EV_2025 among {book.sheet_names}"
        raise SourceFormatChanged(message)
    rows = book.read_sheet(sheets[0])
    header = [normalise_name(cell) for cell in rows[0]] if rows else []
    if unclear := [name for name in COLUMNS if header.count(name) != 1]:
        message = f"{_WHAT}: no single column {unclear} among {header[:20]}"
        raise SourceFormatChanged(message)
    places = {name: header.index(name) for name in COLUMNS}
    for number, row in enumerate(rows[1:], start=2):
        if any(cell is not None for cell in row):
            cells = {name: row[index] if index < len(row) else "" for name, index in places.items()}
            yield f"{sheets[0]} row {number}", cells


def _read_csv(body: bytes, reading: Reading) -> Iterator[tuple[str, Mapping[str, object]]]:
    table = read_csv(body, what=_WHAT)
    names = {"region_country": "region_country"}
    if "region_country" not in table.names and "region" in table.names:
        names["region_country"] = "region"  # the API's CSV until 2024
    table.require(*(names.get(name, name) for name in COLUMNS))
    reading.refuse_lines(table)
    for row in table:
        yield f"line {row.number}", {name: row[names.get(name, name)] for name in COLUMNS}


SOURCE = IeaGevoSource()
