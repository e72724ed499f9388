"""What the pooled models know of a series at a month: scale-free numbers from its past alone.

Everything is measured in the series' own volatility, so that one model serves copper, cobalt and
coffee. The value at month t reads months up to t only; the contract tests change the future.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward
from g7warn.models.forecast.volatility import DECAY, FLOOR_VOLATILITY, trace_volatility

FEATURES: Final = (
    "change_1", "change_3", "change_6", "change_12", "change_24", "previous_change_1",
    "fast_volatility", "long_volatility", "volatility_level", "above_mean_60", "above_mean_120",
    "below_high_24", "above_low_24", "share_flat_12", "autocorrelation", "expected_change_1",
    "variance_ratio_12", "common_change_1",
)  # fmt: skip
"""Names of the columns, in order. `common_change_1` is the mean change of the whole panel."""

COMMON: Final = FEATURES.index("common_change_1")
FAST_DECAY: Final = 0.80
CLIP: Final = 6.0
"""Beyond six volatilities a number says "extreme", no more."""

MEMORY: Final = 0.995
"""Monthly weight of the slow estimates (autocorrelation, variance ratio): half-life 11 years."""

PRIOR_AUTOCORRELATION: Final = 0.3
"""What averaging alone gives monthly averages (0.25), a little more for posted prices."""

PRIOR_WEIGHT_MONTHS: Final = 36.0
LEAST_PANEL: Final = 10
"""Fewer series than this say nothing about what commodities do in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePanel:
    """Features and scale of a panel.

    Attributes:
        values: Series x month x feature from `first_month` on; 0 = nothing known, all NaN where
            the price is unknown.
        filled: Log prices with short gaps carried, series x month (all months).
        volatility: Floored EWMA volatility, series x month, log points a month.
        volatility_norm: Long-run volatility, likewise.
        first_month: Column of the matrix at which `values` begins.
    """

    values: FloatArray
    filled: FloatArray
    volatility: FloatArray
    volatility_norm: FloatArray
    first_month: int


def compute_features(
    log_prices: FloatArray,
    *,
    first_month: int = 0,
    context: FloatArray | None = None,
    common: FloatArray | None = None,
) -> FeaturePanel:
    """Compute the features of every series from `first_month` on.

    Args:
        log_prices: Series x month, NaN = missing.
        first_month: Column from which features are wanted; earlier months are read all the same.
        context: Panel with the same months from which the common movement is read, when
            `log_prices` is only a part of it; the panel itself when absent.
        common: The common movement itself, from `read_common`, where it is known already.
    """
    if common is None:
        common = read_common(log_prices if context is None else context)
    filled = carry_forward(log_prices, CARRY_LIMIT_MONTHS)
    volatility, norm = trace_volatility(log_prices, DECAY)
    fast, _ = trace_volatility(log_prices, FAST_DECAY)
    values = np.zeros((*log_prices[:, first_month:].shape, len(FEATURES)))
    _fill_changes(filled, volatility, values, first_month)
    _fill_levels(filled, volatility, values, first_month)
    _fill_memory(log_prices, filled, volatility, values, first_month)
    scale = volatility[:, first_month:]
    values[:, :, 6] = np.log(fast[:, first_month:] / scale)
    values[:, :, 7] = np.log(np.maximum(norm[:, first_month:], FLOOR_VOLATILITY) / scale)
    values[:, :, 8] = np.log(scale)
    values[:, :, COMMON] = common[first_month:]
    np.clip(values, -CLIP, CLIP, out=values)
    values[np.isnan(filled[:, first_month:])] = np.nan
    return FeaturePanel(
        values=values,
        filled=filled,
        volatility=volatility,
        volatility_norm=norm,
        first_month=first_month,
    )


def last_rows(panel: FeaturePanel) -> FloatArray:
    """Return series x feature of the last month; 0 where the price is unknown."""
    return np.nan_to_num(panel.values[:, -1])


