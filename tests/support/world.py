"""A small made-up world with something of everything: prices, production, trade, stocks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tests.support.panels import build_frame, build_rows, calm_prices, price_id

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.domain.frames import ObservationFrame


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
    return build_frame(*tables, *_production(), *_governance())


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
