"""Observed stress: the price has risen or fallen by a severity category, and has not come back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.models.kernels.growth import expanding_percentile
from g7warn.models.kernels.moves import SPANS_MONTHS, largest_move, reversal
from g7warn.signals.base import register
from g7warn.signals.calendar import index_month, month_index
from g7warn.signals.evidence import price_evidence
from g7warn.signals.price.turning import REVERSAL_SHARE, find_turns
from g7warn.signals.severity import price_severity, price_steps
from g7warn.signals.wording import mineral_name, months_phrase, plain_price, signed_pct

if TYPE_CHECKING:
    from g7warn.models.compiled import FloatArray
    from g7warn.signals.panel import Panel

COMMON_PERCENTILE: Final = 0.90
"""A first-step move that more than one in ten of the series' own earlier months exceeded is MINOR:
for a volatile mineral +25 % in a year is no news. Judgement; the steps above always count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    direction: Direction
    span_months: int
    share: float
    came_back: float
    percentile: float
    last_month_share: float


@register
@dataclass(frozen=True, slots=True)
class ObservedMove:
    """The largest change over 1, 3, 6 or 12 months, as a fact."""

    name: str = "observed_move"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and direction; see `Indicator.compute`."""
        log_prices = panel.monthly.log_prices
        tables = {direction: _tables(log_prices, direction) for direction in Direction}
        return [
            self._signal(panel, mineral, row, direction, *tables[direction])
            for mineral, row in panel.current_benchmarks().items()
            for direction in Direction
        ]

    def _signal(
        self,
        panel: Panel,
        mineral: str,
        row: int,
        direction: Direction,
        moves: FloatArray,
        percentiles: FloatArray,
        reversals: FloatArray,
    ) -> Signal:
        found = _read(panel, row, direction, percentiles, reversals)
        newest = panel.monthly.newest_column(row)
        reached = price_severity(found.share, direction)
        is_over = found.came_back >= REVERSAL_SHARE
        severity = Severity.NONE if is_over else _weigh(reached, found.percentile)
        steps = price_steps(direction)
        step = steps[max(int(reached) - 2, 0)]
        return Signal(
            mineral=mineral,
            area=panel.monthly.rows[row].area,
            family=self.family,
            indicator=self.name,
            direction=direction,
            score=found.share,
            percentile=found.percentile,
            probability=1.0 if severity else 0.0,
            severity=severity,
            is_observed=bool(severity),
            horizon_months=0,
            criterion=f"price {signed_pct(step)} or more within {SPANS_MONTHS[-1]} months",
            reason=_sentence(panel, mineral, row, found, step, is_over=is_over and bool(reached)),
            evidence=price_evidence(
                panel.monthly,
                row,
                values={
                    "change_pct": found.share * 100.0,
                    "span_months": float(found.span_months),
                    "came_back_pct": found.came_back * 100.0,
                    "last_month_change_pct": found.last_month_share * 100.0,
                },
                thresholds={
                    "step_pct": step * 100.0,
                    "reversal_pct": REVERSAL_SHARE * 100.0,
                    "common_percentile": COMMON_PERCENTILE,
                },
                notes=_notes(found, is_over=is_over and bool(reached)),
            ),
            turns=find_turns(
                panel.monthly.log_prices[row, : newest + 1],
                direction,
                severity=severity,
                weigh=lambda level, share: _weigh(level, _place(moves[row], share)),
                unit=panel.monthly.rows[row].unit,
                period=index_month(month_index(panel.monthly.periods[newest]) + 1),
            ),
        )


def _weigh(reached: Severity, percentile: float) -> Severity:
    is_common = percentile < COMMON_PERCENTILE  # False where the percentile is unknown
    return Severity.MINOR if is_common and reached is Severity.MODERATE else reached


def _place(moves: FloatArray, share: float) -> float:
    """Return how many of a series' own moves are smaller, as a share; NaN where it has none."""
    known = moves[~np.isnan(moves)]
    return float(np.mean(known < abs(math.log1p(share)))) if known.size else math.nan


def _tables(
    log_prices: FloatArray, direction: Direction
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return largest moves in the direction, their own percentiles, and reversals."""
    is_up = direction is Direction.UP
    moves = largest_move(log_prices, is_up=is_up) * (1.0 if is_up else -1.0)
    return moves, expanding_percentile(moves), reversal(log_prices, is_up=is_up)


def _read(
    panel: Panel,
    row: int,
    direction: Direction,
    percentiles: FloatArray,
    reversals: FloatArray,
) -> _Finding:
    prices, sign = panel.monthly, 1.0 if direction is Direction.UP else -1.0
    series, newest = prices.log_prices[row], prices.newest_column(row)
    changes = {
        span: series[newest] - series[newest - span] for span in SPANS_MONTHS if span <= newest
    }
    known = [(sign * change, span) for span, change in changes.items() if not math.isnan(change)]
    best, span = max(known, default=(math.nan, 0))
    back = prices.newest_value(reversals, row)
    return _Finding(
        direction=direction,
        span_months=span,
        share=float(np.expm1(sign * best)),
        came_back=float(np.expm1(sign * -back)) * -sign,
        percentile=prices.newest_value(percentiles, row),
        last_month_share=float(np.expm1(changes.get(1, math.nan))),
    )


def _sentence(
    panel: Panel, mineral: str, row: int, found: _Finding, step: float, *, is_over: bool
) -> str:
    prices, newest = panel.monthly, panel.monthly.newest_column(row)
    if not found.span_months:
        return f"{mineral_name(mineral)}: too few months of prices to measure a move."
    before = plain_price(prices.price(row, newest - found.span_months))
    now = f"{plain_price(prices.price(row, newest))} {prices.rows[row].unit}"
    sentence = (
        f"{mineral_name(mineral)} moved {_told(found.share, found.direction)} in "
        f"{months_phrase(found.span_months)} to {prices.periods[newest]} ({before} to {now}; "
        f"step {signed_pct(step)})"
    )
    if found.span_months > 1 and price_severity(found.last_month_share, found.direction):
        sentence += f", {signed_pct(found.last_month_share)} in the last month alone"
    return f"{sentence}, but has come back since." if is_over else f"{sentence}."


def _told(share: float, direction: Direction) -> str:
    """Return a move, cut to a decimal where rounding would show a step it has not reached."""
    if price_severity(round(share, 2), direction) > price_severity(share, direction):
        return signed_pct(math.trunc(share * 1000.0) / 1000.0, digits=1)
    return signed_pct(share)


def _notes(found: _Finding, *, is_over: bool) -> tuple[str, ...]:
    notes = []
    if not found.span_months:
        notes.append("no span has a price at both ends: no move can be stated")
    if math.isnan(found.percentile):
        notes.append("history too short to place the move among the series' own past")
    if is_over:
        notes.append("the price has come back by a quarter from its extreme: the move is over")
    return tuple(notes)
