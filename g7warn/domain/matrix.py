"""`SeriesMatrix`: many series over one run of periods, as numbers ready for vector work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from g7warn.domain.period import Frequency


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesMatrix:
    """Values of (series x time), each cell in the newest version known at one instant.

    Attributes:
        series_ids: One a row, sorted.
        periods: SDMX labels, one a column, without gaps.
        frequency: Of every column.
        values: float64 (series x time), in the unit of the row; NaN where nothing is known.
        known_at: datetime64[us] in UTC (series x time); NaT where nothing is known.
        is_estimated: bool (series x time): whether `known_at` was inferred.
        units: Unit of each row, that of its newest value.
    """

    series_ids: tuple[str, ...]
    periods: tuple[str, ...]
    frequency: Frequency
    values: np.ndarray
    known_at: np.ndarray
    is_estimated: np.ndarray
    units: tuple[str, ...]
