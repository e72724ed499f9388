"""Joint extremes: changes over several lengths that are unusual together, a second opinion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from g7warn.domain.signal import Family, Signal
from g7warn.models.anomaly.ecod import NOTABLE, SPANS, Ecod
from g7warn.signals.base import register
from g7warn.signals.price.second_opinion import opinion_signal
from g7warn.signals.wording import mineral_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel


@register
@dataclass(frozen=True, slots=True)
class JointExtremes:
    """ECOD over the changes of 1, 3, 6 and 12 months, against the mineral's own past."""

    name: str = "joint_extremes"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral, in the direction of the heavier tail."""
        return [self._signal(panel, row) for row in panel.current_benchmarks().values()]

    def _signal(self, panel: Panel, row: int) -> Signal:
        prices = panel.monthly
        newest = prices.newest_column(row)
        z = float(Ecod().detect(prices.log_prices[row : row + 1, : newest + 1].copy()).z[0])
        name, spans = mineral_name(prices.rows[row].mineral), ", ".join(map(str, SPANS))
        reason = (
            f"{name}: the changes over {spans} months to {prices.periods[newest]} together lie "
            f"{abs(z):.1f} deviations out in their own past (noted from {NOTABLE:g} on)."
        )
        if np.isnan(z):
            reason = f"{name}: history too short to judge the changes over {spans} months together."
        return opinion_signal(
            self,
            prices,
            row,
            z=z,
            is_news=abs(z) >= NOTABLE,
            criterion=f"changes over {spans} months jointly beyond {NOTABLE:g} deviations",
            reason=reason,
            values={"joint_z": z},
            thresholds={"joint_z": NOTABLE},
        )
