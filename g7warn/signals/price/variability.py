"""Excessive variability: too many extreme days in the last quarter, where prices are daily."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from g7warn.domain.mineral import list_minerals
from g7warn.domain.period import Period
from g7warn.domain.place import WORLD
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.models.kernels.variability import RED, WINDOW_DAYS, excessive_variability
from g7warn.signals.base import register
from g7warn.signals.evidence import price_evidence
from g7warn.signals.observed import observed_signal
from g7warn.signals.wording import mineral_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

_CURRENT_DAYS = 31
"""Days after which the newest daily price says nothing of the quarter to date. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class ExcessiveVariability:
    """Extreme days counted against Binomial(60, 0.05), each side by itself."""

    name: str = "excessive_variability"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral with a current daily world price, and direction."""
        watched = {mineral.code for mineral in list_minerals()}
        rows = [
            row
            for row, about in enumerate(panel.daily.rows)
            if about.mineral in watched and about.area == WORLD and _is_current(panel, row)
        ]
        return [self._signal(panel, row, way) for row in rows for way in Direction]

    def _signal(self, panel: Panel, row: int, direction: Direction) -> Signal:
        prices = panel.daily
        known = prices.log_prices[row]
        # Days on which this market was closed are no gap: its own calendar counts.
        own = known[~np.isnan(known)][None]
        counts, chances = excessive_variability(own, is_up=direction is Direction.UP)
        count, chance = float(counts[0, -1]), float(chances[0, -1])
        is_red = chance <= RED
        side = "rises" if direction is Direction.UP else "falls"
        name, day = (
            mineral_name(prices.rows[row].mineral),
            prices.periods[prices.newest_column(row)],
        )
        reason = (
            f"{name}: {count:.0f} extreme daily {side} in the {WINDOW_DAYS} trading days to {day}, "
            f"which happens by chance in {100 * chance:.1f} % of such windows "
            f"(noted at {100 * RED:g} % or less)."
        )
        if np.isnan(chance):
            reason = f"{name}: daily prices too short to count extreme {side}."
        return observed_signal(
            self,
            mineral=prices.rows[row].mineral,
            area=prices.rows[row].area,
            direction=direction,
            score=count,
            past=counts[0, :-1],
            severity=Severity.MINOR if is_red else Severity.NONE,
            criterion=f"so many extreme daily {side} that chance is {100 * RED:g} % or less",
            reason=reason,
            evidence=price_evidence(
                prices,
                row,
                values={"extreme_days": count, "chance_share": chance},
                thresholds={"chance_share": RED},
                notes=("daily history too short",) if np.isnan(chance) else (),
            ),
        )


def _is_current(panel: Panel, row: int) -> bool:
    column = panel.daily.newest_column(row)
    if column < 0:
        return False
    return (panel.as_of - Period.parse(panel.daily.periods[column]).ends_at).days <= _CURRENT_DAYS
