"""Two-price gap: the price outside against the price inside a restricting country."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.place import WORLD
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.models.kernels.growth import expanding_percentile
from g7warn.signals.base import register
from g7warn.signals.evidence import price_evidence
from g7warn.signals.severity import price_severity
from g7warn.signals.wording import area_name, mineral_name, plain_pct, signed_pct

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

VAT: Final = {"cn": 0.13}
"""Value-added tax inside home prices, share of the net price.

Source: State Taxation Administration of China, rate for goods since 2019-04-01."""

FREIGHT_SHARE: Final = 0.03
"""Freight and insurance from there, share of the price. Judgement: 2 to 5 % for metals in bulk."""

UNUSUAL: Final = 0.90
"""Own percentile below which a gap is what the two markets always show. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class TwoPriceGap:
    """Price outside over price inside, net of tax and freight, less one."""

    name: str = "two_price_gap"
    family: Family = Family.MARKET

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and country with a price of its own beside a world price."""
        current = panel.current_benchmarks()
        inside = [
            (current[about.mineral], row)
            for row, about in enumerate(panel.monthly.rows)
            if about.mineral in current and about.area != WORLD
        ]
        return [self._signal(panel, outside, home) for outside, home in inside]

    def _signal(self, panel: Panel, outside: int, home: int) -> Signal:
        prices, about = panel.monthly, panel.monthly.rows[home]
        is_comparable = about.unit == prices.rows[outside].unit
        gaps = measure_gaps(panel, outside, home) if is_comparable else np.full((1, 1), np.nan)
        column = int(np.flatnonzero(~np.isnan(gaps[0]))[-1]) if np.isfinite(gaps).any() else -1
        gap = float(np.expm1(gaps[0, column])) if column >= 0 else math.nan
        place = float(expanding_percentile(gaps)[0, column]) if column >= 0 else math.nan
        reached = price_severity(gap, Direction.UP)
        severity = Severity.NONE if place < UNUSUAL else reached
        name = f"{mineral_name(about.mineral)} in {area_name(about.area)}"
        reason = (
            f"{name}: the price outside ({prices.rows[outside].unit}) and the price inside "
            f"({about.unit}) have no common month and unit to be compared in."
        )
        if column >= 0:
            reason = (
                f"{name}: in {prices.periods[column]} the price outside stood {signed_pct(gap)} "
                f"against the price inside, net of tax and freight (first step +25 %, unusual "
                f"above its own {plain_pct(UNUSUAL)} percentile)."
            )
        return Signal(
            mineral=about.mineral,
            area=about.area,
            family=self.family,
            indicator=self.name,
            direction=Direction.UP,
            score=gap,
            percentile=place,
            probability=1.0 if severity else 0.0,
            severity=severity,
            is_observed=bool(severity),
            horizon_months=0,
            criterion="price outside 25 % or more above the price inside, net of tax and freight",
            reason=reason,
            evidence=price_evidence(
                prices,
                home,
                values={"gap_pct": 100.0 * gap},
                thresholds={"gap_pct": 25.0, "own_percentile": UNUSUAL},
                notes=_notes(
                    about.area, is_comparable=is_comparable, has_past=not math.isnan(place)
                ),
            ),
        )


def measure_gaps(panel: Panel, outside: int, home: int) -> np.ndarray:
    """Return the log gap of every month, 1 x month; NaN where a price is missing."""
    log_prices, area = panel.monthly.log_prices, panel.monthly.rows[home].area
    net = log_prices[home] - np.log1p(VAT.get(area, 0.0)) + np.log1p(FREIGHT_SHARE)
    return np.asarray((log_prices[outside] - net)[None])


def _notes(area: str, *, is_comparable: bool, has_past: bool) -> tuple[str, ...]:
    notes = [f"tax of {plain_pct(VAT.get(area, 0.0))} and freight of {plain_pct(FREIGHT_SHARE)}"]
    if not is_comparable:
        notes.append("the two prices are in different units: no gap is stated")
    if not has_past:
        notes.append("history too short to place the gap among its own past")
    return tuple(notes)
