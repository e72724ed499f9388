"""USGS Mineral Commodity Summaries, salient statistics: the United States, one CSV a commodity.

A column is named by measure, form and unit (`Imports_Ores_t`, `Price_dlb`); the catalogue lists
them. `W` is withheld, `E` a net exporter, a dash is zero; bounds (`>50`) and words are refused with
their text.

Source: USGS data release P13XCP3R (2025).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.reading import Figure, Reading
from g7warn.feeds.usgs_legend import ABSENT_MARKS, WITHHELD_MARKS, read_zero

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

_WHAT = "USGS salient statistics"
_EDITION = re.compile(r"MCS\s*(\d{4})")


class UsgsSalientSource:
    """Reads one commodity's table."""

    name = "usgs_salient"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return every listed column by year; the edition's last year is an estimate."""
        table = read_csv(payload.body, what=_WHAT, encodings=("utf-8-sig", "cp1252"))
        table.require("commodity", "year")
        reading = Reading(
            dataset, what=_WHAT, unknown_id="unknown.use.value.us.usgs_salient", is_grouped=True
        )
        first = table.names[0]
        edition, withheld = 0, 0
        for row in table:
            match = _EDITION.search(row[first])
            edition = int(match[1]) if match else edition
            for name, column in zip(table.names, table.columns, strict=True):
                if name in {first, "commodity", "year"} or row[name] in ABSENT_MARKS:
                    continue
                if row[name] in WITHHELD_MARKS:
                    withheld += 1
                    continue
                is_estimate = edition and row["year"] == str(edition - 1)
                reading.take(
                    Figure(
                        labels=(row["commodity"], column),
                        period=row["year"],
                        cell=read_zero(row[name]),
                        ref=f"line {row.number} {column}",
                        status="E" if is_estimate else "A",
                    )
                )
        if withheld:
            reading.notes.append(f"{withheld} figures are withheld or mark a net exporter")
        reading.refuse_lines(table)
        released = datetime(edition, 1, 31, tzinfo=UTC) if 1900 < edition < 2200 else None
        return reading.finish(released_at=released)


SOURCE = UsgsSalientSource()
