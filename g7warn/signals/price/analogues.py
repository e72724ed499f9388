"""Analogues: what followed when the price of any mineral last moved like this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.models.analogues import Analogues, find_analogues, scale_paths
from g7warn.models.anomaly.calibrate import future_extreme
from g7warn.signals.base import register
from g7warn.signals.evidence import price_evidence
from g7warn.signals.severity import price_steps
from g7warn.signals.wording import mineral_name, plain_pct, signed_pct

if TYPE_CHECKING:
    from g7warn.models.compiled import FloatArray
    from g7warn.signals.panel import Panel

HORIZON_MONTHS: Final = 6
WANTED: Final = 40
"""Analogues asked for: enough for a share, few enough to be near."""

PRIOR_CASES: Final = 20.0
"""Cases of the base rate mixed into the share. Judgement: half of the analogues."""

LIFT: Final = 1.5
"""Times the base rate from which the analogues say more than that prices move. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class NearestAnalogues:
    """Share of the nearest past paths after which the first price step was reached."""

    name: str = "analogues"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and direction."""
        current = panel.current_benchmarks()
        log_prices = panel.monthly.log_prices
        # Minerals alone: an analyst learns nothing from a year of coffee.
        is_mineral = np.isin(np.arange(len(log_prices)), list(panel.benchmarks.values()))
        paths = np.where(is_mineral[:, None, None], scale_paths(log_prices), np.nan)
        followed = {way: _followed(log_prices, way) for way in Direction}
        signals = []
        for row in current.values():
            found = find_analogues(
                paths,
                row=row,
                column=panel.monthly.newest_column(row),
                closed_months=HORIZON_MONTHS,
                wanted=WANTED,
            )
            signals += [self._signal(panel, row, way, found, followed[way]) for way in Direction]
        return signals

    def _signal(
        self, panel: Panel, row: int, direction: Direction, found: Analogues, followed: FloatArray
    ) -> Signal:
        prices, step = panel.monthly, price_steps(direction)[0]
        base = float(np.nanmean(followed)) if np.isfinite(followed).any() else 0.0
        cases = followed[found.rows, found.columns]
        cases = cases[~np.isnan(cases)]
        share = float((cases.sum() + PRIOR_CASES * base) / (cases.size + PRIOR_CASES))
        is_lifted = cases.size > 0 and share >= LIFT * base > 0.0
        name = mineral_name(prices.rows[row].mineral)
        reason = f"{name}: no past year like the last one is known."
        if cases.size:
            reason = (
                f"{name}: after the {cases.size} past years most like the last one, "
                f"{_name_nearest(panel, found)} among them, {signed_pct(step)} followed within "
                f"{HORIZON_MONTHS} months in {int(cases.sum())} ({plain_pct(base)} at any time)."
            )
        return Signal(
            mineral=prices.rows[row].mineral,
            area=prices.rows[row].area,
            family=self.family,
            indicator=self.name,
            direction=direction,
            score=share if cases.size else float("nan"),
            percentile=share,
            probability=share,
            severity=Severity.MODERATE if is_lifted else Severity.NONE,
            is_observed=False,
            horizon_months=HORIZON_MONTHS,
            criterion=f"price {signed_pct(step)} or more within {HORIZON_MONTHS} months",
            reason=reason,
            evidence=price_evidence(
                prices,
                row,
                values={
                    "analogues": float(cases.size),
                    "followed": float(cases.sum()),
                    "base_rate_share": base,
                    "nearest_distance": float(np.min(found.distances, initial=np.inf))
                    if cases.size
                    else float("nan"),
                },
                thresholds={"lift": LIFT, "step_pct": 100.0 * step},
                notes=(
                    ("the percentile repeats the share: analogues have no past of their own",)
                    if cases.size
                    else ("no analogue: the base rate of all series stands in",)
                ),
            ),
        )


def _followed(log_prices: FloatArray, direction: Direction) -> FloatArray:
    """Return 1 where the first step followed, 0 where it did not, NaN where nobody knows yet."""
    is_up, step = direction is Direction.UP, price_steps(direction)[0]
    extreme = future_extreme(log_prices, months=HORIZON_MONTHS, is_up=is_up)
    reached = extreme >= np.log1p(step) if is_up else extreme <= np.log1p(step)
    return np.where(np.isnan(extreme), np.nan, reached.astype(np.float64))


def _name_nearest(panel: Panel, found: Analogues) -> str:
    row, column = int(found.rows[0]), int(found.columns[0])
    return f"{mineral_name(panel.monthly.rows[row].mineral)} to {panel.monthly.periods[column]}"
