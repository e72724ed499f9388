"""Export collapse: what a control has done to exports, once it is in force."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from g7warn.domain.period import Period
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.histories import History, is_weight, read_histories
from g7warn.signals.observed import observed_signal
from g7warn.signals.policy.measures import Level, Restriction, read_restrictions
from g7warn.signals.severity import LOSSES, loss_severity
from g7warn.signals.wording import area_name, mineral_name, plain_pct

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.signals.panel import Panel

WINDOW: Final = 3
"""Newest periods compared: with monthly data a quarter, in which the controls of 2010 bit."""


@register
@dataclass(frozen=True, slots=True)
class ExportCollapse:
    """Exports since a control took force against the year before it.

    The severity is that of the loss to the world: the loss times the country's share of supply;
    where that is unknown, the loss itself, no more than MODERATE.
    """

    name: str = "export_collapse"
    family: Family = Family.SUPPLY

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a control in force whose country's exports are known on both sides."""
        controls = [one for one in read_restrictions(panel) if one.level is Level.IN_FORCE]
        if not controls:
            return []
        facts = panel.facts[panel.facts["stage"] == "trade"]
        exports = facts[facts["measure"].str.startswith("export")]
        histories = [
            one
            for one in read_histories(exports, by="reporter")
            if is_weight(one.unit) and one.is_current(panel.as_of)
        ]
        return [
            signal
            for control in controls
            for history in histories
            if (history.mineral, history.area) == (control.mineral, control.area)
            for signal in self._signals(control, history)
        ]

    def _signals(self, control: Restriction, history: History) -> list[Signal]:
        before, since = split_at(history.volumes, Period.parse(control.on).starts_at)
        if before.empty or since.empty or not before.mean() > 0.0:
            return []
        loss = float(1.0 - since.iloc[-WINDOW:].mean() / before.mean())
        of_world = loss * control.share
        severity = loss_severity(of_world)
        if math.isnan(of_world):
            severity = min(loss_severity(loss), Severity.MODERATE)
        elif loss >= LOSSES[0]:
            severity = max(severity, Severity.MINOR)
        name, area = mineral_name(history.mineral), area_name(history.area)
        return [
            observed_signal(
                self,
                mineral=history.mineral,
                area=history.area,
                direction=Direction.DOWN,
                score=loss,
                past=(1.0 - before / before.mean()).to_numpy(),
                severity=severity,
                criterion=f"exports of {area} down by {plain_pct(LOSSES[0])} of world supply",
                reason=(
                    f"{name}: since the {control.measure.replace('_', ' ')} of {control.on} "
                    f"exports of {area} to {since.index[-1]} changed {-100 * loss:+.0f} % against "
                    f"the year before it (first step {-100 * LOSSES[0]:.0f} %)."
                ),
                evidence=facts_evidence(
                    pd.concat([history.rows, control.rows]),
                    values={"loss_pct": 100.0 * loss, "share_pct": 100.0 * control.share},
                    thresholds={"loss_pct": 100.0 * LOSSES[0]},
                    notes=control.notes,
                ),
            )
        ]


def split_at(values: pd.Series, instant: datetime) -> tuple[pd.Series, pd.Series]:
    """Return the periods of the year that ended by `instant`, and those that began since."""
    periods = [Period.parse(str(label)) for label in values.index]
    ended = [period.ends_at <= instant for period in periods]
    began = [period.starts_at >= instant for period in periods]
    per_year = round(12 / periods[-1].frequency.months)
    return values[ended].iloc[-per_year:], values[began]
