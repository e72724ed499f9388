"""Capacity utilisation: how much of the world's plants already runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from g7warn.domain.mineral import list_minerals
from g7warn.domain.place import WORLD
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.observed import observed_signal
from g7warn.signals.wording import mineral_name, plain_pct

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.signals.panel import Panel

TIGHT, FULL = 0.90, 0.95
"""Utilisation from which no plant can replace another, and at which none stands still: yearly
maintenance takes about 5 %. Judgement."""

_NEEDED: Final = {"production", "capacity"}


@register
@dataclass(frozen=True, slots=True)
class CapacityUtilisation:
    """World production over world capacity of the same stage, source and year."""

    name: str = "capacity_utilisation"
    family: Family = Family.SUPPLY

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and stage with both world totals in a common year."""
        facts = panel.facts[panel.facts["measure"].isin(_NEEDED) & (panel.facts["area"] == WORLD)]
        watched = {mineral.code for mineral in list_minerals()}
        signals = []
        for (mineral, stage, _, _), rows in facts.groupby(
            ["mineral", "stage", "source", "unit"], sort=True
        ):
            table = rows.pivot_table(index="period", columns="measure", values="value").dropna()
            if mineral in watched and set(table.columns) == _NEEDED and len(table):
                signals.append(self._signal(str(mineral), str(stage), table, rows))
        return signals

    def _signal(self, mineral: str, stage: str, table: pd.DataFrame, rows: pd.DataFrame) -> Signal:
        used = table["production"] / table["capacity"].where(table["capacity"] > 0.0)
        share = float(used.iloc[-1])
        severity = Severity.MODERATE if share >= FULL else Severity.MINOR
        is_known = not math.isnan(share)
        name = f"{mineral_name(mineral)} ({stage})"
        reason = f"{name}: the stated capacity of {table.index[-1]} is zero."
        if is_known:
            reason = (
                f"{name}: the world used {plain_pct(share)} of its capacity in {table.index[-1]} "
                f"(tight from {plain_pct(TIGHT)}, full from {plain_pct(FULL)})."
            )
        return observed_signal(
            self,
            mineral=mineral,
            area=WORLD,
            direction=Direction.UP,
            score=share,
            past=used.iloc[:-1].to_numpy(),
            severity=severity if share >= TIGHT else Severity.NONE,
            criterion=f"world {stage} production at {plain_pct(TIGHT)} of capacity or more",
            reason=reason,
            evidence=facts_evidence(
                rows,
                values={"utilisation_pct": 100.0 * share},
                thresholds={"utilisation_pct": 100.0 * TIGHT, "full_pct": 100.0 * FULL},
                notes=() if is_known else ("capacity of zero: nothing to divide by",),
            ),
        )
