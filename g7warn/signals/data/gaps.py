"""Gaps: months without a price inside the last two years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.data.health import health_signal
from g7warn.signals.wording import mineral_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

WINDOW_MONTHS: Final = 24
"""Months looked back: those that the 12-month changes of a year read."""

MANY: Final = 3
"""Missing months from which changes rest on too little. Judgement: a quarter."""


@register
@dataclass(frozen=True, slots=True)
class Gaps:
    """Holes between the first and the newest price of every benchmark."""

    name: str = "gaps"
    family: Family = Family.DATA

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral with a benchmark price."""
        return [self._signal(panel, row) for row in panel.benchmarks.values()]

    def _signal(self, panel: Panel, row: int) -> Signal:
        prices = panel.monthly
        known = ~np.isnan(prices.log_prices[row])
        first, newest = int(known.argmax()), prices.newest_column(row)
        start = max(first, newest - WINDOW_MONTHS + 1)
        holes = [prices.periods[k] for k in range(start, newest + 1) if not known[k]]
        severity = Severity.MODERATE if len(holes) >= MANY else Severity(len(holes) > 0)
        named = f" ({', '.join(holes)})" if holes else ""
        return health_signal(
            self,
            prices,
            row,
            score=float(len(holes)),
            severity=severity,
            criterion=f"{MANY} or more of the last {WINDOW_MONTHS} months without a price",
            reason=(
                f"{mineral_name(prices.rows[row].mineral)}: {len(holes)} of the last "
                f"{newest - start + 1} months to {prices.periods[newest]} have no price{named}; "
                "changes over a gap are not stated."
            ),
            values={"missing_months": float(len(holes))},
            thresholds={"missing_months": float(MANY)},
        )
