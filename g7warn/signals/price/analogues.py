"""Analogues: what followed when the price of any mineral last moved like this."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.models.analogues import Analogues, find_analogues, scale_paths
from g7warn.signals.base import register
from g7warn.signals.evidence import price_evidence
from g7warn.signals.price.followed import HORIZON_MONTHS, Followed
from g7warn.signals.wording import mineral_name, plain_pct, signed_pct

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

WANTED: Final = 40
"""Analogues asked for: enough for a share, few enough to be near. Judgement."""

NAMED: Final = 3
"""Nearest analogues named in the reason. Judgement: as many as a reader looks up."""

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
        # Minerals alone: an analyst learns nothing from a year of coffee. And public ones alone:
        # the reason tells what followed.
        rows, is_public = np.arange(len(log_prices)), panel.monthly.mark_public()
        is_told = np.isin(rows, list(panel.benchmarks.values())) & is_public
        every = scale_paths(log_prices)
        followed = {way: Followed.of(log_prices, way) for way in Direction}
        signals = []
        for row in current.values():
            paths = np.where((is_told | (rows == row))[:, None, None], every, np.nan)
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
        self, panel: Panel, row: int, direction: Direction, found: Analogues, followed: Followed
    ) -> Signal:
        prices, step, reached = panel.monthly, followed.step, followed.reached
        shared = reached[prices.mark_public()]
        base = float(np.nanmean(shared)) if np.isfinite(shared).any() else 0.0
        cases = reached[found.rows, found.columns]
        cases = cases[~np.isnan(cases)]
        share = float((cases.sum() + PRIOR_CASES * base) / (cases.size + PRIOR_CASES))
        is_lifted = cases.size > 0 and share >= LIFT * base > 0.0
        name = mineral_name(prices.rows[row].mineral)
        reason = f"{name}: no past year like the last one is known."
        if cases.size:
            reason = (
                f"{name}: after the {cases.size} past years most like the last one, "
                f"{signed_pct(step)} followed within {HORIZON_MONTHS} months in "
                f"{int(cases.sum())} ({plain_pct(base)} at any time). The nearest, and the "
                f"largest move that followed: {_name_nearest(panel, found, followed)}."
            )
        return Signal(
            mineral=prices.rows[row].mineral,
            area=prices.rows[row].area,
            family=self.family,
            indicator=self.name,
            direction=direction,
            score=share if cases.size else math.nan,
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
                    "nearest_distance": float(found.distances[0]) if cases.size else math.nan,
                    "nearest_move_pct": 100.0 * _move_of(found, 0, followed)
                    if cases.size
                    else math.nan,
                },
                thresholds={"lift": LIFT, "step_pct": 100.0 * step},
                notes=(
                    ("the percentile repeats the share: analogues have no past of their own",)
                    if cases.size
                    else ("no analogue: the base rate of all series stands in",)
                ),
            ),
        )


def _move_of(found: Analogues, place: int, followed: Followed) -> float:
    """Return what followed one analogue, as a share of the price then."""
    return float(np.expm1(followed.extreme[found.rows[place], found.columns[place]]))


def _name_nearest(panel: Panel, found: Analogues, followed: Followed) -> str:
    prices = panel.monthly
    return ", ".join(
        f"{mineral_name(prices.rows[found.rows[place]].mineral)} to "
        f"{prices.periods[found.columns[place]]} ({signed_pct(_move_of(found, place, followed))})"
        for place in range(min(NAMED, found.rows.size))
    )
