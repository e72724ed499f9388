"""IFPA: quarterly and annual growth for the time of year, a published comparator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from g7warn.domain.signal import Direction, Family, Signal
from g7warn.models.kernels.ifpa import ABNORMAL, score_ifpa
from g7warn.signals.base import register
from g7warn.signals.price.scored import score_signals, two_sided

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel


@register
@dataclass(frozen=True, slots=True)
class Ifpa:
    """FAO's indicator of price anomalies (SDG 2.c.1), and its mirror for falls."""

    name: str = "ifpa"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and direction; see `Indicator.compute`."""
        scores = score_ifpa(panel.monthly.log_prices)
        tables = two_sided(scores, -scores, name="ifpa_sd", threshold=ABNORMAL)
        return score_signals(panel, self, tables, _describe)


def _describe(score: float, month: str, direction: Direction) -> str:
    side = "above" if direction is Direction.UP else "below"
    return (
        f"growth to {month} stands {score:.1f} deviations {side} that of the same month in earlier "
        f"years (IFPA, abnormal from {ABNORMAL:g})"
    )
