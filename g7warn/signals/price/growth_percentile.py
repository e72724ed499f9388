"""Growth percentile: six months' growth against the mineral's own past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.signal import Direction, Family, Signal
from g7warn.models.kernels.growth import growth_percentile
from g7warn.signals.base import register
from g7warn.signals.price.scored import score_signals, two_sided

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

MONTHS: Final = 6
"""Length of the growth."""

NOTABLE: Final = 0.94
"""Own percentile from which growth is notable: on monthly prices of 18 minerals 2000-2026 it
caught 56 % of spikes four months ahead with 0.25 alerts per mineral-year."""


@register
@dataclass(frozen=True, slots=True)
class GrowthPercentile:
    """The baseline that every cleverer rule has to beat."""

    name: str = "growth_percentile"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and direction; see `Indicator.compute`."""
        places = growth_percentile(panel.monthly.log_prices, months=MONTHS)
        tables = two_sided(places, 1.0 - places, name="growth_percentile", threshold=NOTABLE)
        return score_signals(panel, self, tables, _describe)


def _describe(score: float, month: str, direction: Direction) -> str:
    verb = "rise" if direction is Direction.UP else "fall"
    return (
        f"the {MONTHS}-month {verb} to {month} exceeds {100 * score:.0f} % of its own past ones "
        f"(notable from {100 * NOTABLE:.0f} %)"
    )
