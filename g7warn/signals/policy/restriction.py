"""Restriction: an export measure, weighed by the supply it can hold back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.policy.measures import Level, Restriction, read_restrictions
from g7warn.signals.severity import LOSSES, loss_severity
from g7warn.signals.wording import area_name, mineral_name, plain_pct

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

HORIZON_MONTHS: Final = 6
"""Window of the consequence: rare-earth exports fell three months after the control of 2010."""

CHANCE: Final = {
    Level.LAPSED: 0.0,
    Level.SUSPENDED: 0.15,
    Level.ANNOUNCED: 0.40,
    Level.IN_FORCE: 0.60,
}
"""Probability that the supply at stake is held back within the window, by stage. Judgement until
enough windows have closed: most controls in force have bitten, half of those announced came."""


@register
@dataclass(frozen=True, slots=True)
class RestrictionExposure:
    """Stage of each export restriction times the share of the world's supply behind it."""

    name: str = "restriction_exposure"
    family: Family = Family.POLICY

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral, country and measure."""
        return [self._signal(one) for one in read_restrictions(panel)]

    def _signal(self, one: Restriction) -> Signal:
        # An unknown exposure is no small one: the first step stands in and the evidence says so.
        at_stake = LOSSES[0] if math.isnan(one.at_stake) else one.at_stake
        chance = CHANCE[one.level]
        severity = max(loss_severity(at_stake), Severity.MINOR) if chance else Severity.NONE
        measure = one.measure.replace("_", " ")
        stage = one.level.name.lower().replace("_", " ")
        exposure = f"{plain_pct(one.share)} of the world's supply" if one.share > 0.0 else ""
        return Signal(
            mineral=one.mineral,
            area=one.area,
            family=self.family,
            indicator=self.name,
            direction=Direction.DOWN,
            score=at_stake * chance,
            percentile=chance,
            probability=chance,
            severity=severity,
            is_observed=False,
            horizon_months=HORIZON_MONTHS,
            criterion=(
                f"exports from {area_name(one.area)} fall by {plain_pct(LOSSES[0])} of world "
                f"supply or more within {HORIZON_MONTHS} months"
            ),
            reason=(
                f"{mineral_name(one.mineral)}: {measure} of {area_name(one.area)}, {stage} from "
                f"{one.on}, on {exposure or 'an unknown share of supply'}; at worst "
                f"{plain_pct(at_stake)} of it is held back (first step {plain_pct(LOSSES[0])})."
            ),
            evidence=facts_evidence(
                one.rows,
                values={
                    "stage_level": float(one.level),
                    "share_pct": 100.0 * one.share,
                    "at_stake_pct": 100.0 * at_stake,
                },
                thresholds={"at_stake_pct": 100.0 * LOSSES[0]},
                notes=(
                    *one.notes,
                    "probability by stage is a judgement; the percentile repeats it",
                ),
            ),
        )
