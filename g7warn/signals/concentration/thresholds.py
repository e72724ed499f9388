"""Which share of one supplier outside the bloc is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from g7warn.domain.mineral import get_mineral

if TYPE_CHECKING:
    from datetime import datetime

ONE_THIRD_COUNTRY: Final = 0.65
"""Benchmark for any strategic raw material from one third country, at any stage, by 2030.

Source: Regulation (EU) 2024/1252, article 5(1)(b)."""

STRATEGIC_BY_2030: Final = 0.60
"""Largest share of one supplier aimed at by 2030 for rare earths and permanent magnets (G7)."""

STRATEGIC_AFTER: Final = 0.50
"""The same after 2030 (G7)."""

_TARGET_YEAR: Final = 2030  # until which the first of the two targets holds


def dependence_threshold(mineral: str, *, as_of: datetime) -> tuple[float, str]:
    """Return the share that one supplier outside should not exceed, and where it comes from.

    Example:
        >>> from datetime import datetime
        >>> dependence_threshold("nickel", as_of=datetime(2026, 1, 1))[0]
        0.65
    """
    if not get_mineral(mineral).is_strategic:
        return ONE_THIRD_COUNTRY, "Regulation (EU) 2024/1252"
    if as_of.year <= _TARGET_YEAR:
        return STRATEGIC_BY_2030, "the G7 target for 2030"
    return STRATEGIC_AFTER, "the G7 target after 2030"
