"""Warehouse and reported stocks as CSV: exchanges, and tables of the JODI kind.

Exchange form: date, metal, stock, unit, and where given location and cancelled. JODI form:
REF_AREA, TIME_PERIOD, product, flow, UNIT_MEASURE, OBS_VALUE and an assessment code, of which 1 is
comparable data, 2 data to be used with caution, 3 data not assessed.

Source: column names in use at exchanges; JODI world databases, CSV guide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.countries import area_from_code, find_area
from g7warn.feeds.csvtable import CsvTable, read_csv
from g7warn.feeds.reading import Figure, Reading

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

EXCHANGE_COLUMNS = ("date", "metal", "stock", "unit")
JODI_COLUMNS = ("ref_area", "time_period", "flow_breakdown", "unit_measure", "obs_value")
MISSING_MARKS = frozenset({"", "-", "x", "n/a", "na", "."})
ASSESSMENTS: dict[str, str] = {"1": "A", "2": "P", "3": "P", "": "A"}
_WHAT = "stocks"
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_PRODUCTS = ("mineral", "product", "energy_product")


class StocksSource:
    """Reads both forms, told apart by their columns."""

    name = "stocks"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return stock levels by day or month."""
        table = read_csv(payload.body, what=_WHAT)
        reading = Reading(
            dataset, what=_WHAT, unknown_id="unknown.stock.level.world.stocks", is_grouped=True
        )
        if set(EXCHANGE_COLUMNS) <= set(table.names):
            _read_exchange(table, reading)
        elif set(JODI_COLUMNS) <= set(table.names):
            _read_jodi(table, reading)
        else:
            message = (
                f"{_WHAT}: columns {list(table.columns)[:15]} are neither {EXCHANGE_COLUMNS} nor "
                f"{JODI_COLUMNS}"
            )
            raise SourceFormatChanged(message)
        reading.refuse_lines(table)
        return reading.finish()


def _read_exchange(table: CsvTable, reading: Reading) -> None:
    table.forbid_others(*EXCHANGE_COLUMNS, "location", "cancelled")
    for row in table:
        for kind in ("stock", "cancelled"):
            cell = row.cells.get(kind, "")
            if cell.casefold() in MISSING_MARKS:
                continue
            date = row["date"] if _DATE.fullmatch(row["date"]) else row["date"][:20]
            place = row.cells.get("location", "") or "world"
            reading.take(
                Figure(
                    labels=(row["metal"], kind),
                    areas={"area": find_area(place)},
                    period=date,
                    cell=cell,
                    unit=row["unit"],
                    ref=f"line {row.number}",
                    place=place,
                )
            )


def _read_jodi(table: CsvTable, reading: Reading) -> None:
    table.forbid_others(*JODI_COLUMNS, *_PRODUCTS, "assessment_code")
    product = next((name for name in _PRODUCTS if name in table.names), "")
    if not product:
        message = f"{_WHAT}: no column {_PRODUCTS} names the product"
        raise SourceFormatChanged(message)
    for row in table:
        if row["obs_value"].casefold() in MISSING_MARKS:
            continue
        code = row.cells.get("assessment_code", "")
        figure = Figure(
            labels=(row[product], row["flow_breakdown"]),
            areas={"area": area_from_code(row["ref_area"])},
            period=row["time_period"],
            cell=row["obs_value"],
            unit=row["unit_measure"],
            ref=f"line {row.number}",
            status=ASSESSMENTS.get(code, "P"),
            place=row["ref_area"],
        )
        reading.take(figure)


SOURCE = StocksSource()
