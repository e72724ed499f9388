"""Hazard calendar: known days on which a restriction may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from g7warn.domain.mineral import list_minerals
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.policy.measures import HAZARD
from g7warn.signals.wording import area_name, mineral_name

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.signals.panel import Panel

WATCH_DAYS: Final = 180
"""Days ahead from which a date is told: the lead of a shipment under a licence. Judgement."""

NEAR_DAYS: Final = 45
"""Days ahead from which it is pressing: the statutory time of an export licence decision in China
(45 working days) is longer than that. Judgement."""

CHANCE: Final = 0.25
"""Probability that the day brings a tighter regime. Judgement: most suspensions are prolonged."""


@register
@dataclass(frozen=True, slots=True)
class HazardCalendar:
    """Days until the next known date of each country and mineral."""

    name: str = "hazard_calendar"
    family: Family = Family.POLICY

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and country with a date ahead."""
        facts = panel.facts[panel.facts["stage"] == "policy"]
        today = panel.as_of.date().isoformat()
        ahead = facts[(facts["measure"] == HAZARD) & (facts["period"] >= today)]
        watched = {mineral.code for mineral in list_minerals()}
        return [
            self._signal(panel, str(mineral), str(area), rows)
            for (mineral, area), rows in ahead.groupby(["mineral", "area"], sort=True)
            if mineral in watched
        ]

    def _signal(self, panel: Panel, mineral: str, area: str, rows: pd.DataFrame) -> Signal:
        on = str(rows["period"].min())
        day = datetime.combine(date.fromisoformat(on), datetime.min.time(), tzinfo=UTC)
        days = max((day.date() - panel.as_of.date()).days, 0)
        is_near, is_told = days <= NEAR_DAYS, days <= WATCH_DAYS
        severity = Severity.MODERATE if is_near else Severity.MINOR
        return Signal(
            mineral=mineral,
            area=area,
            family=self.family,
            indicator=self.name,
            direction=Direction.DOWN,
            score=-float(days),
            percentile=1.0 if is_told else 0.0,
            probability=CHANCE if is_told else 0.0,
            severity=severity if is_told else Severity.NONE,
            is_observed=False,
            horizon_months=days // 30 + 1,
            criterion=f"a measure of {area_name(area)} is tightened on or about {on}",
            reason=(
                f"{mineral_name(mineral)}: a date that may change a measure of "
                f"{area_name(area)} is "
                f"{days} days ahead, on {on} (noted from {WATCH_DAYS} days, "
                f"pressing from {NEAR_DAYS})."
            ),
            evidence=facts_evidence(
                rows,
                values={"ahead_days": float(days)},
                thresholds={"watch_days": float(WATCH_DAYS), "near_days": float(NEAR_DAYS)},
                notes=("a known date, no finding: the probability is a judgement",),
            ),
        )
