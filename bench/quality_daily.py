"""G3: what the last daily close is worth, on the only daily prices at hand.

Four minor metals since January 2024 (KOMIS): too short for the goal's random walk, which wants ten
years of history. Measured is the loss with the close over the loss without it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from g7warn.models.forecast import (
    HORIZONS_MONTHS,
    LEVELS,
    SCORED_LEVELS,
    EwmaPooledForecaster,
    anchor_on_close,
)
from g7warn.models.metrics import pinball_loss
from g7warn.verification.tables import align_months

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.verification.tables import PriceMatrix

FOLDER = "komis_replay"
WARM_UP_MONTHS = 12


def read_days(folder: Path) -> dict[str, pd.Series]:
    """Return the longest history of each metal among the recorded versions, by day."""
    longest: dict[str, pd.Series] = {}
    for path in sorted(folder.glob("*.json")):
        for metal in json.loads(path.read_text(encoding="utf-8")).get("metals", []):
            history = {day["date"]: day["value"] for day in metal.get("history") or []}
            series = pd.Series(history, dtype=float).dropna().sort_index()
            if len(series) > len(longest.get(metal["name"], ())):
                longest[metal["name"]] = series
    return longest


def compare_with_close(data: Path, pool: PriceMatrix) -> dict[str, tuple[float, int]]:
    """Return, by horizon, the loss with the close over the loss without, and the forecasts.

    The pooled shapes are learned on months before the first day; the running month is left out.
    """
    by_month = [
        series.groupby(series.index.str[:7]) for series in read_days(data / FOLDER).values()
    ]
    means = np.log(pd.DataFrame([group.mean() for group in by_month]).to_numpy()[:, :-1])
    closes = np.log(pd.DataFrame([group.last() for group in by_month]).to_numpy()[:, :-1])
    first = min(group.mean().index[0] for group in by_month).replace(".", "-")
    before = tuple(month for month in pool.months if month < first)
    fitted = EwmaPooledForecaster().fit(align_months(pool, before))
    scored = [LEVELS.index(level) for level in SCORED_LEVELS]
    result = {}
    for place, months in enumerate(HORIZONS_MONTHS[:2]):
        losses = []
        for origin in range(WARM_UP_MONTHS, means.shape[1] - months):
            plain = fitted.predict(np.ascontiguousarray(means[:, : origin + 1]))
            both = (anchor_on_close(plain, closes[:, origin]), plain)
            seen = means[:, origin + months]
            losses.append(
                [pinball_loss(f.log_quantiles[:, place, scored], seen, SCORED_LEVELS) for f in both]
            )
        anchored, without = np.mean(losses, axis=0)
        ratio = float(np.exp(np.mean(np.log(anchored / without))))
        result[str(months)] = (ratio, len(losses) * len(means))
    return result
