"""Turning points: next month's prices at which an observed move would weigh less or more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction, Severity, Turn
from g7warn.models.kernels.moves import SPANS_MONTHS
from g7warn.signals.lone_move import MONTHLY_JUMP
from g7warn.signals.severity import STEPS, price_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from g7warn.models.compiled import FloatArray

REVERSAL_SHARE: Final = 0.25
"""A move is over once the price has come back by a quarter from its extreme of the last year:
the reversal that ends a dated episode in verification."""

_LOOK_BACK: Final = 11  # the extreme is that of twelve months, the next one included


def find_turns(
    log_prices: FloatArray,
    direction: Direction,
    *,
    severity: Severity,
    unit: str,
    period: str,
    weigh: Callable[[Severity, float], Severity] = lambda level, _share: level,
) -> tuple[Turn, ...]:
    """Return the price that would ease an observed move, then those that would aggravate it.

    The bases of next month's changes are known, and so is the extreme that a reversal counts from.
    A price so far away that it would wait for another one to confirm it is left out.

    Args:
        log_prices: One series up to its newest month, NaN = missing.
        direction: Of the move.
        severity: What it weighs now; below the first step there is nothing to ease.
        unit: Of the price.
        period: Label of the month after the newest one.
        weigh: Step that a move reaches and its size as a share -> what it weighs.
    """
    sign = 1.0 if direction is Direction.UP else -1.0
    curve = sign * log_prices
    bases = np.asarray([curve[-span] for span in SPANS_MONTHS if span <= curve.size])
    if not np.isfinite(bases).any():
        return ()
    back = -math.log1p(-sign * REVERSAL_SHARE) * sign
    floor = float(np.nanmax(curve[-_LOOK_BACK:])) - back
    ladder = [float(np.nanmin(bases)) + sign * math.log1p(s) for s in price_steps(direction)]
    reached = {level: max(bound, floor) for level, bound in zip(STEPS, ladder, strict=True)}

    known = curve[np.isfinite(curve)][-2:]

    def counts_at_once(bound: float) -> bool:
        return bool(np.abs(bound - known).min() < math.log(MONTHLY_JUMP))

    def turn(level: Severity, bound: float, *, share: float, is_easing: bool) -> Turn:
        is_below = (sign > 0) is is_easing
        return Turn(
            severity=weigh(level, share) if level else level,
            bound=math.exp(sign * bound),
            unit=unit,
            period=period,
            is_below=is_below,
        )

    turns, sizes = [], dict(zip(STEPS, price_steps(direction), strict=True))
    if severity in reached and counts_at_once(bound := reached[severity]):
        milder = [level for level in STEPS if level < severity and reached[level] < bound]
        level = max(milder, default=Severity.NONE)
        turns.append(turn(level, bound, share=sizes[severity], is_easing=True))
    by_bound = {
        bound: level
        for level, bound in reached.items()
        if level > severity and counts_at_once(bound)
    }
    return (
        *turns,
        *(
            turn(level, bound, share=sizes[level], is_easing=False)
            for bound, level in by_bound.items()
        ),
    )
