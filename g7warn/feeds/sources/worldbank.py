"""World Bank Pink Sheet: monthly commodity prices in one wide sheet.

The layout is found by content, not by position: the header row is the one that holds known series
names, units stand in the row below it, a row of codes may follow (2020 releases have one, 2025
releases do not), and data rows begin with `1960M01`.

Source: World Bank, Commodity Markets, `CMO-Historical-Data-Monthly.xlsx`, releases of March 2020
and January 2025.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from g7warn.errors import SourceFormatChanged, UnitMismatch
from g7warn.feeds.base import ParsedPayload
from g7warn.feeds.rows import ObservationRows
from g7warn.feeds.workbook import Rows, Workbook, name_cell

if TYPE_CHECKING:
    from g7warn.feeds.base import Payload
    from g7warn.feeds.catalog import Dataset, SeriesRule

SHEET = "Monthly Prices"
MISSING_MARKS: frozenset[str] = frozenset({"", "..", "...", "\u2026"})
UPDATED_PREFIX = "Updated on "
PERIOD_FORMAT = "{year:04d}M{month:02d}"

_WHAT = "World Bank Pink Sheet"
_PERIOD = re.compile(r"(\d{4})M(\d{2})", re.ASCII)
_UPDATED = re.compile(r"updated on\s+([a-z]+ \d{1,2}, \d{4})", re.IGNORECASE)
_HEADER_WITHIN_ROWS = 40
_LEAST_KNOWN_SHARE = 0.5  # below this the names are another publisher's or another language's


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    index: int
    name: str
    unit: str
    rule: SeriesRule | None


class WorldBankSource:
    """Reads the sheet of monthly prices."""

    name = "worldbank"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return all series the catalogue knows; unknown columns and units are refused by name."""
        rows = Workbook(payload.body, what=_WHAT).read_sheet(SHEET)
        header = _find_header(rows, dataset)
        first = _find_first_period(rows, header)
        columns = _read_columns(rows, header, dataset)
        found = ObservationRows()
        for column in columns:
            _read_column(found, rows, first, column, dataset)
        known = {column.rule.id for column in columns if column.rule}
        absent = [rule.id.split(".")[0] for rule in dataset.series if rule.id not in known]
        notes = (f"series absent from this release: {', '.join(absent)}",) if absent else ()
        return ParsedPayload(
            table=found.to_table(), released_at=_find_release(rows[:header]), notes=notes
        )


def _find_header(rows: Rows, dataset: Dataset) -> int:
    for number, row in enumerate(rows[:_HEADER_WITHIN_ROWS]):
        names = [cell for cell in row[1:] if isinstance(cell, str) and cell.strip()]
        known = sum(dataset.find_rule(name) is not None for name in names)
        if known > 1 and known >= _LEAST_KNOWN_SHARE * len(names):
            return number
    message = (
        f"{_WHAT}: no row of sheet {SHEET!r} holds the series names of the catalogue. "
        "Compare the sheet with catalog/price.yaml"
    )
    raise SourceFormatChanged(message, sheet=SHEET)


def _find_first_period(rows: Rows, header: int) -> int:
    for number in range(header + 1, min(header + 6, len(rows))):
        if rows[number] and _PERIOD.fullmatch(str(rows[number][0]).strip()):
            if number == header + 1:
                break
            return number
    message = (
        f"{_WHAT}: sheet {SHEET!r} has no row of units and then months like 1960M01 "
        f"below the names in row {header + 1}"
    )
    raise SourceFormatChanged(message, sheet=SHEET)


def _read_columns(rows: Rows, header: int, dataset: Dataset) -> list[_Column]:
    width = max(len(row) for row in rows)
    columns: list[_Column] = []
    for index in range(1, width):
        name = _text_at(rows[header], index)
        rule = dataset.find_rule(name) if name else None
        if rule and any(rule is other.rule for other in columns):
            message = f"{_WHAT}: two columns are called {name!r}; which one is meant is unknown"
            raise SourceFormatChanged(message, column=name)
        unit = _text_at(rows[header + 1], index)
        columns.append(_Column(index=index, name=name, unit=unit, rule=rule))
    return columns


def _read_column(
    found: ObservationRows, rows: Rows, first: int, column: _Column, dataset: Dataset
) -> None:
    cells = [
        (number, row[0], row[column.index])
        for number, row in enumerate(rows[first:], start=first)
        if len(row) > column.index and not _is_missing(row[column.index])
    ]
    if not cells:
        return
    rule = column.rule
    last_row, last_label, _ = cells[-1]
    if rule is None:
        why = f"{len(cells)} cells under the unknown header {column.name!r}"
        _refuse_column(found, column, row=last_row, period=_period_of(last_label), why=why)
        return
    try:
        unit, factor = dataset.scale_of(rule, column.unit)
    except UnitMismatch as error:
        why = f"{len(cells)} cells: {error.message}"
        _refuse_column(found, column, row=last_row, period=_period_of(last_label), why=why)
        return
    for number, label, cell in cells:
        found.add(
            rule.id,
            period=_period_of(label),
            cell=cell,
            unit=unit,
            ref=name_cell(SHEET, row=number, column=column.index),
            factor=factor,
        )


def _refuse_column(
    found: ObservationRows, column: _Column, *, row: int, period: str, why: str
) -> None:
    series_id = column.rule.id if column.rule else "unknown.market.price.world.worldbank"
    ref = name_cell(SHEET, row=row, column=column.index)
    found.refuse(
        series_id, period=period, raw=f"{column.name} {column.unit}", unit="", ref=ref, why=why
    )


def _period_of(label: object) -> str:
    match = _PERIOD.fullmatch(str(label).strip())
    return f"{match[1]}-{match[2]}" if match else str(label)[:20]


def _is_missing(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip() in MISSING_MARKS)


def _text_at(row: tuple[object, ...], index: int) -> str:
    cell = row[index] if index < len(row) else None
    return str(cell).strip() if cell is not None else ""


def _find_release(rows: Rows) -> datetime | None:
    for row in rows:
        for cell in row[:3]:
            if match := _UPDATED.search(str(cell)):
                try:
                    day = datetime.strptime(match[1], "%B %d, %Y")  # noqa: DTZ007 - a bare date
                except ValueError:
                    continue
                return day.replace(tzinfo=UTC)
    return None


SOURCE = WorldBankSource()
