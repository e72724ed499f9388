"""What followed: whether the first price step was reached within six months of each month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.models.anomaly.calibrate import future_extreme
from g7warn.signals.severity import price_steps

if TYPE_CHECKING:
    from g7warn.models.compiled import FloatArray

HORIZON_MONTHS: Final = 6
"""Window in which the first step of the price scale may follow: the middle horizon, at which simple
rules lead by 3 to 7 months on monthly metal prices."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followed:
    """What followed each month in one direction, NaN where nobody knows yet.

    Attributes:
        step: First step of the price scale, as a share of the price then.
        extreme: Series x month: largest log move in the direction within `HORIZON_MONTHS`.
        reached: Series x month: 1 where it came to the step, else 0.
    """

    step: float
    extreme: FloatArray
    reached: FloatArray

    @classmethod
    def of(cls, log_prices: FloatArray, direction: Direction) -> Followed:
        """Return what followed each month of log prices, series x month."""
        is_up, step = direction is Direction.UP, price_steps(direction)[0]
        extreme = future_extreme(log_prices, months=HORIZON_MONTHS, is_up=is_up)
        beyond = extreme >= np.log1p(step) if is_up else extreme <= np.log1p(step)
        reached = np.where(np.isnan(extreme), np.nan, beyond.astype(np.float64))
        return cls(step=step, extreme=extreme, reached=reached)
