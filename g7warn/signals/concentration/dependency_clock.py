"""Dependency clock: when the largest outside supplier's share will cross the threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import norm, theilslopes

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.concentration.dependence import largest_outside
from g7warn.signals.concentration.thresholds import dependence_threshold
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.suppliers import StageSupply, read_suppliers
from g7warn.signals.wording import area_name, mineral_name, plain_pct, stage_name

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.signals.panel import Panel

HORIZON_MONTHS: Final = 36
"""Time within which the crossing is asked for: the shortest time in which a refinery is built."""

YEARS: Final = 10
"""Years whose trend is continued; older ones tell of another industry. Judgement."""

MIN_YEARS: Final = 5
"""Fewest years of a trend. Judgement."""

_LEAST_NOISE: Final = 0.01
"""Yearly noise of a share is never taken for less than one point: estimates are rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A share continued along its own trend.

    Attributes:
        share: Newest share, 0 to 1.
        slope: Change a year, Theil-Sen.
        noise: Standard deviation of a year's deviation from the trend.
        crossing_year: Year in which the trend meets the threshold; NaN when it moves away.
    """

    share: float
    slope: float
    noise: float
    crossing_year: float

    def chance_beyond(self, threshold: float, *, years: float) -> float:
        """Return the probability of a share at or above `threshold` `years` from the newest.

        The trend goes on and yearly shocks add up as in a random walk.
        """
        ahead = self.share + self.slope * years
        return float(norm.sf((threshold - ahead) / (self.noise * math.sqrt(years))))


def fit_trend(shares: pd.Series, *, threshold: float) -> Trend:
    """Return the Theil-Sen trend of yearly shares (label of the year -> share), oldest first."""
    recent = shares.iloc[-YEARS:]
    years = recent.index.to_numpy().astype(np.float64)
    values = recent.to_numpy(dtype=np.float64)
    slope = float(theilslopes(values, years).slope)
    steps = np.diff(values) - slope * np.diff(years)
    noise = max(float(np.sqrt(np.mean(steps**2 / np.diff(years)))), _LEAST_NOISE)
    gap = threshold - values[-1]
    heads_there = slope != 0.0 and gap / slope > 0.0
    return Trend(
        share=float(values[-1]),
        slope=slope,
        noise=noise,
        crossing_year=float(years[-1] + gap / slope) if heads_there else math.nan,
    )


@register
@dataclass(frozen=True, slots=True)
class DependencyClock:
    """Warns before a dependence is there; says when it would be over where it is."""

    name: str = "dependency_clock"
    family: Family = Family.CONCENTRATION

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and stage whose largest outside supplier has a history."""
        return [
            self._signal(panel, supply, history)
            for supply in read_suppliers(panel)
            if len(history := largest_outside(supply, panel)) >= MIN_YEARS
        ]

    def _signal(self, panel: Panel, supply: StageSupply, history: pd.Series) -> Signal:
        largest = str(history.name)
        threshold, origin = dependence_threshold(supply.mineral, as_of=panel.as_of)
        trend = fit_trend(history, threshold=threshold)
        is_above = trend.share >= threshold
        chance = trend.chance_beyond(threshold, years=HORIZON_MONTHS / 12)
        changes = history.diff().dropna()
        return Signal(
            mineral=supply.mineral,
            area=largest,
            family=self.family,
            indicator=self.name,
            direction=Direction.UP,
            score=trend.slope,
            percentile=float((changes < trend.slope).mean()),
            probability=min(max(chance, 0.0), 1.0),
            severity=Severity.NONE if is_above else Severity.MINOR,
            is_observed=False,
            horizon_months=HORIZON_MONTHS,
            criterion=(
                f"{area_name(largest)} supplies {plain_pct(threshold)} or more of the world's "
                f"{mineral_name(supply.mineral).lower()} ({stage_name(supply.stage)}) "
                f"within {HORIZON_MONTHS} months"
            ),
            reason=(
                f"{mineral_name(supply.mineral)} ({stage_name(supply.stage)}): the share of "
                f"{area_name(largest)} "
                f"was {plain_pct(trend.share)} in {supply.newest} and moves "
                f"{100 * trend.slope:+.1f} points a year; {_crossing(trend, is_above=is_above)} "
                f"the {plain_pct(threshold)} of {origin}."
            ),
            evidence=facts_evidence(
                supply.rows,
                values={
                    "share_pct": 100.0 * trend.share,
                    "slope_points_per_year": 100.0 * trend.slope,
                    "noise_points_per_year": 100.0 * trend.noise,
                    "crossing_year": trend.crossing_year,
                },
                thresholds={"share_pct": 100.0 * threshold},
                notes=(*supply.notes, f"trend of the last {min(len(history), YEARS)} years"),
            ),
        )


def _crossing(trend: Trend, *, is_above: bool) -> str:
    if math.isnan(trend.crossing_year):
        return "it stays above" if is_above else "it moves away from"
    word = "falls below" if is_above else "reaches"
    return f"at that pace it {word} in {trend.crossing_year:.0f}"
