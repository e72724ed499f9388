"""USITC DataWeb: US imports and exports by heading and country, annual sheets of a workbook.

The query's own parameters stand on a sheet of their own: the day of download tells which year is
not yet complete, and is left out. Each sheet states its number of rows and, for values, a total a
year; a sheet that does not agree with itself is refused. Lines of one heading and country that
differ in the unit of quantity cover different goods and are added, weights in tonnes.

Source: USITC DataWeb, download of 10 July 2026.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.countries import find_area
from g7warn.feeds.numbers import read_number
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.text import normalise_name
from g7warn.feeds.workbook import Rows, Workbook, name_cell

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

PARAMETER_SHEET = "Query Parameters"
VALUE_SHEETS: dict[str, str] = {"Customs Value": "import", "FAS Value": "export"}
QUANTITY_SHEET = "First Unit of Quantity"
HEADER = ("data type", "country", "hts number", "description", "quantity description")
_WHAT = "USITC DataWeb"
_TONNES: dict[str, float] = {"kilograms": 0.001, "metric tons": 1.0}
_NO_WEIGHTS = frozenset(
    {
        *("number", "no units collected", "grams", "gold content grams", "carats"),
        *("component grams", "component kilograms", "component tons", "square meters", "liters"),
    }
)
_YEAR = re.compile(r"\d{4}")
_TOTAL_TOLERANCE = 0.5  # dollars; totals are rounded to one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    title: str
    lines: tuple[tuple[int, tuple[object, ...]], ...]
    years: dict[int, str]
    total: tuple[object, ...]


class UsitcSource:
    """Reads the annual sheets of values and first quantities."""

    name = "usitc"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return values and weights by heading and country, complete years only."""
        book = Workbook(payload.body, what=_WHAT)
        downloaded = _find_download(book.read_sheet(PARAMETER_SHEET))
        values = [name for name in VALUE_SHEETS if name in book.sheet_names]
        if len(values) != 1:
            message = f"{_WHAT}: no single sheet of {list(VALUE_SHEETS)} in {book.sheet_names}"
            raise SourceFormatChanged(message)
        flow = VALUE_SHEETS[values[0]]
        reading = Reading(dataset, what=_WHAT, unknown_id="unknown.trade.value.us.usitc")
        sheet = _read_sheet(book, values[0], downloaded.year)
        _check_total(sheet)
        _take_values(sheet, flow, reading)
        _take_weights(_read_sheet(book, QUANTITY_SHEET, downloaded.year), flow, reading)
        reading.notes.append(f"{downloaded.year} is not complete and was left out")
        return reading.finish(released_at=downloaded)


def _find_download(rows: Rows) -> datetime:
    for row in rows:
        if len(row) > 1 and row[0] == "Download Date" and isinstance(row[1], datetime):
            return row[1].replace(tzinfo=UTC)
    message = f"{_WHAT}: sheet {PARAMETER_SHEET!r} states no Download Date"
    raise SourceFormatChanged(message)


def _read_sheet(book: Workbook, title: str, partial_year: int) -> _Sheet:
    rows = book.read_sheet(title)
    header = tuple(normalise_name(cell) for cell in rows[2][:5]) if len(rows) > 2 else ()
    if header != HEADER:
        message = f"{_WHAT}: row 3 of {title!r} is {header}, not {HEADER}"
        raise SourceFormatChanged(message, sheet=title)
    years = {
        index: str(cell)
        for index, cell in enumerate(rows[2])
        if _YEAR.fullmatch(str(cell)) and int(str(cell)) < partial_year
    }
    lines = tuple((n, row) for n, row in enumerate(rows) if len(row) > 5 and row[0] == title)
    total: tuple[object, ...] = next(
        (row for row in rows[3:] if row and str(row[0]).strip() == "Total:"), ()
    )
    stated = rows[1][1] if len(rows[1]) > 1 else None
    if stated != len(lines) or len(set(years.values())) != len(years) or not years:
        message = (
            f"{_WHAT}: {title!r} has {len(lines)} rows where it states {stated}, or no single "
            "column a year: cut off or changed"
        )
        raise SourceFormatChanged(message, sheet=title)
    return _Sheet(title=title, lines=lines, years=years, total=total)


def _check_total(sheet: _Sheet) -> None:
    for index, year in sheet.years.items():
        stated = str(sheet.total[index]).replace(",", "") if len(sheet.total) > index else ""
        numbers = (read_number(row[index]) for _, row in sheet.lines if index < len(row))
        found = math.fsum(number for number, fault in numbers if not fault)
        number, fault = read_number(stated)
        if fault or abs(number - found) > _TOTAL_TOLERANCE:
            message = (
                f"{_WHAT}: the rows of {sheet.title!r} add up to {found:,.0f} in {year}, its total "
                f"is {stated!r}"
            )
            raise SourceFormatChanged(message, sheet=sheet.title, year=year)


def _take_values(sheet: _Sheet, flow: str, reading: Reading) -> None:
    factors = {str(row[4]): 1.0 for _, row in sheet.lines}
    for (heading, country, year), (amount, ref) in _add_up(sheet, factors).items():
        reading.take(_to_figure(heading, country, year, f"{flow} value", amount, "USD", ref))


def _take_weights(sheet: _Sheet, flow: str, reading: Reading) -> None:
    units = [str(row[4]) for _, row in sheet.lines]
    if unknown := set(units) - set(_TONNES) - _NO_WEIGHTS:
        message = f"{_WHAT}: unknown units of quantity {sorted(unknown)[:5]}"
        raise SourceFormatChanged(message, units=sorted(unknown)[:5])
    if others := sum(unit not in _TONNES for unit in units):
        reading.notes.append(f"{others} lines count pieces or contents and were left out")
    for (heading, country, year), (amount, ref) in _add_up(sheet, _TONNES).items():
        labels = (heading, country, year, f"{flow} weight")
        reading.take(_to_figure(*labels, amount, "metric tons", ref))


def _add_up(
    sheet: _Sheet, factors: dict[str, float]
) -> dict[tuple[str, str, str], tuple[object, str]]:
    """Return amount and first place by heading, country and year; a text in a cell stays."""
    sums: dict[tuple[str, str, str], tuple[object, str]] = {}
    for number, row in sheet.lines:
        if str(row[4]) not in factors:
            continue
        for index, year in sheet.years.items():
            key = (str(row[2]), str(row[1]), year)
            cell = row[index] if index < len(row) else ""
            before, ref = sums.get(key, (0.0, name_cell(sheet.title, row=number, column=index)))
            amount, fault = read_number(cell)
            if fault or not isinstance(before, float):
                sums[key] = (cell if fault else before, ref)
            else:
                sums[key] = (before + amount * factors[str(row[4])], ref)
    return sums


def _to_figure(
    heading: str, country: str, year: str, kind: str, cell: object, unit: str, ref: str
) -> Figure:
    return Figure(
        labels=(heading, kind),
        areas={"area": "us", "partner": find_area(country)},
        period=year,
        cell=cell,
        unit=unit,
        ref=ref,
        place=country,
    )


SOURCE = UsitcSource()
