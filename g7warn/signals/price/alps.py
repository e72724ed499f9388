"""ALPS: the price against its own trend and season, a published comparator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from g7warn.domain.signal import Direction, Family, Signal
from g7warn.models.kernels.alps import ALERT, CRISIS, STRESS, score_alps
from g7warn.signals.base import register
from g7warn.signals.calendar import month_index
from g7warn.signals.price.scored import score_signals, two_sided

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel


@register
@dataclass(frozen=True, slots=True)
class Alps:
    """Alert for price spikes on log prices with an expanding fit, and its mirror for falls."""

    name: str = "alps"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and direction; see `Indicator.compute`."""
        prices = panel.monthly
        first_month = month_index(prices.periods[0]) % 12 if prices.periods else 0
        scores = score_alps(prices.log_prices, first_month=first_month)
        tables = two_sided(scores, -scores, name="alps_sd", threshold=ALERT)
        return score_signals(panel, self, tables, _describe)


def _describe(score: float, month: str, direction: Direction) -> str:
    side = "above" if direction is Direction.UP else "below"
    return (
        f"the price of {month} stands {score:.1f} standard deviations {side} its trend and season "
        f"(phase {_phase(score)}; Alert from {ALERT:g})"
    )


def _phase(score: float) -> str:
    if score >= CRISIS:
        return "Crisis"
    if score >= ALERT:
        return "Alert"
    return "Stress" if score >= STRESS else "Normal"
