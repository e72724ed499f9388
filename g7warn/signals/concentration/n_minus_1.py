"""N-1: what is left for the world when the largest producer is gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.place import WORLD
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.suppliers import StageSupply, read_suppliers
from g7warn.signals.wording import area_name, mineral_name, plain_pct, stage_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

HALF: Final = 0.5
"""Residual supply below half of demand cannot be rationed away. Judgement; the IEA reports the
ratio without a threshold (Global Critical Minerals Outlook 2025, N-1 analysis)."""


@register
@dataclass(frozen=True, slots=True)
class NMinusOne:
    """Supply without the largest producer over demand."""

    name: str = "n_minus_1"
    family: Family = Family.CONCENTRATION

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and stage."""
        return [self._signal(panel, supply) for supply in read_suppliers(panel)]

    def _signal(self, panel: Panel, supply: StageSupply) -> Signal:
        newest = supply.volumes.iloc[-1]
        largest = str(newest.idxmax())
        demand, notes = _demand(panel, supply)
        ratio = float((supply.totals.iloc[-1] - newest[largest]) / demand)
        is_short = ratio < HALF
        history = (supply.totals - supply.volumes[largest]) / supply.totals
        return Signal(
            mineral=supply.mineral,
            area=largest,
            family=self.family,
            indicator=self.name,
            direction=Direction.DOWN,
            score=ratio,
            percentile=float((history > history.iloc[-1]).mean()) if len(history) > 1 else 0.5,
            probability=1.0 if is_short else 0.0,
            severity=Severity.MINOR if is_short else Severity.NONE,
            is_observed=is_short,
            horizon_months=0,
            criterion=(
                f"{stage_name(supply.stage)} supply without {area_name(largest)} "
                f"below {plain_pct(HALF)} of demand"
            ),
            reason=(
                f"{mineral_name(supply.mineral)} ({stage_name(supply.stage)}): "
                f"without {area_name(largest)} the "
                f"world would have had {plain_pct(ratio)} of its demand in {supply.newest} "
                f"(critical below {plain_pct(HALF)})."
            ),
            evidence=facts_evidence(
                supply.rows,
                values={"residual_share_pct": 100.0 * ratio},
                thresholds={"residual_share_pct": 100.0 * HALF},
                notes=(*supply.notes, *notes, "structural: changes once a year"),
            ),
        )


def _demand(panel: Panel, supply: StageSupply) -> tuple[float, tuple[str, ...]]:
    """Return the world's demand in the year of the newest production, or that production."""
    facts = panel.facts_on("demand")
    facts = facts[
        (facts["mineral"] == supply.mineral)
        & (facts["area"] == WORLD)
        & (facts["period"] == supply.newest)
        & (facts["unit"] == supply.rows["unit"].iloc[-1])
        & (facts["value"] > 0.0)
    ]
    if facts.empty:
        note = "no demand of that year in the same unit is known: production stands in for it"
        return float(supply.totals.iloc[-1]), (note,)
    return float(facts["value"].iloc[-1]), ()
