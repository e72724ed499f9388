"""P(the price moves by at least so much within so many months), from the forecast alone."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import QuantileForecast
from g7warn.models.probability.rank_paths import (
    PATH_MONTHS,
    count_first_hits,
    draw_rank_paths,
    month_tables,
)

RISES: Final = (0.25, 0.50, 1.00)
"""Severity categories of a rise, as shares of the last price."""

FALLS: Final = (-0.20, -0.33, -0.50)
"""Severity categories of a fall, as shares of the last price."""

BLOCK: Final = 2_000
"""Series handled at once: keeps the month tables of a block near 80 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageProbabilities:
    """Probabilities that the largest move within a horizon reaches a severity category.

    Attributes:
        horizons_months: As in the forecast.
        rises: Severity categories, shares of the last price, increasing in severity.
        falls: Likewise, negative.
        up: Series x severity x horizon, in [0, 1]; falls with severity, rises with the horizon;
            NaN for a series without a recent price.
        down: Likewise.
    """

    horizons_months: tuple[int, ...]
    rises: tuple[float, ...]
    falls: tuple[float, ...]
    up: FloatArray
    down: FloatArray


def first_passage_probability(
    forecast: QuantileForecast,
    *,
    rises: tuple[float, ...] = RISES,
    falls: tuple[float, ...] = FALLS,
) -> PassageProbabilities:
    """Return P(largest move within each horizon >= each severity category), both directions.

    Args:
        forecast: Predictive distributions of any forecaster.
        rises: Increasing shares of the last price, above 0.
        falls: Decreasing shares of the last price, between -1 and 0.
    """
    return PassageProbabilities(
        horizons_months=forecast.horizons_months,
        rises=rises,
        falls=falls,
        up=_reach(forecast, rises, 1.0),
        down=_reach(forecast, falls, -1.0),
    )


def passage_by_month(forecast: QuantileForecast, barriers: FloatArray, sign: float) -> FloatArray:
    """Return the probability that a barrier is first reached in each of the next twelve months.

    Args:
        forecast: Predictive distributions.
        barriers: Series x 12, log change from the last price to be reached; NaN = not reachable.
        sign: +1 when the barrier is reached from below, -1 from above.
    """
    paths = draw_rank_paths()
    shares = np.empty(barriers.shape)
    for start in range(0, len(barriers), BLOCK):
        block = slice(start, start + BLOCK)
        table = month_tables(
            forecast.log_quantiles[block],
            forecast.base_log_price[block],
            forecast.horizons_months,
            forecast.levels,
        )
        shares[block] = count_first_hits(table, paths, barriers[block], sign)
    return shares


def _reach(forecast: QuantileForecast, moves: tuple[float, ...], sign: float) -> FloatArray:
    n_series = len(forecast.base_log_price)
    last = [months - 1 for months in forecast.horizons_months]
    reached = np.empty((n_series, len(moves), len(last)))
    for k, move in enumerate(moves):
        barriers = np.full((n_series, PATH_MONTHS), np.log1p(move))
        by_month = passage_by_month(forecast, barriers, sign)
        reached[:, k] = np.cumsum(by_month, axis=1)[:, last]
    return np.clip(reached, 0.0, 1.0)
