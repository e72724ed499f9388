"""Jump: the three-month change in robust deviations from its own norm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.signal import Direction, Family, Signal
from g7warn.models.kernels.robust import change_z
from g7warn.signals.base import register
from g7warn.signals.price.scored import score_signals, two_sided

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

MONTHS: Final = 3
"""Length of the change."""

NOTABLE: Final = 1.9
"""Robust z from which a change is notable: on monthly prices of 18 minerals 2000-2026 it caught
49 % of spikes and 57 % of crashes, five and seven months ahead."""


@register
@dataclass(frozen=True, slots=True)
class Jump:
    """Robust z of the three-month log change against five years."""

    name: str = "jump"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and direction; see `Indicator.compute`."""
        scores = change_z(panel.monthly.log_prices, months=MONTHS)
        tables = two_sided(scores, -scores, name="robust_z_sd", threshold=NOTABLE)
        return score_signals(panel, self, tables, _describe)


def _describe(score: float, month: str, direction: Direction) -> str:
    side = "above" if direction is Direction.UP else "below"
    return (
        f"the {MONTHS}-month change to {month} lies {score:.1f} robust deviations {side} its "
        f"five-year norm (notable from {NOTABLE:g})"
    )
