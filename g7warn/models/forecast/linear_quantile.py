"""Linear quantile regression, pooled over all series, by iteratively reweighted least squares.

The majorise-minimise step of Hunter and Lange lowers the pinball loss at every iteration and costs
one weighted least squares: 20,000 rows of 18 features take 0.1 s a level, where statsmodels'
QuantReg and the linear programme of scikit-learn's QuantileRegressor take seconds.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import QuantileForecast, register_forecaster
from g7warn.models.forecast.features import FEATURES, FeaturePanel, compute_features, last_rows
from g7warn.models.forecast.grid import HORIZONS_MONTHS
from g7warn.models.forecast.scaled import build_forecast, spread_levels
from g7warn.models.forecast.training import collect_rows

FIT_LEVELS: Final = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""Levels that are fitted; those between follow on the normal scale."""

LEFT_TO_TREES: Final = {"change_24", "variance_ratio_12", "own_drift", "common_gap_60"}
USED: Final = tuple(k for k, name in enumerate(FEATURES) if name not in LEFT_TO_TREES)
"""Columns read: what bends at long horizons is left to the trees."""

SMOOTHING: Final = 0.05
"""Residuals below this, in volatilities, count as this: keeps the weights finite."""

MOST_ITERATIONS: Final = 30
TOLERANCE: Final = 3e-3
"""Largest change of a coefficient, in volatilities, at which the fit has come to rest."""

RIDGE: Final = 5e-4
"""Weight of the squared coefficients, a row: it parts features that move together. Judgement."""

INPUT_LIMIT: Final = 3.0
"""Standardised features are cut here when predicting: a line must not be followed further."""


def fit_quantile_lines(rows: FloatArray, target: FloatArray, levels: FloatArray) -> FloatArray:
    """Fit one line a level; returns level x (1 + feature), intercept first.

    Args:
        rows: Row x feature, standardised, without intercept.
        target: One value a row.
        levels: Increasing levels in (0, 1).

    Source:
        Hunter and Lange (2000), J. Computational and Graphical Statistics 9(1), "Quantile
        regression via an MM algorithm".
    """
    design = np.column_stack([np.ones(len(rows)), rows])
    penalty = RIDGE * len(rows) * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    totals = design.sum(axis=0)
    lines = np.empty((levels.size, design.shape[1]))
    line = np.zeros(design.shape[1])
    for k, level in enumerate(levels):
        line = line.copy()
        line[0] += np.quantile(target - design @ line, level)
        for _ in range(MOST_ITERATIONS):
            weight = 1.0 / (SMOOTHING + np.abs(target - design @ line))
            weighted = design * weight[:, None]
            right = weighted.T @ target + (2.0 * level - 1.0) * totals
            moved = np.linalg.solve(weighted.T @ design + penalty, right)
            step = np.max(np.abs(moved - line))
            line = moved
            if step < TOLERANCE:
                break
        lines[k] = line
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedLinearQuantiles:
    """One line a horizon and level, on features divided by their spread.

    Attributes:
        lines: Horizon x fitted level x (1 + used feature).
        spread: Horizon x used feature, standard deviation in training.
    """

    lines: FloatArray
    spread: FloatArray

    def predict(
        self, log_prices: FloatArray, *, context: FloatArray | None = None
    ) -> QuantileForecast:
        """Forecast from the last column; see `FittedForecaster.predict`."""
        last = log_prices.shape[1] - 1
        panel = compute_features(log_prices, first_month=last, context=context)
        return build_forecast(log_prices, panel, self.scale_quantiles(last_rows(panel)))

    def scale_quantiles(self, rows: FloatArray) -> FloatArray:
        """Return row x horizon x level in volatilities x sqrt(horizon) for rows of features."""
        used = rows[:, USED]
        scaled = []
        for lines, spread in zip(self.lines, self.spread, strict=True):
            inputs = np.clip(used / spread, -INPUT_LIMIT, INPUT_LIMIT)
            scaled.append(spread_levels(lines[:, 0] + inputs @ lines[:, 1:].T, FIT_LEVELS))
        return np.stack(scaled, axis=1)


@register_forecaster("linear_quantiles")
@dataclass(frozen=True, slots=True)
class LinearQuantileForecaster:
    """One line a horizon and level, learned on the whole pool.

    Attributes:
        horizons_months: Horizons that are fitted; the others get flat lines at zero, for a
            combination that gives them no weight.
    """

    horizons_months: tuple[int, ...] = HORIZONS_MONTHS

    def fit(self, log_prices: FloatArray, *, seed: int = 0) -> FittedLinearQuantiles:
        """Fit all horizons; `seed` changes nothing, no chance is involved."""
        del seed
        return self.fit_panel(compute_features(log_prices))

    def fit_panel(self, panel: FeaturePanel) -> FittedLinearQuantiles:
        """Fit on features computed before (all months)."""
        lines, spreads = [], []
        for months in HORIZONS_MONTHS:
            if months not in self.horizons_months:
                lines.append(np.zeros((len(FIT_LEVELS), 1 + len(USED))))
                spreads.append(np.ones(len(USED)))
                continue
            sample = collect_rows(panel, months)
            rows = sample.rows[:, USED]
            spread = rows.std(axis=0) + 1e-6
            spreads.append(spread)
            inputs = np.clip(rows / spread, -INPUT_LIMIT, INPUT_LIMIT)
            lines.append(fit_quantile_lines(inputs, sample.target, np.asarray(FIT_LEVELS)))
        return FittedLinearQuantiles(lines=np.stack(lines), spread=np.stack(spreads))
