"""Correct the spread of a forecast by its own recent errors; the median is kept."""

from typing import Final

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.grid import LEVELS

COVERAGE: Final = 0.90
"""The interval whose coverage is made right: 0.05 to 0.95."""

WINDOW_MONTHS: Final = 120
"""Errors of the last ten years, all series pooled: one business cycle and a half. Judgement."""

LEAST_ERRORS: Final = 200
"""With fewer, a coverage of 90 % is known to worse than two hundredths. Judgement."""

BOUNDS: Final = (0.85, 1.40)
"""A correction beyond these means that the model is wrong, not its spread."""

LOW, MIDDLE, HIGH = LEVELS.index(0.05), LEVELS.index(0.5), LEVELS.index(0.95)


def measure_spread_factor(scaled: FloatArray, target: FloatArray) -> float:
    """Return the factor on the distance from the median that would have covered 90 %.

    Args:
        scaled: Error x level, quantiles forecast out of sample.
        target: What came, same unit; NaN errors are left out.

    Returns:
        Factor within `BOUNDS`; 1 with fewer than `LEAST_ERRORS` errors.

    Source:
        Romano, Patterson, Candes (2019), NeurIPS 32, "Conformalized quantile regression"; here
        as a ratio, so that calm and wild series share one factor.
    """
    known = ~np.isnan(target)
    if known.sum() < LEAST_ERRORS:
        return 1.0
    error = target[known] - scaled[known, MIDDLE]
    above = np.maximum(scaled[known, HIGH] - scaled[known, MIDDLE], 1e-9)
    below = np.maximum(scaled[known, MIDDLE] - scaled[known, LOW], 1e-9)
    reach = np.where(error >= 0, error / above, -error / below)
    return float(np.clip(np.quantile(reach, COVERAGE), *BOUNDS))


def stretch_spread(scaled: FloatArray, factor: FloatArray) -> FloatArray:
    """Return quantiles whose distance from the median is multiplied by the horizon's factor.

    Args:
        scaled: Row x horizon x level.
        factor: One value a horizon.
    """
    middle = scaled[:, :, MIDDLE : MIDDLE + 1]
    return middle + (scaled - middle) * factor[None, :, None]
