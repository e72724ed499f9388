"""Onset: how likely a spike (+50 % in 12 months) or a crash (-33 %) is to start soon."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.models.forecast import Basis
from g7warn.models.kernels.growth import expanding_percentile, log_change
from g7warn.models.probability import TargetKind
from g7warn.signals.base import register
from g7warn.signals.evidence import price_evidence
from g7warn.signals.price.drivers import (
    describe_drivers,
    learned_terms,
    name_companions,
    recent_moves,
)
from g7warn.signals.price.outlook import look_ahead
from g7warn.signals.wording import mineral_name, plain_pct

if TYPE_CHECKING:
    from g7warn.models.compiled import FloatArray
    from g7warn.signals.panel import Panel
    from g7warn.signals.price.outlook import Outlook

HORIZON_MONTHS: Final = 6
"""Months within which the onset may fall."""

_EVENT: Final = {  # word, criterion, 12-month change in percent: `THRESHOLD_LOG` of models
    Direction.UP: ("spike", "12-month change of +50 % or more", 50.0),
    Direction.DOWN: ("crash", "12-month change of -33 % or more", -33.0),
}


@register
@dataclass(frozen=True, slots=True)
class PriceOnset:
    """Odds of an onset; the bases of the coming 12-month changes are known.

    A fitted model gives them where the panel has one, first passage otherwise.
    """

    name: str = "price_onset"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and direction; none while the event runs."""
        current = panel.current_benchmarks()
        if not current:
            return []
        log_prices = panel.monthly.log_prices
        outlook = look_ahead(panel)
        moves = recent_moves(panel, outlook)
        year = expanding_percentile(log_change(log_prices, periods=12))
        places = {Direction.UP: year, Direction.DOWN: 1.0 - year}
        return [
            self._signal(panel, mineral, direction, outlook, moves, places[direction])
            for mineral, row in current.items()
            for direction in Direction
            if outlook.forecast.basis[row] != Basis.NONE and not outlook.is_running[direction][row]
        ]

    def _signal(
        self,
        panel: Panel,
        mineral: str,
        direction: Direction,
        outlook: Outlook,
        moves: FloatArray,
        places: FloatArray,
    ) -> Signal:
        row = panel.benchmarks[mineral]
        odds = outlook.odds(TargetKind.ONSET, direction, months=HORIZON_MONTHS)
        chance, needed = float(odds.probability[row]), float(np.expm1(odds.needed_log_move[row]))
        event, criterion, threshold = _EVENT[direction]
        drivers = describe_drivers(
            needed,
            float(outlook.said.volatility_ratio[row]),
            name_companions(panel, moves, mineral, direction),
            direction,
        )
        return Signal(
            mineral=mineral,
            area=panel.monthly.rows[row].area,
            family=self.family,
            indicator=self.name,
            direction=direction,
            score=chance,
            percentile=panel.monthly.newest_value(places, row),
            probability=chance,
            severity=Severity.SEVERE,
            is_observed=False,
            horizon_months=HORIZON_MONTHS,
            criterion=f"{criterion} first reached within {HORIZON_MONTHS} months",
            reason=(
                f"{mineral_name(mineral)}: {plain_pct(chance)} chance that a {event} "
                f"({criterion}) starts within {HORIZON_MONTHS} months; {drivers}."
            ),
            evidence=price_evidence(
                panel.monthly,
                row,
                values={"needed_move_pct": 100.0 * needed, **_values(outlook, row, direction)},
                thresholds={"change_12m_pct": threshold, **_budget_bounds(panel, direction)},
                notes=(
                    "the percentile is that of the 12-month change among the mineral's own",
                    "tail: the largest move of six months beats nine in ten of the mineral's past",
                    outlook.note,
                    *outlook.tell_scores(odds.target),
                ),
            ),
        )


def _budget_bounds(panel: Panel, direction: Direction) -> dict[str, float]:
    """Return the probabilities from which on the model's past kept the budget of alerts."""
    bounds = panel.model.budget_bounds.get(direction.value, {}) if panel.model else {}
    return {f"{name}_within_budget_share": bound for name, bound in bounds.items()}


def _values(outlook: Outlook, row: int, direction: Direction) -> dict[str, float]:
    """Return the odds of onset and tail, those of first passage alone, and what lies between."""
    near = outlook.odds(TargetKind.ONSET, direction, months=HORIZON_MONTHS)
    far = outlook.odds(TargetKind.ONSET, direction, months=12)
    tail = outlook.odds(TargetKind.TAIL, direction, months=HORIZON_MONTHS)
    tail_move = float(np.expm1(tail.needed_log_move[row]))
    return {
        "p_6m": float(near.probability[row]),
        "p_12m": float(far.probability[row]),
        "p_6m_first_passage": float(near.first_passage[row]),
        "p_tail_6m": math.nan if math.isnan(tail_move) else float(tail.probability[row]),
        "tail_move_pct": 100.0 * tail_move,
        "volatility_ratio": float(outlook.said.volatility_ratio[row]),
        **learned_terms(near, row),
    }
