"""Monthly volatility of log prices: exponentially weighted, started at a prior, floored."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.kernels.rows import run_blocks

DECAY: Final = 0.92
"""Weight kept from month to month. 0.90 to 0.94 differ by less than 0.2 % of loss on the World
Bank commodities 2001-2024."""

PRIOR_VOLATILITY: Final = 0.05
"""Monthly volatility, log points, assumed before a series has shown its own: near the median of
the World Bank commodities 1960-2024 (0.063). Its weight decays with `DECAY`. Judgement."""

PRIOR_MONTHS: Final = 12
"""Weight of the prior in the long-run volatility, in months of observation."""

FLOOR_SHARE: Final = 0.3
"""A quiet spell never counts for less than this share of the long-run volatility: contract and
list prices stand still for months and then jump."""

FLOOR_VOLATILITY: Final = 0.01
"""Absolute floor, log points a month, so that a constant series keeps a distribution."""


@compiled
def _trace_rows(log_prices: FloatArray, short: FloatArray, long: FloatArray, decay: float) -> None:
    for i in range(log_prices.shape[0]):
        variance = PRIOR_VOLATILITY**2
        total = PRIOR_MONTHS * PRIOR_VOLATILITY**2
        count = float(PRIOR_MONTHS)
        for t in range(log_prices.shape[1]):
            if t > 0:
                change = log_prices[i, t] - log_prices[i, t - 1]
                if not np.isnan(change):
                    variance = decay * variance + (1.0 - decay) * change * change
                    total += change * change
                    count += 1.0
            long[i, t] = np.sqrt(total / count)
            short[i, t] = max(np.sqrt(variance), FLOOR_SHARE * long[i, t], FLOOR_VOLATILITY)


def is_floored(volatility: float, norm: float) -> bool:
    """Return whether a volatility of `trace_volatility` is its floor, given the long-run one."""
    return volatility <= max(FLOOR_SHARE * norm, FLOOR_VOLATILITY)


def trace_volatility(log_prices: FloatArray, decay: float) -> tuple[FloatArray, FloatArray]:
    """Return the floored EWMA volatility and the long-run volatility, both series x month.

    Only changes between two observed neighbouring months count; a gap leaves the state as it was.
    The value at month t uses months up to t alone.

    Args:
        log_prices: Series x month, NaN = missing.
        decay: Weight kept from month to month, in (0, 1).
    """
    short, long = np.empty(log_prices.shape), np.empty(log_prices.shape)

    def work(block: slice) -> None:
        _trace_rows(log_prices[block], short[block], long[block], decay)

    run_blocks(work, len(log_prices))
    return short, long
