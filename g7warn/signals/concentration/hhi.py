"""HHI: the sum of squared shares, plain and weighted by the governance of the producers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.suppliers import StageSupply, read_suppliers
from g7warn.signals.wording import area_name, mineral_name, stage_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

HIGH: Final = 0.25
"""Highly concentrated: 2,500 points of 10,000.

Source: US Department of Justice and Federal Trade Commission (2010), Horizontal Merger Guidelines,
section 5.3 (the 2023 guidelines say 1,800; mining stands above that almost everywhere)."""

GOVERNANCE_MEASURE: Final = "governance"
"""Facts of this measure hold a country's governance, 0 best to 10 worst, for any mineral token."""

HIGH_WEIGHTED: Final = HIGH * 5.0
"""The same concentration at the middle of the governance scale."""


def herfindahl(shares: pd.DataFrame) -> pd.Series:
    """Return the sum of squared shares by year.

    Example:
        >>> herfindahl(pd.DataFrame({"cn": [0.5], "cl": [0.5]})).tolist()
        [0.5]
    """
    return (shares**2).sum(axis=1)


def weigh_herfindahl(shares: pd.DataFrame, governance: pd.Series) -> pd.Series:
    """Return the sum of squared shares times governance (0 best to 10 worst) by year.

    A country without a value takes the middle of the scale, 5: neither praised nor blamed. Trade
    parameters (taxes, quotas) are left to the policy indicators, so that nothing counts twice.

    Source:
        After European Commission, JRC (2017), "Methodology for establishing the EU list of
        critical raw materials", supply risk.
    """
    weights = governance.reindex(shares.columns).fillna(5.0)
    return (shares**2 * weights).sum(axis=1)


@register
@dataclass(frozen=True, slots=True)
class Hhi:
    """Concentration of production over countries, whoever they are."""

    name: str = "hhi"
    family: Family = Family.CONCENTRATION

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and stage."""
        return [
            _signal(self, supply, herfindahl(supply.shares), HIGH, "HHI", supply.rows)
            for supply in read_suppliers(panel)
        ]


@register
@dataclass(frozen=True, slots=True)
class GovernanceHhi:
    """Concentration of production, weighing producers by their governance."""

    name: str = "governance_hhi"
    family: Family = Family.CONCENTRATION

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and stage; none where no governance is known."""
        facts = panel.facts_on(GOVERNANCE_MEASURE)
        if facts.empty:
            return []
        governance = facts.groupby("area")["value"].last()
        return [
            _signal(
                self,
                supply,
                weigh_herfindahl(supply.shares, governance),
                HIGH_WEIGHTED,
                "governance-weighted HHI (0 to 10)",
                pd.concat([supply.rows, facts[facts["area"].isin(supply.shares.columns)]]),
            )
            for supply in read_suppliers(panel)
        ]


def _signal(
    indicator: Hhi | GovernanceHhi,
    supply: StageSupply,
    history: pd.Series,
    threshold: float,
    label: str,
    rows: pd.DataFrame,
) -> Signal:
    index, largest = float(history.iloc[-1]), supply.shares.iloc[-1].idxmax()
    before = float(history.iloc[-2]) if len(history) > 1 else index
    is_above = index >= threshold
    is_news = is_above and before < threshold
    severity = Severity.MODERATE if is_news else Severity.MINOR
    return Signal(
        mineral=supply.mineral,
        area="world",
        family=indicator.family,
        indicator=indicator.name,
        direction=Direction.UP,
        score=index,
        percentile=float(np.mean(history < index)) if len(history) > 1 else 0.5,
        probability=1.0 if is_above else 0.0,
        severity=severity if is_above else Severity.NONE,
        is_observed=is_above,
        horizon_months=0,
        criterion=(
            f"concentration of {stage_name(supply.stage)} supply ({label}) "
            f"of {threshold:.2f} or more"
        ),
        reason=(
            f"{mineral_name(supply.mineral)} ({stage_name(supply.stage)}): {label} of {index:.2f} "
            f"in {supply.newest} (highly concentrated from {threshold:.2f}); "
            f"the largest producer is {area_name(str(largest))}."
        ),
        evidence=facts_evidence(
            rows,
            values={"hhi": index, "previous_hhi": before},
            thresholds={"hhi": threshold},
            notes=(*supply.notes, "structural: changes once a year"),
        ),
    )
