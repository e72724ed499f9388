"""Outlook: the forecast and the odds of an onset that price indicators share.

With a fitted model in the panel both are its own; without one, quantiles pooled over the panel and
odds by first passage stand in, and the evidence says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from g7warn.domain.signal import Direction
from g7warn.models.forecast import predict_quantiles
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward
from g7warn.models.probability import Target, TargetKind, mark_running, onset_odds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.models.compiled import BoolArray, FloatArray
    from g7warn.models.forecast import QuantileForecast
    from g7warn.models.probability import StressForecast
    from g7warn.signals.panel import Panel

ONSET_MONTHS: Final = (6, 12)
"""Horizons of an onset that have a trained model."""

UNTRAINED_NOTE: Final = (
    "no fitted forecaster: quantiles pooled over the panel, scaled by volatility; "
    "odds by first passage"
)

_READ_MONTHS = 36  # an event runs by a 12-month change: the rest of the history is not needed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Onset:
    """Odds that a spike or a crash starts, one entry a series of the panel.

    Attributes:
        chances: Months -> probability in [0, 1]; NaN without a recent price.
        needed_log_move: Smallest log move that would start one within six months; NaN: none can.
        is_running: The event runs now.
    """

    chances: Mapping[int, FloatArray]
    needed_log_move: FloatArray
    is_running: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """What may come, and which model says so.

    Attributes:
        forecast: Predictive distributions of every series of the panel.
        onsets: By direction.
        note: For the evidence.
    """

    forecast: QuantileForecast
    onsets: Mapping[Direction, Onset]
    note: str


@lru_cache(maxsize=1)  # a panel is a value, and two indicators ask for its outlook in turn
def look_ahead(panel: Panel) -> Outlook:
    """Return the outlook from the newest month of the panel's monthly prices.

    Raises:
        ValidationFailed: The prices are no panel.
    """
    log_prices = panel.monthly.log_prices
    if panel.model is None:
        forecast = predict_quantiles(log_prices)
        onsets = {way: _passing(forecast, log_prices, way) for way in Direction}
        return Outlook(forecast=forecast, onsets=onsets, note=UNTRAINED_NOTE)
    said = panel.model.model.predict(log_prices, context=log_prices)
    onsets = {way: _trained(said, log_prices, way) for way in Direction}
    return Outlook(forecast=said.forecast, onsets=onsets, note=panel.model.note)


def _passing(forecast: QuantileForecast, log_prices: FloatArray, direction: Direction) -> Onset:
    odds = onset_odds(forecast, log_prices, direction)
    ranks = {months: forecast.horizons_months.index(months) for months in ONSET_MONTHS}
    return Onset(
        chances={months: odds.probability[:, rank] for months, rank in ranks.items()},
        needed_log_move=odds.needed_log_move[:, ranks[ONSET_MONTHS[0]]],
        is_running=odds.is_running,
    )


def _trained(said: StressForecast, log_prices: FloatArray, direction: Direction) -> Onset:
    odds = {
        months: said.odds[Target(kind=TargetKind.ONSET, direction=direction, months=months).name]
        for months in ONSET_MONTHS
    }
    recent = carry_forward(log_prices[:, -_READ_MONTHS:], CARRY_LIMIT_MONTHS)
    return Onset(
        chances={months: entry.probability for months, entry in odds.items()},
        needed_log_move=odds[ONSET_MONTHS[0]].needed_log_move,
        is_running=mark_running(recent, direction)[:, -1],
    )
