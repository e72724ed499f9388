"""Shortfall: production and exports against a forecast from their own past."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from g7warn.domain.place import WORLD
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.histories import History, read_histories
from g7warn.signals.observed import observed_signal
from g7warn.signals.severity import LOSSES, loss_severity
from g7warn.signals.suppliers import pick_largest, read_suppliers
from g7warn.signals.wording import area_name, mineral_name, plain_pct

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

DAMPING: Final = 0.5
"""Share of the usual growth that the forecast takes over. Judgement: half of a trend persists in
yearly mine production, and the last value alone would call every pause a loss."""

LEAST_SHARE: Final = 0.05
"""Share of the world's supply from which a country is looked at. Judgement: below it a total loss
does not reach half of the first step."""

MIN_PERIODS: Final = 5
"""Fewest values before the one that is judged. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class SupplyShortfall:
    """Newest volume of each producing or exporting area against its damped trend."""

    name: str = "supply_shortfall"
    family: Family = Family.SUPPLY

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral, stage, flow and area with a history."""
        facts = panel.facts
        flows = (
            ("production", facts[facts["measure"] == "production"], "area"),
            ("exports", _weights_of_exports(facts), "reporter"),
        )
        at_stage = {
            (supply.mineral, supply.stage, str(area)): float(share)
            for supply in read_suppliers(panel)
            for area, share in supply.recent_shares.items()
        }
        largest = {k: v for k, v in pick_largest(at_stage).items() if v >= LEAST_SHARE}
        histories = [
            (flow, str(stage), history)
            for flow, rows, by in flows
            for stage, part in _of_large(rows, largest).groupby("stage", sort=True)
            for history in read_histories(part, by=by)
            if len(history.volumes) > MIN_PERIODS and history.is_current(panel.as_of)
        ]
        found = []
        for flow, stage, history in histories:
            share = 1.0
            if history.area != WORLD:
                fallback = 0.0 if flow == "production" else largest[history.mineral, history.area]
                share = at_stage.get((history.mineral, stage, history.area), fallback)
            if share >= LEAST_SHARE:
                found.append(self._signal(flow, stage, history, share))
        return found

    def _signal(self, flow: str, stage: str, history: History, share: float) -> Signal:
        losses = measure_losses(history.volumes)
        loss = float(losses.iloc[-1])
        where = area_name(history.area)
        what = f"{stage} {flow}" if flow == "production" else flow
        name, period = mineral_name(history.mineral), history.volumes.index[-1]
        reason = f"{name}: the forecast of {what} of {where} is zero, no loss can be stated."
        if not math.isnan(loss):
            side = "below" if loss >= 0.0 else "above"
            reason = (
                f"{name}: {what} of {where} in {period} came to {plain_pct(abs(loss))} {side} "
                f"the forecast from its own past (first step {plain_pct(LOSSES[0])})."
            )
        return observed_signal(
            self,
            mineral=history.mineral,
            area=history.area,
            direction=Direction.DOWN,
            score=loss,
            past=losses.iloc[:-1].to_numpy(),
            severity=_grade(loss, share),
            criterion=f"{what} of {where} {plain_pct(LOSSES[0])} or more below its forecast",
            reason=reason,
            evidence=facts_evidence(
                history.rows,
                values={"loss_pct": 100.0 * loss, "share_of_world_pct": 100.0 * share},
                thresholds={"loss_pct": 100.0 * LOSSES[0]},
                notes=() if not math.isnan(loss) else ("the forecast is zero",),
            ),
        )


def _of_large(facts: pd.DataFrame, shares: dict[tuple[str, str], float]) -> pd.DataFrame:
    """Return the facts on the world and on countries that hold a large share of it."""
    owners = facts["area"].str.split("_").str[0]
    keys = zip(facts["mineral"], owners, strict=True)
    return facts[np.array([key in shares or key[1] == WORLD for key in keys], dtype=bool)]


def _grade(loss: float, share: float) -> Severity:
    """Return the severity of the loss to the world; a country's own first step is MINOR."""
    own = Severity.MINOR if loss_severity(loss) else Severity.NONE
    return max(own, loss_severity(loss * share))


def measure_losses(volumes: pd.Series) -> pd.Series:
    """Return, for each period from the sixth, the share by which it fell short of its forecast.

    The forecast is the period before times half its median growth, both from strictly earlier
    periods; a positive share is a loss, NaN stands where the forecast is not positive.
    """
    values = volumes.to_numpy(dtype=np.float64)
    losses = np.full(values.size, np.nan)
    for t in range(MIN_PERIODS, values.size):
        past = values[max(0, t - 10) : t]
        usable = (past[:-1] > 0.0) & (past[1:] > 0.0)
        growth = np.median(np.log(past[1:][usable] / past[:-1][usable])) if usable.any() else 0.0
        forecast = past[-1] * np.exp(DAMPING * growth)
        if forecast > 0.0:
            losses[t] = 1.0 - values[t] / forecast
    return pd.Series(losses, index=volumes.index)[MIN_PERIODS:]


def _weights_of_exports(facts: pd.DataFrame) -> pd.DataFrame:
    is_export = facts["measure"].str.startswith("export")
    is_weight = facts["unit"].str.lower().isin(["kg", "t", "kt", "mt"])
    return facts[is_export & is_weight & (facts["stage"] == "trade")]
