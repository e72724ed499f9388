"""The USGS table of world production, simulated: the layout of the 2025 summaries."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from g7warn.exercise.world import World

MARK = "SIMULATED by g7warn for demonstration: not a figure of the USGS"

_COLUMNS = (
    *("SOURCE", "COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS", "PROD_2023", "PROD_EST_ 2024"),
    *("PROD_NOTES", "CAP_2023", "CAP_EST_ 2024", "CAP_NOTES", "RESERVES_2024", "RESERVE_NOTES"),
)


def write_world_production(world: World) -> bytes:
    """Return the table as UTF-8 text with the byte-order mark that the publisher writes."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, _COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for item in world.production:
        totals = [sum(pair[year] for pair in item.countries.values()) for year in (0, 1)]
        rows = [*item.countries.items(), ("World total (rounded)", totals)]
        for country, (before, latest) in rows:
            writer.writerow(
                {
                    "SOURCE": "MCS2025",
                    "COMMODITY": item.commodity,
                    "COUNTRY": country,
                    "TYPE": item.type,
                    "UNIT_MEAS": item.unit,
                    "PROD_2023": f"{before:.0f}",
                    "PROD_EST_ 2024": f"{latest:.0f}",
                    "PROD_NOTES": MARK,
                }
            )
    return buffer.getvalue().encode("utf-8-sig")
