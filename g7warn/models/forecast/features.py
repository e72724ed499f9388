"""What the pooled models know of a series at a month: scale-free numbers from its past alone.

Everything is measured in the series' own volatility, so that one model serves copper, cobalt and
coffee. The value at month t reads months up to t only; the contract tests change the future.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.forecast.panel import CARRY_LIMIT_MONTHS, carry_forward, check_panel
from g7warn.models.forecast.volatility import DECAY, FLOOR_VOLATILITY, trace_volatility

FEATURES: Final = (
    "change_1", "change_3", "change_6", "change_12", "change_24", "previous_change_1",
    "fast_volatility", "long_volatility", "volatility_level", "above_mean_60", "above_mean_120",
    "below_high_24", "above_low_24", "share_flat_12", "autocorrelation", "expected_change_1",
    "variance_ratio_12", "common_change_1", "own_drift", "common_gap_60",
    "season_1", "season_3", "season_6",
)  # fmt: skip
"""Names of the columns, in order. `common_...` are means over the whole panel: its change, and its
distance from the last five years, which tells where the commodity cycle stands. With the latter and
the drift the loss at 6/12 months fell from 0.950/0.948 to 0.938/0.926 of the random walk's on
World Bank commodities left out of the fit (no metals), on the metals from 0.957/0.956 to
0.949/0.951. What helped the former and hurt the metals was left out: 12-month common change,
distance from the pool's cycle, place in the whole history. `season_...` tell what the same months
of earlier years did: with them the loss at 1/3/6 months fell from 0.930/0.943/0.939 to
0.927/0.936/0.933 on World Bank commodities left out of the fit with their kin, metals too."""

COMMON: Final = (FEATURES.index("common_change_1"), FEATURES.index("common_gap_60"))
"""Columns that every series of a panel shares, in the order of `read_common`."""

DRIFT: Final = FEATURES.index("own_drift")
DRIFT_PRIOR_MONTHS: Final = 24.0
"""Weight of "no drift" in a series' mean change, in months of observation. Judgement."""

SEASONS: Final = {months: FEATURES.index(f"season_{months}") for months in (1, 3, 6)}
"""Column of the season ahead, by horizon in months; a whole year has none."""

SEASON_PRIOR_YEARS: Final = 5.0
"""Weight of "no season", in years of observation. Judgement."""

SEASON_CLIP: Final = 3.0
CYCLE_MONTHS: Final = 60
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
        common: What `read_common` says of that panel, where it is known already.

    Raises:
        ValidationFailed: `log_prices` is no panel; see `check_panel`.
    """
    check_panel(log_prices)
    if common is None:
        common = read_common(log_prices if context is None else context)
    filled = carry_forward(log_prices, CARRY_LIMIT_MONTHS)
    volatility, norm = trace_volatility(log_prices, DECAY)
    fast, _ = trace_volatility(log_prices, FAST_DECAY)
    values = np.zeros((*log_prices[:, first_month:].shape, len(FEATURES)))
    _fill_changes(filled, volatility, values, first_month)
    _fill_levels(filled, volatility, values, first_month)
    _fill_memory(log_prices, filled, volatility, values, first_month)
    for months, column in SEASONS.items():
        _fill_season(filled, volatility, values[:, :, column], first_month, months)
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
    """Return what a panel does in common, month x 2: `common_change_1` and `common_gap_60`.

    The first is the mean one-month change in volatilities, the second the mean distance of log
    prices from their own mean of `CYCLE_MONTHS`. Zero where fewer than `LEAST_PANEL` are known.

    Args:
        context: Series x month, log price, NaN = missing.
    """
    filled = carry_forward(context, CARRY_LIMIT_MONTHS)
    volatility, _ = trace_volatility(context, DECAY)
    totals, counts = _sum_common(filled, volatility)
    return np.asarray(np.where(counts >= LEAST_PANEL, totals / np.maximum(counts, 1.0), 0.0))


@compiled
def _sum_common(filled: FloatArray, volatility: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return sums and counts over the series, both month x 2."""
    n_series, n_months = filled.shape
    totals, counts = np.zeros((n_months, 2)), np.zeros((n_months, 2))
    for i in range(n_series):
        level, known = 0.0, 0
        for t in range(n_months):
            if t >= CYCLE_MONTHS and not np.isnan(filled[i, t - CYCLE_MONTHS]):
                level -= filled[i, t - CYCLE_MONTHS]
                known -= 1
            if np.isnan(filled[i, t]):
                continue
            level += filled[i, t]
            known += 1
            if known >= CYCLE_MONTHS // 2:
                totals[t, 1] += filled[i, t] - level / known
                counts[t, 1] += 1.0
            if t >= 1 and not np.isnan(filled[i, t - 1]):
                change = (filled[i, t] - filled[i, t - 1]) / volatility[i, t]
                totals[t, 0] += min(max(change, -4.0), 4.0)
                counts[t, 0] += 1.0
    return totals, counts


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
    """Fill share of flat months, autocorrelation, expected change, variance ratio and drift."""
    for i in range(filled.shape[0]):
        cross, square = PRIOR_AUTOCORRELATION * PRIOR_WEIGHT_MONTHS, PRIOR_WEIGHT_MONTHS
        spread, weight = 12.0, 12.0
        flat, total, count = 0.0, 0.0, DRIFT_PRIOR_MONTHS
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
                total += log_prices[i, t] - log_prices[i, t - 1]
                count += 1.0
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
                values[i, t - first, DRIFT] = total / count * np.sqrt(12.0) / volatility[i, t]


@compiled
def _fill_season(
    filled: FloatArray, volatility: FloatArray, season: FloatArray, first: int, months: int
) -> None:
    """Fill how far the coming months ran ahead of the even pace of their year, on average.

    Every earlier year that begins in the same calendar month and has ended counts once, in its own
    volatilities x sqrt(months).
    """
    for i in range(filled.shape[0]):
        for t in range(first, filled.shape[1]):
            total, count = 0.0, SEASON_PRIOR_YEARS
            for start in range(t - 12, -1, -12):
                year = filled[i, start + 12] - filled[i, start]
                ahead = filled[i, start + months] - filled[i, start] - year * months / 12.0
                ahead /= volatility[i, start] * np.sqrt(months)
                if not np.isnan(ahead):
                    total += min(max(ahead, -SEASON_CLIP), SEASON_CLIP)
                    count += 1.0
            season[i, t - first] = total / count
