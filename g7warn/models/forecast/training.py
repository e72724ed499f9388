"""Rows on which pooled models learn: (features at an origin, what came h months later)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.errors import InsufficientHistory
from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.features import FeaturePanel
from g7warn.models.forecast.panel import future_changes

WARM_UP_MONTHS: Final = 24
"""Origins in a series' first two years are not learned from: its scale is still the prior's."""

ORIGIN_STEP_MONTHS: Final = 3
"""Every third origin: neighbouring targets overlap and add time, not knowledge. Every month and
every second gave the same loss within 0.3 %."""

TARGET_CLIP: Final = 5.0
"""Scaled targets beyond five volatilities are cut there: a jump out of a list price that stood
still for years would otherwise set the tails of all."""

LEAST_ROWS: Final = 1_000
"""Fewer rows than this cannot carry a pooled model of some twenty features. Judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRows:
    """Attributes: `rows` (row x feature, no NaN) and `target` (scaled change), same order."""

    rows: FloatArray
    target: FloatArray


def collect_rows(panel: FeaturePanel, months: int) -> TrainingRows:
    """Collect every origin whose future, `months` ahead, lies inside the panel.

    Origins run backwards from the last one with a known future, so that a longer panel keeps them.

    Args:
        panel: Features of all months (`first_month` 0).
        months: Horizon; the target is the log change over volatility x sqrt(months).

    Raises:
        InsufficientHistory: Fewer than `LEAST_ROWS` rows.
    """
    scaled = future_changes(panel.filled, months) / (panel.volatility * np.sqrt(months))
    origins = np.arange(panel.filled.shape[1] - 1 - months, -1, -ORIGIN_STEP_MONTHS)
    origins = origins[origins >= 0]
    age = np.cumsum(~np.isnan(panel.filled), axis=1)[:, origins]
    usable = (~np.isnan(scaled[:, origins])) & (age > WARM_UP_MONTHS)
    rows = panel.values[:, origins][usable]
    if len(rows) < LEAST_ROWS:
        raise InsufficientHistory(
            f"the training pool gives {len(rows)} rows at {months} months, {LEAST_ROWS} are "
            "needed; add series or use the EWMA-pooled forecaster, which needs no training",
            rows=len(rows),
            horizon_months=months,
        )
    target = np.clip(scaled[:, origins][usable], -TARGET_CLIP, TARGET_CLIP)
    return TrainingRows(rows=rows, target=target)
