"""Cover: how many days the known stocks last, and how fast they are drawn down; as bands."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from g7warn.domain.period import Period
from g7warn.domain.signal import Direction, Evidence, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.histories import TONNES, History, is_weight, read_histories
from g7warn.signals.observed import observed_signal
from g7warn.signals.wording import area_name, mineral_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel

BANDS_DAYS: Final = (7, 30, 60, 120)
"""Edges between the bands of cover. Judgement: a week is a stop, a quarter is comfort."""

SEVERITIES: Final = (Severity.SEVERE, Severity.MODERATE, Severity.MINOR)
"""Severities of the bands below 7, 30 and 60 days; above there is none."""

DRAWDOWN_SHARE: Final = 0.5
"""Loss of stock within a year that is told whatever the cover is. Judgement."""


@register
@dataclass(frozen=True, slots=True)
class StockCover:
    """Stocks over daily consumption; the evidence holds the band and never the level."""

    name: str = "stock_cover"
    family: Family = Family.STOCKS

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and area with stocks."""
        facts = panel.facts[panel.facts["stage"] == "stock"]
        levels = facts[facts["measure"].isin(["level", "exchange_level"])]
        return [
            self._signal(panel, history)
            for history in read_histories(levels)
            if is_weight(history.unit) and history.is_current(panel.as_of)
        ]

    def _signal(self, panel: Panel, history: History) -> Signal:
        tonnes = history.volumes * TONNES[history.unit.lower()]
        daily, users = _daily_use(panel, history)
        days = float(tonnes.iloc[-1]) / daily if daily > 0.0 else math.nan
        change = change_over_year(tonnes)
        return observed_signal(
            self,
            mineral=history.mineral,
            area=history.area,
            direction=Direction.DOWN,
            score=_score(days, change),
            past=(),
            percentile=float((tonnes > tonnes.iloc[-1]).mean()),
            severity=grade_cover(days, change),
            criterion=f"stocks below {BANDS_DAYS[1]} days of consumption",
            reason=_sentence(history, days, change),
            evidence=_evidence(history, users, days, change),
        )


def _score(days: float, change: float) -> float:
    """Return a number that says the band and not the level; higher is scarcer."""
    if not math.isnan(days):
        return -band_of(days)[0]
    return drawdown_band(change)


def grade_cover(days: float, change: float) -> Severity:
    """Return the severity of a cover in days and of the change of the stock over a year.

    Example:
        >>> grade_cover(25.0, 0.0).name, grade_cover(float("nan"), -0.6).name
        ('MODERATE', 'MINOR')
    """
    by_cover = Severity.NONE
    if not math.isnan(days):
        by_cover = next(
            (grade for edge, grade in zip(BANDS_DAYS, SEVERITIES, strict=False) if days < edge),
            Severity.NONE,
        )
    is_drawn = change <= -DRAWDOWN_SHARE  # False where the change is unknown
    return max(by_cover, Severity.MINOR if is_drawn else Severity.NONE)


def band_of(days: float) -> tuple[float, str]:
    """Return the lower edge of the band that holds a cover, and the band in words.

    Example:
        >>> band_of(25.0)
        (7.0, '7 to 30 days')
    """
    edges = (0, *BANDS_DAYS)
    for low, high in zip(edges, BANDS_DAYS, strict=False):
        if days < high:
            return float(low), f"{low} to {high} days"
    return float(BANDS_DAYS[-1]), f"more than {BANDS_DAYS[-1]} days"


def drawdown_band(change: float) -> float:
    """Return the loss of a year as the quarter it lies in, 0 for none; NaN stays NaN.

    Example:
        >>> drawdown_band(-0.6), drawdown_band(0.1)
        (0.5, 0.0)
    """
    return change if math.isnan(change) else math.floor(max(-change, 0.0) * 4.0) / 4.0


def change_over_year(tonnes: pd.Series) -> float:
    """Return the change of a stock against the newest value at least a year older, as a share."""
    newest = Period.parse(str(tonnes.index[-1])).starts_at
    older = [
        label for label in tonnes.index if (newest - Period.parse(label).starts_at).days >= 365
    ]
    if not older or tonnes[older[-1]] <= 0.0:
        return math.nan
    return float(tonnes.iloc[-1] / tonnes[older[-1]] - 1.0)


def _daily_use(panel: Panel, history: History) -> tuple[float, pd.DataFrame]:
    """Return tonnes used a day in the newest year known, and the rows that say so."""
    facts = panel.facts
    use = facts[
        facts["measure"].isin(["consumption", "demand"])
        & (facts["mineral"] == history.mineral)
        & (facts["area"] == history.area)
        & facts["unit"].map(is_weight).astype(bool)
        & (facts["period"].str.len() == len("2024"))
        & (facts["period"].str[:4].astype("int64") <= panel.as_of.year)
    ]
    if use.empty:
        return math.nan, use
    rows = use[use["period"] == use["period"].max()]
    rows = rows[rows["source"] == rows["source"].min()]
    factors = rows["unit"].str.lower().map(TONNES).to_numpy(dtype=float)
    return float((rows["value"].to_numpy() * factors).sum()) / 365.0, rows


def _sentence(history: History, days: float, change: float) -> str:
    name = mineral_name(history.mineral)
    where = area_name(history.area)
    period = history.volumes.index[-1]
    cover = "cover unknown for want of consumption"
    if not math.isnan(days):
        cover = f"cover of {band_of(days)[1]} of consumption (scarce below {BANDS_DAYS[1]})"
    loss = drawdown_band(change)
    drawn = "no year to compare with" if math.isnan(loss) else "no draw-down over the year"
    if loss > 0.0:
        drawn = f"drawn down by {100 * loss:.0f} % or more over the year"
    return f"{name}: stocks of {where} in {period}: {cover}; {drawn}."


def _evidence(history: History, users: pd.DataFrame, days: float, change: float) -> Evidence:
    values = {"drawdown_band_from_share": drawdown_band(change)}
    if not math.isnan(days):
        values["cover_band_from_days"] = band_of(days)[0]
    notes = ["bands stand for values: stock levels are not shown"]
    if math.isnan(days):
        notes.append("no consumption in the same area is known: no cover is stated")
    return facts_evidence(
        pd.concat([history.rows, users]) if len(users) else history.rows,
        values=values,
        thresholds={"cover_days": float(BANDS_DAYS[1]), "drawdown_share": DRAWDOWN_SHARE},
        notes=notes,
    )
