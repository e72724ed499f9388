"""What a forecaster promises, the distribution it returns, and the register of all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.grid import HORIZONS_MONTHS, LEVELS


class Basis(StrEnum):
    """On what a series' forecast rests; everything but FULL is a fallback that evidence names."""

    FULL = "full"
    """Enough own history for the method."""
    SHORT = "short_history"
    """Own volatility mostly a prior, shape borrowed from the pool."""
    NONE = "no_recent_price"
    """No price within the carry limit: all quantiles are NaN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileForecast:
    """Predictive distributions of the log price at each horizon, as quantiles.

    Attributes:
        horizons_months: Months ahead of the last column of the matrix that was read.
        levels: Increasing probability levels.
        log_quantiles: Series x horizon x level, log price, ordered along the levels; all NaN for
            a series without a recent price.
        base_log_price: Last known monthly log price per series, from which moves are counted.
        volatility: Monthly volatility per series, log points, floored.
        volatility_norm: Long-run monthly volatility per series, log points.
        basis: `Basis` values, one per series.
    """

    horizons_months: tuple[int, ...]
    levels: tuple[float, ...]
    log_quantiles: FloatArray
    base_log_price: FloatArray
    volatility: FloatArray
    volatility_norm: FloatArray
    basis: NDArray[np.str_]

    def at(self, level: float) -> FloatArray:
        """Return the quantiles of one level on the grid, series x horizon, log price."""
        return self.log_quantiles[:, :, self.levels.index(level)]


class FittedForecaster(Protocol):
    """A forecaster that has learned; it holds no data and can be written as an artefact."""

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> QuantileForecast:
        """Forecast from the last column of `log_prices`.

        A forecast as of an earlier month is made by cutting the matrix after that month: what is
        not handed in cannot be looked at.

        Args:
            log_prices: Series x month, NaN = missing.
            context: The whole panel, same months, when `log_prices` is a shard of it: common
                movements are read from it, so that shards give what one piece gives.

        Raises:
            ValidationFailed: Infinite values, no month, or not float64.
        """
        ...


class Forecaster(Protocol):
    """A method of forecasting, before it has seen data."""

    def fit(self, log_prices: FloatArray, *, seed: int) -> FittedForecaster:
        """Learn from every (origin, origin + h) pair that lies inside `log_prices`.

        Args:
            log_prices: Training pool, series x month, NaN = missing; the last column is the
                training cut-off. Never written to.
            seed: Fixes every random choice; the same seed gives the same bits.

        Raises:
            ValidationFailed: Infinite values, no month, or not float64.
            InsufficientHistory: Too few rows to learn from; `ewma_pooled` needs none.
        """
        ...


FORECASTERS: Final[dict[str, Callable[[], Forecaster]]] = {}
"""Every forecaster by name; the contract tests run over this register."""


def register_forecaster(
    name: str,
) -> Callable[[Callable[[], Forecaster]], Callable[[], Forecaster]]:
    """Return a decorator that enters a forecaster class under `name`."""

    def enter(build: Callable[[], Forecaster]) -> Callable[[], Forecaster]:
        FORECASTERS[name] = build
        return build

    return enter


__all__ = [
    "FORECASTERS",
    "HORIZONS_MONTHS",
    "LEVELS",
    "Basis",
    "FittedForecaster",
    "Forecaster",
    "QuantileForecast",
    "register_forecaster",
]
