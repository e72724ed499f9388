"""Drivers: what stands behind the odds of an onset, in words and in numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward
from g7warn.models.probability import ODDS_FEATURES, SIGN
from g7warn.signals.wording import mineral_name, plain_pct, signed_pct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.models.compiled import FloatArray
    from g7warn.models.probability import TargetOdds
    from g7warn.signals.panel import Panel
    from g7warn.signals.price.outlook import Outlook

TOGETHER_MONTHS: Final = 3
"""Length of the moves compared: a quarter."""

TOGETHER: Final = 1.0
"""Volatilities x sqrt(months) from which two prices are said to move together. Judgement: a move
that a price makes in one quarter out of six."""

LEAST_NEED: Final = 0.01
"""Smaller moves are told as less than this: rounded they would read as none."""

MOST_NAMED: Final = 2
"""Companions named in a sentence, the strongest first. Judgement: a reader keeps two."""

MOST_TERMS: Final = 3
"""Learned terms told. Judgement."""

_VERB: Final = {Direction.UP: "rising", Direction.DOWN: "falling"}


def recent_moves(panel: Panel, outlook: Outlook) -> FloatArray:
    """Return, per row, the move of the last quarter in volatilities x sqrt(months); NaN unknown."""
    recent = carry_forward(
        panel.monthly.log_prices[:, -1 - TOGETHER_MONTHS - CARRY_LIMIT_MONTHS :], CARRY_LIMIT_MONTHS
    )
    if recent.shape[1] <= TOGETHER_MONTHS:
        return np.full(len(recent), np.nan)
    change = recent[:, -1] - recent[:, -1 - TOGETHER_MONTHS]
    return np.asarray(change / (outlook.forecast.volatility * np.sqrt(TOGETHER_MONTHS)))


def name_companions(
    panel: Panel, moves: FloatArray, mineral: str, direction: Direction
) -> tuple[str, ...]:
    """Return the minerals with public prices that move most in a direction with this one.

    Empty when the mineral itself does not move that way.
    """
    ahead = {name: SIGN[direction] * float(moves[row]) for name, row in panel.benchmarks.items()}
    if not ahead[mineral] >= TOGETHER:
        return ()
    is_public = panel.monthly.mark_public()
    others = [
        name
        for name, move in ahead.items()
        if name != mineral and move >= TOGETHER and is_public[panel.benchmarks[name]]
    ]
    return tuple(sorted(others, key=lambda name: -ahead[name])[:MOST_NAMED])


def describe_drivers(
    needed: float, volatility_ratio: float, companions: tuple[str, ...], direction: Direction
) -> str:
    """Return the drivers as clauses, such as "it needs +12 % from here; ...".

    Args:
        needed: Share of the last price; NaN = no onset can happen.
        volatility_ratio: Volatility over its norm.
        companions: From `name_companions`.
        direction: Which way the event goes.
    """
    clauses = [
        _describe_need(needed, direction),
        f"volatility is {volatility_ratio:.1f} times its norm",
    ]
    if companions:
        names = " and ".join(mineral_name(name).lower() for name in companions)
        clauses.append(f"{names} {'is' if len(companions) == 1 else 'are'} {_VERB[direction]} too")
    return "; ".join(clauses)


def _describe_need(needed: float, direction: Direction) -> str:
    if math.isnan(needed):
        return "none can start: one ran within the last year"
    is_up = direction is Direction.UP
    if SIGN[direction] * needed <= 0.0:  # the month a year before moves on, and the bound with it
        bound = f"{plain_pct(abs(needed))} {'below' if is_up else 'above'} the price"
        return f"it needs no further {'rise' if is_up else 'fall'}: its bound lies {bound}"
    if abs(needed) < LEAST_NEED:
        return f"it needs less than {plain_pct(LEAST_NEED)} from here"
    return f"it needs {signed_pct(needed)} from here"


def learned_terms(odds: TargetOdds, row: int) -> Mapping[str, float]:
    """Return the largest terms that a fitted model adds to the log odds of first passage.

    Empty without a fitted model.
    """
    terms = odds.terms[row]
    ranked = np.argsort(-np.abs(terms), kind="stable")[:MOST_TERMS]
    return {
        f"learned_{ODDS_FEATURES[column]}_log_odds": float(terms[column])
        for column in ranked
        if terms[column] != 0.0
    }
