"""Lone moves: the newest price of a mineral jumped with no company and waits to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import price_evidence
from g7warn.signals.lone_move import DAILY_JUMP, MONTHLY_JUMP
from g7warn.signals.observed import observed_signal
from g7warn.signals.wording import mineral_name

if TYPE_CHECKING:
    from g7warn.signals.matrix import PriceMatrix
    from g7warn.signals.panel import Panel


@register
@dataclass(frozen=True, slots=True)
class LoneMove:
    """Whether the newest price of a mineral waits for another one that says the same."""

    name: str = "lone_move"
    family: Family = Family.DATA

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral with a benchmark price, on its widest jump."""
        widest: dict[str, tuple[float, float, PriceMatrix, int]] = {
            mineral: (0.0, MONTHLY_JUMP, panel.monthly, row)
            for mineral, row in panel.benchmarks.items()
        }
        for prices, jump in ((panel.monthly, MONTHLY_JUMP), (panel.daily, DAILY_JUMP)):
            for row, about in enumerate(prices.rows):
                is_watched = about.mineral in widest
                if is_watched and about.waiting > widest[about.mineral][0]:
                    widest[about.mineral] = (about.waiting, jump, prices, row)
        return [self._signal(mineral, *found) for mineral, found in sorted(widest.items())]

    def _signal(
        self, mineral: str, waiting: float, jump: float, prices: PriceMatrix, row: int
    ) -> Signal:
        told = "no newest price jumped alone"
        if waiting:
            told = (
                f"the newest price of {prices.rows[row].series_id} moved by a factor of "
                f"{waiting:.1f} and no other price with it; it waits for the next one"
            )
        return observed_signal(
            self,
            mineral=mineral,
            area=prices.rows[row].area,
            direction=Direction.UP,
            score=waiting,
            past=(),
            severity=Severity.MODERATE if waiting else Severity.NONE,
            criterion=f"the newest price moved alone by a factor of {jump} or more",
            reason=f"{mineral_name(mineral)}: {told}.",
            evidence=price_evidence(
                prices,
                row,
                values={"lone_move_factor": waiting},
                thresholds={"lone_move_factor": jump},
            ),
        )
