"""`PriceMatrix`: prices as (series x time), with what evidence needs about every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from g7warn.domain.marking import Tlp

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.models.compiled import BoolArray, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceRow:
    """What is known about one row beside its prices.

    Attributes:
        series_id: Dotted series id.
        mineral: Its first token: a catalogue code, or another commodity of the pool.
        area: Where the price holds: `world` or an ISO alpha-2 code.
        unit: Unit of the price, as the observations state it.
        vintage_at: Newest `known_at` among its observations.
        is_estimated: Whether any `known_at` was inferred.
        tlp: Strictest label among its observations.
        notes: What was left out or derived, in words for the evidence.
        newest_status: OBS_STATUS code of the newest observation.
        revised: Observations of which an earlier vintage was known and different.
        largest_revision_share: Largest of those differences, as a share of the earlier value.
        waiting: Factor by which the newest price moved alone, where it was left out; else 0.
    """

    series_id: str
    mineral: str
    area: str
    unit: str
    vintage_at: datetime
    is_estimated: bool
    tlp: Tlp
    notes: tuple[str, ...] = ()
    newest_status: str = "A"
    revised: int = 0
    largest_revision_share: float = 0.0
    waiting: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceMatrix:
    """Log prices of many series on one calendar.

    Attributes:
        rows: One entry a series, in the order of the matrix.
        periods: SDMX labels of the columns, without holes for months; trading days for daily ones.
        log_prices: Series x time, natural logarithm, NaN = missing, read-only.
    """

    rows: tuple[PriceRow, ...]
    periods: tuple[str, ...]
    log_prices: FloatArray

    def mark_public(self) -> BoolArray:
        """Return, per row, whether anybody may see it: only such rows speak of other minerals."""
        return np.array([row.tlp is Tlp.CLEAR for row in self.rows], dtype=bool)

    def newest_column(self, row: int) -> int:
        """Return the column of the newest price of a row, -1 where there is none."""
        known = np.flatnonzero(~np.isnan(self.log_prices[row]))
        return int(known[-1]) if known.size else -1

    def newest_value(self, scores: FloatArray, row: int) -> float:
        """Return a kernel's score at the newest price of a row, NaN where there is none."""
        column = self.newest_column(row)
        return float(scores[row, column]) if column >= 0 else float("nan")

    def price(self, row: int, column: int) -> float:
        """Return a price in the row's unit, NaN where it is missing or before the first column."""
        return float(np.exp(self.log_prices[row, column])) if column >= 0 else float("nan")

    def span(self, row: int) -> tuple[str, ...]:
        """Return the first and the last period of a row; empty where it has no price."""
        known = np.flatnonzero(~np.isnan(self.log_prices[row]))
        return (self.periods[known[0]], self.periods[known[-1]]) if known.size else ()
