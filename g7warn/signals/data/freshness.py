"""Freshness: whether the newest price is late, stale, or of a suspended market."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.period import Period
from g7warn.domain.series import ObsStatus
from g7warn.domain.signal import Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.data.health import health_signal
from g7warn.signals.panel import CURRENT_MONTHS
from g7warn.signals.wording import mineral_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

LATE_DAYS: Final = 45
"""Days after its end when a newer month should be known: the next month's 31 days and two weeks
for its publication."""


@register
@dataclass(frozen=True, slots=True)
class Freshness:
    """Age of the newest price of every benchmark."""

    name: str = "freshness"
    family: Family = Family.DATA

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral with a benchmark price."""
        return [self._signal(panel, row) for row in panel.benchmarks.values()]

    def _signal(self, panel: Panel, row: int) -> Signal:
        prices = panel.monthly
        about, month = prices.rows[row], prices.periods[prices.newest_column(row)]
        age_days = max((panel.as_of - Period.parse(month).ends_at).total_seconds() / 86_400.0, 0.0)
        severity, state = Severity.NONE, "in time"
        if age_days > LATE_DAYS:
            severity, state = Severity.MODERATE, "late"
        if panel.age_months(row) > CURRENT_MONTHS + 1:
            severity, state = Severity.SEVERE, "too old for the price indicators, which are silent"
        if about.newest_status == ObsStatus.SUSPENDED:
            severity, state = Severity.SEVERE, "of a market that its publisher reports suspended"
        return health_signal(
            self,
            prices,
            row,
            score=age_days,
            severity=severity,
            criterion=f"no price known within {LATE_DAYS} days after the end of {month}",
            reason=(
                f"{mineral_name(about.mineral)}: the newest price is that of {month}, "
                f"{age_days:.0f} days after its end, {state} (late from {LATE_DAYS} days)."
            ),
            values={"age_days": age_days},
            thresholds={"late_days": float(LATE_DAYS)},
        )
