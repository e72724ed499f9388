"""P(the price moves by at least so much within so many months), from the forecast alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import QuantileForecast
from g7warn.models.kernels.rows import run_blocks
from g7warn.models.probability.rank_paths import (
    PATH_MONTHS,
    month_mixture,
    share_first_hits,
    tabulate_cells,
)

RISES: Final = (0.25, 0.50, 1.00)
"""Severity categories of a rise, as shares of the last price."""

FALLS: Final = (-0.20, -0.33, -0.50)
"""Severity categories of a fall, as shares of the last price."""


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


def passages_by_month(
    forecast: QuantileForecast, questions: Sequence[tuple[FloatArray, float]]
) -> list[FloatArray]:
    """Return probabilities that a barrier is first reached in each of the next twelve months.

    Args:
        forecast: Predictive distributions.
        questions: Barriers and sign. Barriers are series x 12, log change from the last price to
            be reached, NaN = not reachable; the sign is +1 when reached from below, -1 from above.

    Returns:
        Series x 12 for each question, all answered on the same paths.
    """
    mixture = month_mixture(forecast.horizons_months)
    shares = [np.empty(barriers.shape) for barriers, _ in questions]

    def answer(block: slice) -> None:
        base = forecast.base_log_price[block, None, None]
        table = tabulate_cells(forecast.log_quantiles[block] - base, forecast.levels)
        for share, (barriers, sign) in zip(shares, questions, strict=True):
            share[block] = share_first_hits(table, mixture, barriers[block], sign)

    run_blocks(answer, len(forecast.base_log_price))
    for share in shares:
        share[np.isnan(forecast.base_log_price)] = np.nan
    return shares


def _reach(forecast: QuantileForecast, moves: tuple[float, ...], sign: float) -> FloatArray:
    n_series = len(forecast.base_log_price)
    last = [months - 1 for months in forecast.horizons_months]
    barriers = [np.full((n_series, PATH_MONTHS), np.log1p(move)) for move in moves]
    by_month = passages_by_month(forecast, [(barrier, sign) for barrier in barriers])
    reached = [np.cumsum(share, axis=1)[:, last] for share in by_month]
    return np.clip(np.stack(reached, axis=1), 0.0, 1.0)
