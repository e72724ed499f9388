"""Agreement: two publishers of the same quantity must say about the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations, groupby
from typing import TYPE_CHECKING, Final

import pandas as pd

from g7warn.domain.place import WORLD
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.data.quantities import Quantity, read_prices, read_production
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.observed import observed_signal
from g7warn.signals.wording import mineral_name, plain_pct, plain_price

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

PRODUCTION_TOLERANCE: Final = 0.25
"""Largest gap between two figures of world production of a year, over the smaller. Judgement: the
15 pairs of USGS (2025) and BGS for 2023 lie within 18 %; a quarter is a SEVERE loss on the supply
scale, so that beyond it nobody can say whether supply was lost."""

PRICE_TOLERANCE: Final = 0.10
"""Largest gap between two monthly prices, after their usual ratio. Judgement: monthly means of one
quote differ by working days and exchange rates, a few per cent; +25 % is the first price step."""

FEWEST_MONTHS: Final = 12
"""Common months before the newest from which the usual ratio of two prices is read."""

LARGEST_RATIO: Final = 3.0
"""Usual ratio of two prices beyond which grades of one metal no longer explain it. Judgement:
freight, purity and 13 % VAT stay below two; a slip of unit or content makes 2.2, 5.3 or 1,000."""

OLD_YEARS: Final = 4
"""Years after which a common period tells nothing of the sources as they are. Judgement: yearbooks
come two years late, two more are given."""


@register
@dataclass(frozen=True, slots=True)
class SourceAgreement:
    """World production and prices of a mineral, by every two sources that state them.

    What is found is a doubt about data, whichever way the figures differ: it is told as such and
    never as a move of the market.
    """

    name: str = "source_agreement"
    family: Family = Family.DATA

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral, quantity and pair of sources with a recent common period."""
        found = sorted(
            chain(read_production(panel), read_prices(panel)),
            key=lambda one: (one.mineral, one.what, one.currency, one.source),
        )
        oldest = str(panel.as_of.year - OLD_YEARS)
        return [
            signal
            for _, group in groupby(found, key=lambda one: (one.mineral, one.what, one.currency))
            for one, other in combinations(group, 2)
            for signal in self._compare(one, other, oldest=oldest)
        ]

    def _compare(self, one: Quantity, other: Quantity, *, oldest: str) -> list[Signal]:
        is_price = bool(one.currency)
        gaps = measure_price_gaps(one, other) if is_price else measure_gaps(one, other)
        if gaps.empty or str(gaps.index[-1]) < oldest:
            return []
        period, gap = str(gaps.index[-1]), float(gaps.iloc[-1])
        tolerance = PRICE_TOLERANCE if is_price else PRODUCTION_TOLERANCE
        severity = Severity.MODERATE if gap > tolerance else Severity.NONE
        unit = f"{one.currency}/t" if is_price else "t"
        both = [
            f"{which.source} states {plain_price(which.amounts[period])} {unit}"
            for which in (one, other)
        ]
        rows = pd.concat([one.rows, other.rows])
        suffix = unit.lower().replace("/", "_per_")
        return [
            observed_signal(
                self,
                mineral=one.mineral,
                area=WORLD,
                direction=Direction.UP,
                score=gap,
                past=gaps.iloc[:-1].to_numpy(),
                severity=severity,
                criterion=(
                    f"two sources of its {one.what} differ by more than {plain_pct(tolerance)}"
                ),
                reason=(
                    f"{mineral_name(one.mineral)}: of {one.what} in {period}, "
                    f"{' and '.join(both)}; they lie {plain_pct(gap)} apart "
                    f"(tolerance {plain_pct(tolerance)})."
                ),
                evidence=facts_evidence(
                    rows[rows["period"] == period],
                    values={
                        f"{one.source}_{suffix}": float(one.amounts[period]),
                        f"{other.source}_{suffix}": float(other.amounts[period]),
                        "gap_pct": 100.0 * gap,
                    },
                    thresholds={"gap_pct": 100.0 * tolerance},
                ),
            )
        ]


def measure_gaps(one: Quantity, other: Quantity) -> pd.Series:
    """Return, for each common period, by how much the larger figure exceeds the smaller."""
    return _apart(_ratio(one, other))


def measure_price_gaps(one: Quantity, other: Quantity) -> pd.Series:
    """Return, for each common month, how far the ratio of two prices lies from its usual one.

    The usual ratio is the median of at least `FEWEST_MONTHS` earlier common months: two grades of
    a metal differ in price for good. Without so many, or with a usual ratio that no grade explains
    (`LARGEST_RATIO`), the prices themselves are held against each other.
    """
    ratio = _ratio(one, other)
    usual = ratio.expanding(min_periods=FEWEST_MONTHS).median().shift(1)
    is_grade = _apart(usual) <= LARGEST_RATIO - 1.0
    return _apart(ratio / usual.where(is_grade, 1.0))


def _ratio(one: Quantity, other: Quantity) -> pd.Series:
    ratio = (one.amounts / other.amounts.where(other.amounts > 0.0)).dropna()
    return ratio[ratio > 0.0]


def _apart(ratio: pd.Series) -> pd.Series:
    return ratio.where(ratio >= 1.0, 1.0 / ratio) - 1.0
