"""Change point: the price level has shifted within the last year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Family, Signal
from g7warn.models.anomaly.level_shift import LevelShift
from g7warn.signals.base import register
from g7warn.signals.price.second_opinion import opinion_signal
from g7warn.signals.wording import mineral_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

WINDOW_MONTHS: Final = 240
"""Months partitioned: twenty years, so that the cost per run stays a millisecond."""

RECENT_MONTHS: Final = 12
"""A shift older than this is history. Judgement."""

NOTABLE_Z: Final = 3.0
"""Deviations from which a shift is told. Judgement: the usual three sigma."""


@register
@dataclass(frozen=True, slots=True)
class ChangePoint:
    """Level shifts of the log price after its own correlation is removed."""

    name: str = "change_point"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral, in the direction of its last shift."""
        return [self._signal(panel, row) for row in panel.current_benchmarks().values()]

    def _signal(self, panel: Panel, row: int) -> Signal:
        prices = panel.monthly
        newest = prices.newest_column(row)
        start = max(0, newest + 1 - WINDOW_MONTHS)
        found = LevelShift().detect(prices.log_prices[row : row + 1, start : newest + 1].copy())
        z, since = float(found.z[0]), int(found.since[0])
        age = newest - start - since if since >= 0 else WINDOW_MONTHS
        is_news = abs(z) >= NOTABLE_Z and age < RECENT_MONTHS
        name = mineral_name(prices.rows[row].mineral)
        reason = f"{name}: no shift of the price level in the last {WINDOW_MONTHS} months."
        if np.isnan(z):
            reason = f"{name}: history too short to look for shifts of the price level."
        elif since >= 0:
            reason = (
                f"{name}: the price level shifted {'up' if z > 0 else 'down'} in "
                f"{prices.periods[start + since]} by {abs(z):.1f} standard deviations "
                f"(noted from {NOTABLE_Z:g} on, for {RECENT_MONTHS} months)."
            )
        return opinion_signal(
            self,
            prices,
            row,
            z=z,
            is_news=is_news,
            criterion=f"the price level shifted within the last {RECENT_MONTHS} months",
            reason=reason,
            values={"shift_z": z, "age_months": float(age)},
            thresholds={"shift_z": NOTABLE_Z, "age_months": float(RECENT_MONTHS)},
        )
