"""BGS World Mineral Statistics: production by country, one CSV a commodity group.

Countries are those of their time: the Soviet Union ends in 1991, its successors begin then.

Source: British Geological Survey, World Mineral Statistics, columns of the 2024 data service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.feeds.countries import area_from_code, find_area
from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.reading import Figure, Reading

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

COLUMNS = (
    *("bgs_statistic_type_trans", "bgs_commodity_trans", "bgs_sub_commodity_trans"),
    *("country_trans", "country_iso3_code", "units", "year", "quantity", "sdmx_code"),
)
_WHAT = "BGS World Mineral Statistics"
_STATUSES = {"A": "A", "E": "E", "P": "P", "N": "A"}  # N: not significant, the figure is a zero
_MISSING = "O"


class BgsSource:
    """Reads production tables."""

    name = "bgs"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return production by country and year of the commodities in the catalogue."""
        table = read_csv(payload.body, what=_WHAT)
        table.require(*COLUMNS)
        reading = Reading(
            dataset, what=_WHAT, unknown_id="unknown.mine.production.world.bgs", is_grouped=True
        )
        missing = 0
        for row in table:
            if row["sdmx_code"] == _MISSING and not row["quantity"]:
                missing += 1
                continue
            area = find_area(row["country_trans"]) or area_from_code(row["country_iso3_code"])
            figure = Figure(
                labels=(row["bgs_commodity_trans"], row["bgs_sub_commodity_trans"]),
                areas={"area": area},
                period=row["year"].removesuffix(" 00:00:00").removesuffix("-01-01"),
                cell=row["quantity"],
                unit=row["units"],
                ref=f"line {row.number}",
                status=_STATUSES.get(row["sdmx_code"], ""),
                place=row["country_trans"],
            )
            if row["bgs_statistic_type_trans"] != "Production" or not figure.status:
                kind = f"{row['bgs_statistic_type_trans']!r} with status {row['sdmx_code']!r}"
                reading.refuse(figure, why=f"unknown statistic {kind}")
            else:
                reading.take(figure)
        if missing:
            reading.notes.append(f"{missing} figures are missing at the publisher")
        reading.refuse_lines(table)
        return reading.finish()


SOURCE = BgsSource()
