"""FRED graph CSV: a column of dates, then one column a series under its FRED code.

Source: Federal Reserve Bank of St. Louis, `fredgraph.csv`; the date column was called DATE until
2024 and is called observation_date since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.domain.period import Frequency
from g7warn.errors import SourceFormatChanged
from g7warn.feeds.csvtable import read_csv
from g7warn.feeds.reading import Figure, Reading

if TYPE_CHECKING:
    from g7warn.feeds.base import ParsedPayload, Payload
    from g7warn.feeds.catalog import Dataset

DATE_COLUMNS = ("observation_date", "date")
MISSING_MARKS = frozenset({"", ".", "NA"})
_WHAT = "FRED"
_LABEL_LENGTHS = {Frequency.ANNUAL: 4, Frequency.MONTHLY: 7, Frequency.DAILY: 10}


class FredSource:
    """Reads one table of several series."""

    name = "fred"

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return the listed codes; the first of a month stands for the month."""
        table = read_csv(payload.body, what=_WHAT)
        if table.names[0] not in DATE_COLUMNS:
            message = f"{_WHAT}: the first column is {table.columns[0]!r}, not a date"
            raise SourceFormatChanged(message)
        length = _LABEL_LENGTHS.get(dataset.frequency, 10)
        reading = Reading(dataset, what=_WHAT, unknown_id="unknown.market.value.world.fred")
        for row in table:
            date = row[table.names[0]]
            for name, column in zip(table.names[1:], table.columns[1:], strict=True):
                if row[name] in MISSING_MARKS:
                    continue
                reading.take(
                    Figure(
                        labels=(column,),
                        period=date[:length] if len(date) == len("2024-01-01") else date,
                        cell=row[name],
                        ref=f"line {row.number} {column.strip()}",
                    )
                )
        reading.refuse_lines(table)
        return reading.finish()


SOURCE = FredSource()
