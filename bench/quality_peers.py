"""Per-series peers of the forecasters, each with its own defaults, at yearly origins."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from arch import arch_model
from statsforecast.models import AutoARIMA, AutoETS, AutoTheta

from g7warn.models.forecast import FORECASTERS, HORIZONS_MONTHS, LEVELS, SCORED_LEVELS
from g7warn.verification.forecast_scores import LEAST_HISTORY_MONTHS, SCORED, score_horizon

if TYPE_CHECKING:
    from collections.abc import Callable

    Peer = Callable[[np.ndarray], np.ndarray]

PATHS = 1_000
INTERVALS = list(range(10, 100, 10))


def by_package(build: Callable[[], object]) -> Peer:
    """Return a peer of statsforecast: quantiles by horizon x scored level from its intervals."""

    def forecast(history: np.ndarray) -> np.ndarray:
        answer = build().forecast(y=history, h=max(HORIZONS_MONTHS), level=INTERVALS)
        low = [answer[f"lo-{level}"] for level in reversed(INTERVALS)]
        high = [answer[f"hi-{level}"] for level in INTERVALS]
        table = np.stack([*low, answer["mean"], *high], axis=1)
        return table[[months - 1 for months in HORIZONS_MONTHS]]

    return forecast


def garch(history: np.ndarray) -> np.ndarray:
    """AR(1)-GARCH(1,1) with Student's t on monthly changes in per cent, simulated.

    Raises:
        ValueError: The fit ran away, as on a plateau: its changes would grow without end.
    """
    change = 100.0 * np.diff(history)
    model = arch_model(change, mean="AR", lags=1, vol="GARCH", p=1, q=1, dist="t", rescale=False)
    fitted = model.fit(disp="off", show_warning=False)
    if abs(float(np.asarray(fitted.params)[1])) >= 1.0:
        message = "the fitted changes are not stationary"
        raise ValueError(message)
    draw = np.random.default_rng(1).standard_t(
        max(float(fitted.params["nu"]), 2.1), size=(PATHS, max(HORIZONS_MONTHS))
    )
    nu = max(float(fitted.params["nu"]), 2.1)
    shocks = draw * np.sqrt((nu - 2.0) / nu)
    paths = np.cumsum(_simulate(fitted, change, shocks), axis=1) / 100.0
    ends = paths[:, [months - 1 for months in HORIZONS_MONTHS]]
    return history[-1] + np.quantile(ends, SCORED_LEVELS, axis=0).T


def _simulate(fitted: object, change: np.ndarray, shocks: np.ndarray) -> np.ndarray:
    constant, slope, omega, alpha, beta = np.asarray(fitted.params)[:5]
    residual = np.full(len(shocks), np.asarray(fitted.resid)[-1])
    variance = np.full(len(shocks), np.asarray(fitted.conditional_volatility)[-1] ** 2)
    last = np.full(len(shocks), change[-1])
    out = np.empty(shocks.shape)
    for month in range(shocks.shape[1]):
        variance = np.minimum(omega + alpha * residual**2 + beta * variance, 2_500.0)
        residual = np.sqrt(variance) * shocks[:, month]
        last = constant + slope * last + residual
        out[:, month] = last
    return out


def by_register(name: str) -> Peer:
    """Return a peer that is one of the product's own references."""

    def forecast(history: np.ndarray) -> np.ndarray:
        fitted = FORECASTERS[name]().fit(history[None], seed=0)
        return fitted.predict(history[None]).log_quantiles[0][:, SCORED]

    return forecast


PEERS: dict[str, Peer] = {
    "AR-GARCH-t, ours": by_register("ar_garch_t"),
    "ETS, statsmodels": by_register("ets"),
    "ARIMA, statsmodels": by_register("arima"),
    "GARCH-t (arch)": garch,
    "AutoETS": by_package(lambda: AutoETS(season_length=1)),
    "AutoTheta": by_package(lambda: AutoTheta(season_length=1)),
    "AutoARIMA": by_package(lambda: AutoARIMA(season_length=1)),
}


def score_peer(prices: np.ndarray, origins: np.ndarray, peer: Peer) -> tuple[list[float], int]:
    """Return loss over the random walk's at each horizon, and the number of failed fits.

    Args:
        prices: Series x month, log price; a series starts at its first month and has no gap after.
        origins: Columns to forecast from.
        peer: History to horizon x scored level.
    """
    shape = (*prices.shape, len(HORIZONS_MONTHS), len(LEVELS))
    quantiles, failed = np.full(shape, np.nan), 0
    for row, price in enumerate(prices):
        start = int(np.flatnonzero(~np.isnan(price))[0])
        for origin in origins:
            history = price[start : origin + 1]
            if history.size < LEAST_HISTORY_MONTHS or np.isnan(history).any():
                continue
            table, did_fail = _ask(peer, history)
            failed += did_fail
            quantiles[row, origin][:, SCORED] = table
            quantiles[row, origin][:, 0] = table[:, 0]  # a forecast is known by its first level
    return score_quantiles(prices, origins, quantiles), failed


def score_quantiles(prices: np.ndarray, origins: np.ndarray, quantiles: np.ndarray) -> list[float]:
    """Return loss over the random walk's at each horizon, of anybody's quantiles."""
    return [
        score_horizon(prices, quantiles[:, :, k], months=months, origins=origins).ratio()
        for k, months in enumerate(HORIZONS_MONTHS)
    ]


def _ask(peer: Peer, history: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the peer's table; where its fit fails the random walk stands in and it is counted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            table = peer(history)
        except (ValueError, FloatingPointError, np.linalg.LinAlgError, ZeroDivisionError):
            return own_walk(history), 1
    return (table, 0) if np.isfinite(table).all() else (own_walk(history), 1)


def own_walk(history: np.ndarray) -> np.ndarray:
    """Return quantiles of the series' own past changes around its last price."""
    rows = []
    for months in HORIZONS_MONTHS:
        change = history[months:] - history[:-months]
        rows.append(history[-1] + np.quantile(change, SCORED_LEVELS))
    return np.asarray(rows)
