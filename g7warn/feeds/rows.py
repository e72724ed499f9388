"""Collects a source's cells into the table of a `ParsedPayload`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from g7warn.domain.period import Period
from g7warn.errors import ConfigurationError
from g7warn.feeds.base import PARSED_COLUMNS
from g7warn.feeds.numbers import read_number

_RAW_LIMIT = 200  # characters of a refused cell that are kept: enough to see what it was


@dataclass(slots=True)
class ObservationRows:
    """A table that grows by one cell at a time.

    Attributes:
        is_grouped: Whether this publisher groups thousands with commas.
        status: SDMX observation status of cells that state none.
        conf: SDMX confidentiality status of cells that state none.
    """

    is_grouped: bool = False
    status: str = "A"
    conf: str = "F"
    _rows: list[tuple[str, str, float, str, str, str, str, str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of cells so far."""
        return len(self._rows)

    def add(  # noqa: PLR0913 - an observation has this many facts
        self,
        series_id: str,
        *,
        period: str,
        cell: object,
        unit: str,
        ref: str,
        status: str = "",
        factor: float = 1.0,
        conf: str = "",
    ) -> None:
        """Add one cell; what is no number, or has no real period, becomes a refused cell.

        Args:
            series_id: The series.
            period: SDMX label.
            cell: What stands in the cell: a number or its text in the format of `read_number`.
            unit: Unit of the value that is stored, after `factor`.
            ref: Place in the payload.
            status: SDMX observation status; empty: the table's own.
            factor: Multiplies the number found.
            conf: SDMX confidentiality status; empty: the table's own.
        """
        value, refusal = read_number(cell, is_grouped=self.is_grouped)
        if fault := find_period_fault(period):
            refusal = refusal or fault
        value = value * factor if not refusal else math.nan
        raw = str(cell)[:_RAW_LIMIT]
        kept = (status or self.status, conf or self.conf, ref, raw, refusal)
        self._rows.append((series_id, period, value, unit, *kept))

    def refuse(
        self, series_id: str, *, period: str, raw: object, unit: str, ref: str, why: str
    ) -> None:
        """Add one refused cell, or one row that stands for a whole refused column."""
        kept = (self.status, self.conf, ref, str(raw)[:_RAW_LIMIT], why)
        self._rows.append((series_id, period, math.nan, unit, *kept))

    def to_table(self) -> pd.DataFrame:
        """Return the cells as a table with the columns of `PARSED_COLUMNS`, in order of arrival."""
        table = pd.DataFrame(self._rows, columns=list(PARSED_COLUMNS))
        kinds = {name: "float64" if name == "value" else "str" for name in PARSED_COLUMNS}
        return table.astype(kinds)  # a table without rows too


@lru_cache(maxsize=65_536)
def find_period_fault(label: str) -> str:
    """Return why a label is no SDMX time period; empty where it is one."""
    try:
        Period.parse(label)
    except ConfigurationError as error:
        return error.message
    return ""
