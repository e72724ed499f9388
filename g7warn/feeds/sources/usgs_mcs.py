"""USGS Mineral Commodity Summaries: world production, capacity and reserves.

Two layouts, told apart by their columns. Up to 2025 a wide file (`MCS2025_World_Data.csv`, UTF-8
with a byte-order mark) has a column a year, the last one an estimate. From 2026 a long file
(`MCS2026_Commodities_Data.csv`, Windows-1252, thousands grouped by commas) has a line a figure, of
which the sections on world production are read here; an estimate says so in its notes. Any other
layout is refused.

Source: USGS data releases P13XCP3R (2025) and P1WKQ63T (2026); of the latter the lines on antimony,
cobalt and rare earths, seen in an excerpt 2026-11-23.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from g7warn.domain.series import SeriesId
from g7warn.errors import SourceFormatChanged, UnitMismatch
from g7warn.feeds.base import ParsedPayload
from g7warn.feeds.countries import find_area
from g7warn.feeds.csvtable import CsvTable, read_csv
from g7warn.feeds.rows import ObservationRows
from g7warn.feeds.usgs_legend import ABSENT_MARKS, WITHHELD_MARKS, read_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from g7warn.feeds.base import Payload
    from g7warn.feeds.catalog import Dataset

WIDE_COLUMNS = ("source", "commodity", "country", "type", "unit_meas")
LONG_COLUMNS = (
    *("mcs chapter", "section", "commodity", "country", "statistics", "statistics_detail"),
    *("unit", "year", "value", "notes"),
)

_WHAT = "USGS Mineral Commodity Summaries"
_VALUE_COLUMN = re.compile(r"(prod|cap|reserves)(_est)?_\s*(\d{4})")
_EDITION = re.compile(r"MCS\s*(\d{4})")
_TAIL = re.compile(r"[,:]?\s*(?:\b(?:estimated|rounded)\b|\(rounded\))\s*$", re.IGNORECASE)
_LONG_YEAR = re.compile(r"(\d{4})(?:_estimated|e)?", re.IGNORECASE)
_ESTIMATED = re.compile(r"\d{4}e\b|(?:\b|_)estimated\b", re.IGNORECASE)
_MEASURES = {"production": "prod", "capacity": "cap", "reserves": "reserves"}
_RELEASE_MONTH, _RELEASE_DAY = 1, 31  # every edition since 2019 came out at the end of January


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    commodity: str
    kind: str
    country: str
    measure: str
    year: str
    unit: str
    text: str
    ref: str
    is_estimate: bool


@dataclass(slots=True)
class _Reading:
    dataset: Dataset
    rows: ObservationRows = field(default_factory=lambda: ObservationRows(is_grouped=True))
    withheld: int = 0

    def take(self, figure: _Figure) -> None:
        """Add one figure, refuse it, or count why it is left out."""
        self.withheld += figure.text in WITHHELD_MARKS
        if self._is_left_out(figure):
            return
        rule = self.dataset.find_rule(figure.commodity, figure.kind)
        if rule is None or not find_area(figure.country):
            name = f"{figure.commodity}|{figure.kind}" if rule is None else figure.country
            self._refuse("unknown.mine.production.world.usgs", figure, f"unknown label {name!r}")
            return
        series_id = _name_series(rule.id, figure)
        try:
            unit, factor = self.dataset.scale_of(rule, figure.unit)
        except UnitMismatch as error:
            self._refuse(series_id, figure, error.message)
            return
        self.rows.add(
            series_id,
            period=figure.year,
            cell=read_zero(figure.text),
            unit=unit,
            ref=figure.ref,
            status="E" if figure.is_estimate else "A",
            factor=factor,
        )

    def _is_left_out(self, figure: _Figure) -> bool:
        is_blank = figure.text in ABSENT_MARKS or figure.text in WITHHELD_MARKS
        is_remainder = figure.country.lower().startswith("other")  # world minus the countries
        is_unwatched = self.dataset.is_ignored(figure.commodity)
        is_part = self.dataset.is_ignored(figure.commodity, figure.country)
        return is_blank or is_remainder or is_unwatched or is_part

    def _refuse(self, series_id: str, figure: _Figure, why: str) -> None:
        raw = f"{figure.text} {figure.unit}"
        self.rows.refuse(series_id, period=figure.year, raw=raw, unit="", ref=figure.ref, why=why)


class UsgsMcsSource:
    """Reads both layouts of the world tables."""

    name = "usgs_mcs"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return the figures of the watched commodities by country."""
        table = read_csv(payload.body, what=_WHAT, encodings=("utf-8-sig", "cp1252"))
        is_wide = set(WIDE_COLUMNS) <= set(table.names)
        if not is_wide and not set(LONG_COLUMNS) <= set(table.names):
            message = (
                f"{_WHAT}: a file with the columns {list(table.columns)[:15]} is neither the "
                "layout of 2025 nor that of 2026. Teach sources/usgs_mcs.py the new one"
            )
            raise SourceFormatChanged(message, columns=list(table.columns)[:40])
        reading = _Reading(dataset)
        for figure in _read_wide(table) if is_wide else _read_long(table):
            reading.take(figure)
        for number, text in table.damaged:
            reading.rows.refuse(
                "unknown.mine.production.world.usgs",
                period="",
                raw=text,
                unit="",
                ref=f"line {number}",
                why=f"line has another number of cells than the header ({len(table.columns)})",
            )
        if not len(reading.rows):
            message = f"{_WHAT}: the file holds no figure of a watched commodity"
            raise SourceFormatChanged(message)
        notes = [f"{reading.withheld} figures are withheld by the publisher"]
        return ParsedPayload(
            table=reading.rows.to_table(),
            released_at=_find_release(payload),
            notes=tuple(note for note in notes if reading.withheld),
        )


