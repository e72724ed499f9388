"""Frozen quote: a price that has stood still although it used to move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.data.health import health_signal
from g7warn.signals.wording import mineral_name

if TYPE_CHECKING:
    from g7warn.models.compiled import FloatArray
    from g7warn.signals.panel import Panel

FROZEN_PRICES: Final = 4
"""Equal prices in a row from which a quote may be dead: monthly means of a traded price differ
every month. Judgement."""

USUAL_SHARE: Final = 0.1
"""A series in which more than this share of its earlier changes was zero is a contract or list
price: standing still is its habit and no fault. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class FrozenQuote:
    """Length of the last run of equal prices of every benchmark."""

    name: str = "frozen_quote"
    family: Family = Family.DATA

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral with a benchmark price."""
        return [self._signal(panel, row) for row in panel.benchmarks.values()]

    def _signal(self, panel: Panel, row: int) -> Signal:
        prices = panel.monthly
        run, usual = measure_run(prices.log_prices[row])
        is_frozen = run >= FROZEN_PRICES and usual <= USUAL_SHARE
        return health_signal(
            self,
            prices,
            row,
            score=float(run),
            severity=Severity.MODERATE if is_frozen else Severity.NONE,
            criterion=f"{FROZEN_PRICES} or more equal prices in a row",
            reason=(
                f"{mineral_name(prices.rows[row].mineral)}: {_describe_run(run)} (dead from "
                f"{FROZEN_PRICES} equal ones); before, {100 * usual:.0f} % of changes were zero."
            ),
            values={"equal_prices": float(run), "usual_zero_share": usual},
            thresholds={"equal_prices": float(FROZEN_PRICES), "usual_zero_share": USUAL_SHARE},
        )


def _describe_run(run: int) -> str:
    if run == 1:
        return "the newest monthly price differs from the one before"
    return f"the last {run} monthly prices are equal"


def measure_run(log_prices: FloatArray) -> tuple[int, float]:
    """Return the length of the last run of equal prices, and the share of zero changes before it.

    Args:
        log_prices: One series, NaN = missing, at least one price.
    """
    known = log_prices[~np.isnan(log_prices)]
    moved = np.flatnonzero(np.diff(known) != 0.0)
    run = known.size - (int(moved[-1]) + 1 if moved.size else 0)
    before = np.diff(known)[: known.size - run]
    return run, float(np.mean(before == 0.0)) if before.size else 1.0
