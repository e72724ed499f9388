"""Balance: projected demand against the supply that is there or announced, by horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from g7warn.domain.mineral import list_minerals
from g7warn.domain.place import WORLD
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.histories import TONNES, is_weight
from g7warn.signals.severity import LOSSES, loss_severity
from g7warn.signals.wording import mineral_name, plain_pct

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

HORIZON_YEARS: Final = 5
"""Furthest year looked at: longer than a refinery takes to build, shorter than a mine."""

CHANCE: Final = {"demand": 0.4, "demand_steps": 0.4, "demand_aps": 0.25}
"""Total demand by scenario -> probability given to its gap: stated policies, announced pledges.
Judgement: scenarios are no forecasts and prices close gaps, so they stay below what was measured;
a path to a goal (net zero) is no expectation and left out."""

SCENARIO: Final = {
    "demand": "projection",
    "demand_steps": "stated policies",
    "demand_aps": "announced pledges",
}
"""Scenario in words."""


@register
@dataclass(frozen=True, slots=True)
class DemandBalance:
    """First year in which projected demand exceeds announced or present supply."""

    name: str = "demand_balance"
    family: Family = Family.DEMAND

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and scenario with projected demand and known supply."""
        facts = panel.facts
        is_demand = facts["measure"].isin(CHANCE) & (facts["area"] == WORLD)
        ahead = facts["period"].str[:4].astype("int64") > panel.as_of.year
        demand = facts[is_demand & ahead & facts["unit"].map(is_weight).astype(bool)]
        watched = {mineral.code for mineral in list_minerals()}
        signals = []
        for (mineral, scenario, _), rows in demand.groupby(
            ["mineral", "measure", "source"], sort=True
        ):
            supply = _supply_of(facts[facts["mineral"] == mineral]) if mineral in watched else None
            if supply is not None:
                signals.append(self._signal(panel, str(mineral), str(scenario), rows, supply))
        return signals

    def _signal(
        self,
        panel: Panel,
        mineral: str,
        scenario: str,
        rows: pd.DataFrame,
        supply: pd.DataFrame,
    ) -> Signal:
        wanted = _tonnes(rows)
        wanted = wanted[
            [int(label[:4]) <= panel.as_of.year + HORIZON_YEARS for label in wanted.index]
        ]
        there = _tonnes(supply)
        # Supply announced for a year, else that of the newest year before it.
        covers = np.array([there[there.index <= label].iloc[-1:].sum() for label in wanted.index])
        gaps = (1.0 - covers / wanted.to_numpy()) if len(wanted) else np.array([np.nan])
        worst = int(np.argmax(gaps))
        gap = float(gaps[worst])
        is_known = bool(len(wanted)) and covers[worst] > 0.0
        year = wanted.index[worst] if len(wanted) else str(panel.as_of.year + HORIZON_YEARS)
        severity = loss_severity(gap) if is_known else Severity.NONE
        months = max((int(year[:4]) - panel.as_of.year) * 12, 0)
        reason = f"{mineral_name(mineral)}: no demand is projected for the next years."
        if is_known:
            reason = (
                f"{mineral_name(mineral)}: demand of {year} ({SCENARIO[scenario]}) exceeds the "
                f"supply known for it by {plain_pct(max(gap, 0.0))} of demand (first step "
                f"{plain_pct(LOSSES[0])})."
            )
        return Signal(
            mineral=mineral,
            area=WORLD,
            family=self.family,
            indicator=self.name,
            direction=Direction.UP,
            score=gap if is_known else float("nan"),
            percentile=0.5,
            probability=CHANCE[scenario] if severity else 0.0,
            severity=min(severity, Severity.MODERATE),
            is_observed=False,
            horizon_months=months,
            criterion=f"demand {plain_pct(LOSSES[0])} or more above supply by {year}",
            reason=reason,
            evidence=facts_evidence(
                pd.concat([rows, supply]),
                values={"gap_pct": 100.0 * gap} if is_known else {},
                thresholds={"gap_pct": 100.0 * LOSSES[0]},
                notes=(
                    "the probability is a judgement: scenarios are no forecasts",
                    "severity ends at MODERATE: a scenario changes once a year",
                ),
            ),
        )


def _supply_of(facts: pd.DataFrame) -> pd.DataFrame | None:
    """Return world production, refined where that is known, and what is announced beyond it."""
    weights = facts[facts["unit"].map(is_weight).astype(bool) & (facts["area"] == WORLD)]
    produced = weights[weights["measure"] == "production"]
    announced = weights[weights["measure"] == "announced_supply"]
    if produced.empty:
        return announced.copy() if len(announced) else None
    stage = "refine" if (produced["stage"] == "refine").any() else str(produced["stage"].min())
    produced = produced[produced["stage"] == stage]
    produced = produced[produced["source"] == produced["source"].min()]
    beyond = announced[announced["period"] > produced["period"].max()]
    supply: pd.DataFrame = pd.concat([produced, beyond])
    return supply


def _tonnes(rows: pd.DataFrame) -> pd.Series:
    """Return tonnes by period; several series of one period are added up."""
    factors = rows["unit"].str.lower().map(TONNES).to_numpy(dtype=np.float64)
    scaled = rows.assign(tonnes=rows["value"].to_numpy() * factors)
    return scaled.groupby("period")["tonnes"].sum().sort_index()