def _read_wide(table: CsvTable) -> Iterator[_Figure]:
    values = {name: match for name in table.names if (match := _VALUE_COLUMN.fullmatch(name))}
    notes = {"prod_notes", "cap_notes", "reserve_notes", "reserves_notes"}
    if unknown := set(table.names) - set(values) - set(WIDE_COLUMNS) - notes:
        message = f"{_WHAT}: unknown columns {sorted(unknown)}; compare with the layout of 2025"
        raise SourceFormatChanged(message, columns=sorted(unknown))
    if not values:
        message = f"{_WHAT}: no column such as PROD_2023 holds figures"
        raise SourceFormatChanged(message)
    for row in table:
        for name, match in values.items():
            yield _Figure(
                commodity=row["commodity"],
                kind=_TAIL.sub("", row["type"]),
                country=row["country"],
                measure=match[1],
                year=match[3],
                unit=row["unit_meas"],
                text=row[name],
                ref=f"line {row.number} {name.upper()}",
                is_estimate=bool(match[2]) or "estimated" in row["type"].lower(),
            )


def _read_long(table: CsvTable) -> Iterator[_Figure]:
    for row in table:
        if not row["section"].lower().startswith("world"):
            continue
        match = _LONG_YEAR.fullmatch(row["year"])
        detail = row["statistics_detail"]
        marks = f"{detail} {row['year']} {row['notes']}"
        yield _Figure(
            commodity=row["commodity"],
            kind=_TAIL.sub("", detail) if "reserve" not in detail.lower() else "Mine production",
            country=row["country"],
            measure=_MEASURES.get(row["statistics"].lower(), row["statistics"].lower()),
            year=match[1] if match else row["year"],
            unit=row["unit"],
            text=row["value"],
            ref=f"line {row.number} Value",
            is_estimate=_ESTIMATED.search(marks) is not None,
        )


def _name_series(template: str, figure: _Figure) -> str:
    series = SeriesId.parse(template.replace("{area}", find_area(figure.country)))
    stage, measure = series.stage, series.measure
    if figure.measure == "cap":
        measure = "capacity" if measure == "production" else f"{measure}_capacity"
    elif figure.measure == "reserves":
        stage, measure = "reserve", f"reserves_{measure}".removesuffix("_production")
    return str(SeriesId(series.mineral, stage, measure, series.area, series.source))


def _find_release(payload: Payload) -> datetime | None:
    match = _EDITION.search(payload.body[:4000].decode("latin-1")) or _EDITION.search(
        payload.address
    )
    if match is None:
        return None
    return datetime(int(match[1]), _RELEASE_MONTH, _RELEASE_DAY, tzinfo=UTC)


SOURCE = UsgsMcsSource()
