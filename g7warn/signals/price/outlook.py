"""Outlook: the forecast and the odds that price indicators share.

With a fitted model in the panel both are its own; without one, quantiles pooled over the panel and
odds by first passage stand in, and the evidence says so. What is said of one series leans on other
series through what they have in common; only public prices may lend it, so that the label of a
finding is that of its own series and no restricted price shows through another's odds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.models.forecast import EwmaPooledForecaster, anchor_on_close
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward
from g7warn.models.probability import (
    StressPredictor,
    Target,
    TargetKind,
    UntrainedStressModel,
    mark_running,
)
from g7warn.signals.price.last_close import anchor_levels, find_last_closes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.models.compiled import BoolArray
    from g7warn.models.forecast import QuantileForecast
    from g7warn.models.probability import StressForecast, TargetOdds
    from g7warn.signals.matrix import PriceMatrix
    from g7warn.signals.panel import Panel
    from g7warn.signals.price.last_close import LastClose
    from g7warn.signals.trained import TrainedModel

UNTRAINED_NOTE: Final = (
    "no fitted forecaster: quantiles pooled over the panel, scaled by volatility; "
    "odds by first passage"
)

_READ_MONTHS = 36  # an event runs by a 12-month change: the rest of the history is not needed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """What may come, and which model says so.

    Attributes:
        said: Predictive distributions and odds of every series of the panel, from monthly prices
            alone: events are dated by monthly prices.
        forecast: The distributions, anchored on the last daily close where there is one.
        closes: The closes that they are anchored on, by row.
        is_running: By direction, one entry a series: a spike or a crash runs now.
        model: The fitted model that says so; None: first passage.
    """

    said: StressForecast
    forecast: QuantileForecast
    closes: Mapping[int, LastClose]
    is_running: Mapping[Direction, BoolArray]
    model: TrainedModel | None

    @property
    def note(self) -> str:
        """Which model says so, for the evidence."""
        return UNTRAINED_NOTE if self.model is None else self.model.note

    def tell_scores(self, target: Target) -> tuple[str, ...]:
        """Return how good the odds of a target were in the past, for the evidence, if known."""
        told = "" if self.model is None else self.model.tell_scores(target.name)
        return (told,) if told else ()

    def odds(self, kind: TargetKind, direction: Direction, *, months: int) -> TargetOdds:
        """Return the odds of one target, one entry a series."""
        return self.said.odds[Target(kind=kind, direction=direction, months=months).name]


@lru_cache(maxsize=1)  # a panel is a value, and two indicators ask for its outlook in turn
def look_ahead(panel: Panel) -> Outlook:
    """Return the outlook from the newest month of the panel's monthly prices.

    Raises:
        ValidationFailed: The prices are no panel.
    """
    log_prices = panel.monthly.log_prices
    shared = keep_public(panel.monthly).log_prices
    model: StressPredictor
    if panel.model is None:
        model = UntrainedStressModel(forecaster=EwmaPooledForecaster().fit(shared))
    else:
        model = panel.model.model
    recent = carry_forward(log_prices[:, -_READ_MONTHS:], CARRY_LIMIT_MONTHS)
    said, closes = model.predict(log_prices, context=shared), find_last_closes(panel)
    return Outlook(
        said=said,
        forecast=anchor_on_close(said.forecast, anchor_levels(panel, closes)),
        closes=closes,
        is_running={way: mark_running(recent, way)[:, -1] for way in Direction},
        model=panel.model,
    )


def keep_public(prices: PriceMatrix) -> PriceMatrix:
    """Return the rows that anybody may see: what may be learned from."""
    kept = np.flatnonzero(prices.mark_public())
    return replace(
        prices,
        rows=tuple(prices.rows[place] for place in kept),
        log_prices=np.ascontiguousarray(prices.log_prices[kept]),
    )
