"""Dependence: the share of the largest supplier outside the bloc, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.concentration.thresholds import dependence_threshold
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.suppliers import StageSupply, read_suppliers
from g7warn.signals.wording import area_name, mineral_name, plain_pct, stage_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel


@register
@dataclass(frozen=True, slots=True)
class Dependence:
    """Share of world production in the hands of one country outside."""

    name: str = "dependence"
    family: Family = Family.CONCENTRATION

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and stage with a producer outside."""
        return [
            self._signal(panel, supply, history)
            for supply in read_suppliers(panel)
            if len(history := largest_outside(supply, panel))
        ]

    def _signal(self, panel: Panel, supply: StageSupply, history: pd.Series) -> Signal:
        threshold, origin = dependence_threshold(supply.mineral, as_of=panel.as_of)
        largest = str(history.name)
        share = float(history.iloc[-1])
        before = float(history.iloc[-2]) if len(history) > 1 else share
        is_above = share >= threshold
        is_news = is_above and before < threshold
        severity = Severity.MODERATE if is_news else Severity.MINOR
        criterion = (
            f"{area_name(largest)} supplies {plain_pct(threshold)} or more of the world's "
            f"{mineral_name(supply.mineral).lower()} ({stage_name(supply.stage)})"
        )
        return Signal(
            mineral=supply.mineral,
            area=largest,
            family=self.family,
            indicator=self.name,
            direction=Direction.UP,
            score=share,
            percentile=float((history < share).mean()) if len(history) > 1 else 0.5,
            probability=1.0 if is_above else 0.0,
            severity=severity if is_above else Severity.NONE,
            is_observed=is_above,
            horizon_months=0,
            criterion=criterion,
            reason=(
                f"{mineral_name(supply.mineral)} ({stage_name(supply.stage)}): "
                f"{area_name(largest)}, the largest supplier outside the "
                f"bloc, held {plain_pct(share)} of the world in "
                f"{supply.newest}, {'above' if is_above else 'below'} the {plain_pct(threshold)} "
                f"of {origin}."
            ),
            evidence=facts_evidence(
                supply.rows,
                values={"share_pct": 100.0 * share, "previous_share_pct": 100.0 * before},
                thresholds={"share_pct": 100.0 * threshold},
                notes=(*supply.notes, "structural: changes once a year"),
            ),
        )


def largest_outside(supply: StageSupply, panel: Panel) -> pd.Series:
    """Return the yearly shares of the producer that is the largest outside the bloc by now.

    Named by the country, years without its figure left out; empty where none is outside.
    """
    areas = [area for area in supply.shares.columns if panel.bloc.is_outside(area)]
    outside = supply.shares[areas].dropna(how="all")
    if outside.empty:
        return pd.Series(dtype=np.float64)
    return outside[outside.iloc[-1].idxmax()].dropna()
