"""A small made-up world with something of everything: prices, production, trade, stocks."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from g7warn.signals.publication import Publications
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id

if TYPE_CHECKING:
    from g7warn.domain.frames import ObservationFrame

PUBLICATIONS = Publications(
    datasets={
        source: (
            SimpleNamespace(
                feed=source,
                lag_days=lag_days,
                calendar=SimpleNamespace(grace_days=30, suspended_after_days=300),
            ),
        )
        for source, lag_days in (("worldbank", 4), ("bgs", 300), ("made", 40))
    },
    holds=tuple(
        SimpleNamespace(
            feed="worldbank", released_at=AS_OF + timedelta(days=days), reason="it went back"
        )
        for days in (-2, 2)
    ),
)
"""How the made-up sources are published: bgs is in time, one release of the World Bank waits and
another comes out after `AS_OF`."""


@lru_cache
def build_world() -> ObservationFrame:
    """Nickel spikes, tin falls, zinc is calm; cocoa is a commodity of the pool."""
    nickel = calm_prices(seed=2)
    nickel[-6:] *= np.array([1.05, 1.1, 1.2, 1.3, 1.45, 2.1])
    tin = calm_prices(seed=3)
    tin[-3:] *= np.array([0.9, 0.75, 0.6])
    tables = [
        build_rows(price_id("nickel"), nickel),
        build_rows(price_id("tin"), tin),
        build_rows(price_id("zinc"), calm_prices(seed=4)),
        build_rows(price_id("cocoa"), calm_prices(seed=5)),
    ]
    return build_frame(
        *tables,
        *_production(),
        *_governance(),
        *_quotes(),
        *_trade(),
        *_stocks_and_demand(),
        *_policy(),
    )


def _quotes() -> list[pd.DataFrame]:
    """Neodymium is quoted daily as a range; nickel has a price inside China."""
    days = pd.bdate_range("2020-01-02", "2022-04-01")
    rng = np.random.default_rng(12)
    price = 50.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, len(days))))
    width = np.where(np.arange(len(days)) > len(days) - 20, 0.05, 0.01)
    ends = {"price": price, "price_low": price * (1 - width), "price_high": price * (1 + width)}
    tables = [
        pd.DataFrame(
            {
                "series_id": f"neodymium.market.{measure}.world.agency",
                "period": days.strftime("%Y-%m-%d"),
                "value": values,
                "unit": "USD/kg",
                "known_at": days.tz_localize("UTC") + pd.Timedelta(hours=20),
            }
        )
        for measure, values in ends.items()
    ]
    return [*tables, build_rows(price_id("nickel", area="cn"), calm_prices(seed=2))]


def _trade() -> list[pd.DataFrame]:
    """Magnesium floods into Germany; China's gallium exports stop after a control."""
    exports = np.full(48, 8.0)
    exports[-8:] = 1.0
    return [
        build_rows(f"{name}.made", values, last=last, unit=unit, lag_days=40)
        for name, values, last, unit in (
            ("magnesium.trade.imports.de_cn", [100.0, 110.0, 200.0], "2020", "t"),
            ("magnesium.trade.imports_value.de_cn", [3e5, 3e5, 4e5], "2020", "USD"),
            ("gallium.trade.exports.cn_world", exports, "2022-02", "t"),
        )
    ]


def _stocks_and_demand() -> list[pd.DataFrame]:
    return [
        build_rows(f"{name}.made", values, last=last, unit="t", lag_days=lag)
        for name, values, last, lag in (
            ("nickel.stock.level.world", np.linspace(400.0, 90.0, 30), "2022-03", 2),
            ("nickel.use.consumption.world", [2500.0, 2600.0], "2020", 200),
            ("nickel.mine.capacity.world", [900.0, 1500.0, 1560.0], "2020", 200),
            ("nickel.mine.production.world", [880.0, 1400.0, 1500.0], "2020", 200),
            ("nickel.use.demand.world", [1600.0, 1900.0], "2026", -2500),
            ("rare_earths.mine.production.world", [215.0, 225.0, 400.0], "2020", 300),
        )
    ]


def _policy() -> list[pd.DataFrame]:
    """China licenses gallium; the suspension of another measure expires in May 2022."""
    steps = {
        ("gallium.policy.export_licence.cn", "2021-07-01"): 3.0,
        ("rare_earths.policy.export_quota.cn", "2021-01-01"): 2.0,
        ("rare_earths.policy.hazard.cn", "2022-05-01"): 1.0,
    }
    return [
        pd.DataFrame(
            {
                "series_id": [f"{name}.policy_notices"],
                "period": [day],
                "value": [value],
                "unit": ["stage"],
                "known_at": [pd.Timestamp("2020-06-01", tz="UTC")],
            }
        )
        for (name, day), value in steps.items()
    ]


def _production() -> list[pd.DataFrame]:
    """Nickel is refined ever more in China; rare earths are mined there above the threshold."""
    years = np.arange(10.0)
    volumes = {
        "nickel.refine.production.cn": 300.0 + 80.0 * years,
        "nickel.refine.production.jp": 200.0 + 0.0 * years,
        "nickel.refine.production.ru": 150.0 + 5.0 * years,
        "nickel.refine.production.world": 700.0 + 90.0 * years,
        "rare_earths.mine.production.cn": 100.0 + 10.0 * years,
        "rare_earths.mine.production.us": 20.0 + years,
        "rare_earths.mine.production.world": 140.0 + 11.0 * years,
    }
    return [
        build_rows(f"{name}.bgs", values, last="2020", unit="t", lag_days=300)
        for name, values in volumes.items()
    ]


def _governance() -> list[pd.DataFrame]:
    values = {"cn": 6.0, "jp": 2.0, "ru": 8.0, "us": 3.0}
    return [
        build_rows(f"all.policy.governance.{area}.wgi", [value], last="2020", unit="0_to_10")
        for area, value in values.items()
    ]
