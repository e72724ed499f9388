"""Last close: the daily price at the end of the month that a monthly forecast starts from.

A monthly price is an average of days; the last close is a fresher price. Daily and monthly quotes
of a mineral differ in unit and terms, so the close counts as its distance from the daily prices'
own mean of the month, added to the monthly price.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.period import Period
from g7warn.signals.wording import plain_price, signed_pct

if TYPE_CHECKING:
    from g7warn.domain.signal import Evidence
    from g7warn.models.compiled import FloatArray
    from g7warn.signals.matrix import PriceRow
    from g7warn.signals.panel import Panel

LEAST_DAYS: Final = 10
"""Daily prices that the month of the last monthly price needs: half its trading days. Judgement."""

LAST_DAYS: Final = 7
"""A close older than this at the end of the month says no more than the month's mean. Judgement:
a week bridges the longest runs of holidays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastClose:
    """A daily price at the end of the newest month.

    Attributes:
        row: Where it comes from.
        day: Its date, `2026-02-27`.
        price: In the unit of the daily row.
        log_move: Log of the close over the mean daily price of the last month that has a monthly
            price.
    """

    row: PriceRow
    day: str
    price: float
    log_move: float


def find_last_closes(panel: Panel) -> dict[int, LastClose]:
    """Return, by row of the monthly prices, the closes that forecasts can be anchored on.

    A mineral's own daily series comes first, then the newest close of the same mineral and area.
    """
    closes = {}
    for row in panel.current_benchmarks().values():
        about = panel.monthly.rows[row]
        found = [
            close
            for place, other in enumerate(panel.daily.rows)
            if (other.mineral, other.area) == (about.mineral, about.area)
            and (close := _read_close(panel, row, place))
        ]
        if found:
            closes[row] = max(
                found, key=lambda one: (one.row.series_id == about.series_id, one.day)
            )
    return closes


def anchor_levels(panel: Panel, closes: dict[int, LastClose]) -> FloatArray:
    """Return the log price that anchors each monthly row's forecast, NaN without a close."""
    levels = np.full(len(panel.monthly.rows), np.nan)
    for row, close in closes.items():
        newest = panel.monthly.newest_column(row)
        levels[row] = panel.monthly.log_prices[row, newest] + close.log_move
    return levels


def add_close(evidence: Evidence, close: LastClose) -> Evidence:
    """Return the evidence of a forecast with the close that it is anchored on."""
    about = close.row
    note = (
        f"anchored on the close of {close.day}, {plain_price(close.price)} {about.unit} "
        f"({about.series_id}): {signed_pct(math.expm1(close.log_move))} against the mean of that "
        "series over the month of the last monthly price"
    )
    known = [one for one in (evidence.vintage_at, about.vintage_at) if one]
    return replace(
        evidence,
        series_ids=tuple(dict.fromkeys((*evidence.series_ids, about.series_id))),
        vintage_at=max(known),
        is_estimated=evidence.is_estimated or about.is_estimated,
        tlp=max(evidence.tlp, about.tlp),
        notes=(*evidence.notes, note),
    )


def _read_close(panel: Panel, row: int, place: int) -> LastClose | None:
    daily, log_prices = panel.daily, panel.daily.log_prices[place]
    days = np.asarray(daily.periods, dtype=str)
    newest = panel.monthly.periods[panel.monthly.newest_column(row)]
    origin = Period.parse(panel.monthly.periods[-1]).ends_at
    in_month = ~np.isnan(log_prices) & np.char.startswith(days, newest)
    known = np.flatnonzero(~np.isnan(log_prices) & (days < origin.date().isoformat()))
    if in_month.sum() < LEAST_DAYS or not known.size:
        return None
    day = str(days[known[-1]])
    if Period.parse(day).ends_at < origin - timedelta(days=LAST_DAYS):
        return None
    mean = float(np.log(np.exp(log_prices[in_month]).mean()))
    level = float(log_prices[known[-1]])
    about = daily.rows[place]
    return LastClose(row=about, day=day, price=math.exp(level), log_move=level - mean)
