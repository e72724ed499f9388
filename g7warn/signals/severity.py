"""Severity categories: how bad a consequence is, whatever the indicator that foresees it.

MODERATE, SEVERE and EXTREME are the three steps of each scale; MINOR is notable and below the
first step. Structural findings (dependence, concentration), which change once a year, never
exceed MODERATE: they are the background against which alarms are read, not alarms.
"""

from __future__ import annotations

import math
from typing import Final

from g7warn.domain.signal import Direction, Severity
from g7warn.models.probability import FALLS, RISES

LOSSES: Final = (0.10, 0.25, 0.50)
"""Shares of production or exports lost: the steps of the supply scale."""

STEPS: Final = (Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)
"""What the three steps of a scale mean."""

_ROUNDING: Final = 1e-9


def price_steps(direction: Direction) -> tuple[float, ...]:
    """Return the steps of a price move as shares of the earlier price, mildest first."""
    return RISES if direction is Direction.UP else FALLS


def price_severity(share: float, direction: Direction) -> Severity:
    """Return the category that a price change has reached.

    Args:
        share: Change as a share of the earlier price: 0.5 is +50 %; NaN counts as no change.
        direction: Whether a rise or a fall is graded.

    Example:
        >>> price_severity(-0.35, Direction.DOWN).name
        'SEVERE'
    """
    sign = 1.0 if direction is Direction.UP else -1.0
    return _highest_step(sign * share, tuple(sign * step for step in price_steps(direction)))


def loss_severity(share: float) -> Severity:
    """Return the category of a loss of production or exports; `share` 0.3 is 30 % lost."""
    return _highest_step(share, LOSSES)


def _highest_step(size: float, steps: tuple[float, ...]) -> Severity:
    if math.isnan(size):
        return Severity.NONE
    # Rounding must not decide: a price exactly 50 % above its base has reached +50 %.
    reached = [level for level, step in zip(STEPS, steps, strict=True) if size >= step - _ROUNDING]
    return reached[-1] if reached else Severity.NONE
