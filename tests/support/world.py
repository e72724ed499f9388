"""A small made-up world with something of everything: prices, production, trade, stocks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tests.support.panels import build_frame, build_rows, calm_prices, price_id

if TYPE_CHECKING:
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
    return build_frame(*tables)
