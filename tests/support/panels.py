"""Builders of observation frames and panels for the tests of signals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from g7warn.domain.frames import ObservationFrame
from g7warn.domain.period import Period
from g7warn.signals.calendar import index_month, month_index
from g7warn.signals.panel import Panel, build_panel

AS_OF = datetime(2022, 4, 5, 12, tzinfo=UTC)


def build_rows(
    series_id: str,
    values: list[float] | np.ndarray,
    *,
    last: str = "2022-03",
    unit: str = "USD/t",
    lag_days: int = 4,
    status: str = "A",
    conf: str = "F",
) -> pd.DataFrame:
    """Monthly (or annual, if `last` is a year) rows that end at `last`, known after a lag."""
    if len(last) == 4:
        labels = [str(int(last) - len(values) + 1 + k) for k in range(len(values))]
    else:
        end = month_index(last)
        labels = [index_month(end - len(values) + 1 + k) for k in range(len(values))]
    ends = [Period.parse(label).ends_at + timedelta(days=lag_days) for label in labels]
    table = pd.DataFrame(
        {
            "series_id": series_id,
            "period": labels,
            "value": np.asarray(values, dtype=float),
            "unit": unit,
            "known_at": ends,
            "is_estimated": True,
            "status": status,
            "conf": conf,
        }
    )
    return table[np.isfinite(table["value"])]


def build_frame(*tables: pd.DataFrame) -> ObservationFrame:
    return ObservationFrame.from_table(pd.concat(tables, ignore_index=True))


def price_id(mineral: str, *, area: str = "world", source: str = "worldbank") -> str:
    return f"{mineral}.market.price.{area}.{source}"


def calm_prices(*, months: int = 180, level: float = 1000.0, seed: int = 1) -> np.ndarray:
    """A price that wanders a little: 2 % a month, drawn back to its level."""
    rng = np.random.default_rng(seed)
    log_price = np.zeros(months)
    for t in range(1, months):
        log_price[t] = 0.9 * log_price[t - 1] + rng.normal(0.0, 0.02)
    return level * np.exp(log_price)


def price_panel(*, as_of: datetime = AS_OF, **prices: list[float] | np.ndarray) -> Panel:
    """A panel of monthly world prices by mineral."""
    tables = [build_rows(price_id(name), values) for name, values in prices.items()]
    return build_panel(build_frame(*tables), as_of=as_of)
