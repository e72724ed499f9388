"""Range and liquidity of a quote: how far apart low and high are, and how often it is made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.observed import observed_signal
from g7warn.signals.wording import mineral_name, plain_pct

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.signals.panel import Panel

LOW, HIGH = "price_low", "price_high"
"""Measures of the two ends of a quote."""

WIDE_PLACE: Final = 0.95
"""Own percentile from which a range is wide. Judgement."""

WIDE_FACTOR: Final = 1.5
"""Times its own median from which a range is wide: a percentile alone would flag pennies."""

WINDOW: Final = 20
"""Newest quotes whose mean range counts: one trading month."""

MIN_QUOTES: Final = 60
"""Fewest earlier quotes: one trading quarter. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class QuoteRange:
    """Mean relative range of the newest quotes against earlier ones: thin markets part."""

    name: str = "quote_range"
    family: Family = Family.MARKET

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and area whose quotes come as ranges."""
        facts = panel.facts[panel.facts["measure"].isin([LOW, HIGH])]
        groups = facts.groupby(["mineral", "area", "source"], sort=True)
        return [self._signal(str(mineral), str(area), rows) for (mineral, area, _), rows in groups]

    def _signal(self, mineral: str, area: str, rows: pd.DataFrame) -> Signal:
        table = rows.pivot_table(index="period", columns="measure", values="value")
        ends = table.reindex(columns=[LOW, HIGH]).dropna()
        ranges = (2.0 * (ends[HIGH] - ends[LOW]) / (ends[HIGH] + ends[LOW])).to_numpy()
        means = np.convolve(ranges, np.full(WINDOW, 1.0 / WINDOW), mode="valid")
        is_long = ranges.size >= MIN_QUOTES + WINDOW
        newest, past = (float(means[-1]), means[:-WINDOW]) if is_long else (math.nan, means[:0])
        usual = float(np.median(past)) if is_long else math.nan
        is_wide = is_long and newest >= WIDE_FACTOR * usual > 0.0
        is_wide = is_wide and float(np.mean(past < newest)) >= WIDE_PLACE
        name = f"{mineral_name(mineral)} ({area})"
        reason = f"{name}: too few quoted ranges to judge their width."
        if is_long:
            reason = (
                f"{name}: the last {WINDOW} quotes to {ends.index[-1]} span {100 * newest:.1f} % "
                f"on average, usually {100 * usual:.1f} % (wide from {WIDE_FACTOR:g} times and its "
                f"own {plain_pct(WIDE_PLACE)} percentile)."
            )
        return observed_signal(
            self,
            mineral=mineral,
            area=area,
            direction=Direction.UP,
            score=newest,
            past=past,
            severity=Severity.MINOR if is_wide else Severity.NONE,
            criterion=f"mean range of {WINDOW} quotes {WIDE_FACTOR:g} times its median or more",
            reason=reason,
            evidence=facts_evidence(
                rows,
                values={"range_pct": 100.0 * newest, "usual_range_pct": 100.0 * usual},
                thresholds={"factor": WIDE_FACTOR, "own_percentile": WIDE_PLACE},
                notes=() if is_long else (f"fewer than {MIN_QUOTES + WINDOW} quotes",),
            ),
        )