def read_common(context: FloatArray) -> FloatArray:
    """Return the mean one-month change over a panel in volatilities, one value a month.

    Zero where fewer than `LEAST_PANEL` series are known.

    Args:
        context: Series x month, log price, NaN = missing.
    """
    filled = carry_forward(context, CARRY_LIMIT_MONTHS)
    volatility, _ = trace_volatility(context, DECAY)
    change = np.zeros(filled.shape)
    change[:, 1:] = (filled[:, 1:] - filled[:, :-1]) / volatility[:, 1:]
    known = ~np.isnan(change)
    known[:, 0] = False
    count = known.sum(axis=0)
    total = np.where(known, np.clip(change, -4.0, 4.0), 0.0).sum(axis=0)
    return np.asarray(np.where(count >= LEAST_PANEL, total / np.maximum(count, 1), 0.0))


LAGS_MONTHS: Final = (1, 3, 6, 12, 24)


@compiled
def _fill_changes(
    filled: FloatArray, volatility: FloatArray, values: FloatArray, first: int
) -> None:
    for i in range(filled.shape[0]):
        for t in range(max(first, 1), filled.shape[1]):
            for k in range(len(LAGS_MONTHS)):
                if t >= LAGS_MONTHS[k]:
                    change = filled[i, t] - filled[i, t - LAGS_MONTHS[k]]
                    if not np.isnan(change):
                        values[i, t - first, k] = change / (
                            volatility[i, t] * np.sqrt(LAGS_MONTHS[k])
                        )
            if t >= 2:
                before = filled[i, t - 1] - filled[i, t - 2]
                if not np.isnan(before):
                    values[i, t - first, 5] = before / volatility[i, t]


@compiled
def _window(row: FloatArray, end: int, length: int) -> tuple[float, float, float, int]:
    """Return mean, highest, lowest and count of the known values of the window ending at `end`."""
    total, high, low, count = 0.0, -np.inf, np.inf, 0
    for t in range(max(0, end - length + 1), end + 1):
        if not np.isnan(row[t]):
            total += row[t]
            high = max(high, row[t])
            low = min(low, row[t])
            count += 1
    return total / max(count, 1), high, low, count


@compiled
def _fill_levels(
    filled: FloatArray, volatility: FloatArray, values: FloatArray, first: int
) -> None:
    for i in range(filled.shape[0]):
        for t in range(first, filled.shape[1]):
            if np.isnan(filled[i, t]):
                continue
            for k, months in enumerate((60, 120)):
                mean, _, _, count = _window(filled[i], t, months)
                if count >= months // 2:
                    gap = filled[i, t] - mean
                    values[i, t - first, 9 + k] = gap / (volatility[i, t] * np.sqrt(months))
            _, high, low, count = _window(filled[i], t, 24)
            if count >= 6:
                reach = volatility[i, t] * np.sqrt(24.0)
                values[i, t - first, 11] = (filled[i, t] - high) / reach
                values[i, t - first, 12] = (filled[i, t] - low) / reach


@compiled
def _fill_memory(
    log_prices: FloatArray,
    filled: FloatArray,
    volatility: FloatArray,
    values: FloatArray,
    first: int,
) -> None:
    """Fill share of flat months, autocorrelation, expected change and variance ratio."""
    for i in range(filled.shape[0]):
        cross, square = PRIOR_AUTOCORRELATION * PRIOR_WEIGHT_MONTHS, PRIOR_WEIGHT_MONTHS
        spread, weight = 12.0, 12.0
        flat = 0.0
        for t in range(filled.shape[1]):
            change, before, year = np.nan, np.nan, np.nan
            if t >= 1:
                change = (log_prices[i, t] - log_prices[i, t - 1]) / volatility[i, t - 1]
            if t >= 2:
                before = (log_prices[i, t - 1] - log_prices[i, t - 2]) / volatility[i, t - 2]
            if t >= 12:
                year = (filled[i, t] - filled[i, t - 12]) / (volatility[i, t - 12] * np.sqrt(12.0))
            if not np.isnan(change):
                flat += ((1.0 if abs(change) < 1e-9 else 0.0) - flat) / 12.0
            if not np.isnan(change * before):
                x, y = min(max(before, -3.0), 3.0), min(max(change, -3.0), 3.0)
                cross = MEMORY * cross + x * y
                square = MEMORY * square + x * x
            if not np.isnan(year):
                spread = MEMORY * spread + min(year * year, 25.0)
                weight = MEMORY * weight + 1.0
            if t >= first:
                values[i, t - first, 13] = flat
                values[i, t - first, 14] = cross / square
                values[i, t - first, 15] = cross / square * values[i, t - first, 0]
                values[i, t - first, 16] = 0.5 * np.log(spread / weight)
