"""Anchor a monthly forecast on the last daily close.

Monthly figures are averages of days. At the end of a month the last close is a fresher price than
the month's average: the next average lies around it, and closer to it.
"""

from dataclasses import replace

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import QuantileForecast


def anchor_on_close(forecast: QuantileForecast, log_close: FloatArray) -> QuantileForecast:
    """Return the forecast moved to the last daily close, its spread narrowed accordingly.

    The close takes the place of the next month's median; what the forecast expects after that
    month stays. For a daily random walk with monthly variance s2, the average of the h-th coming
    month differs from the last close by (h - 2/3) s2, and from the last average by (h - 1/3) s2.

    Args:
        forecast: Made from monthly averages; moves still count from `base_log_price`.
        log_close: Log of the last close of the origin month, one a series, in the unit of the
            monthly price; NaN = no daily feed, the series stays as it is.

    Source:
        Working (1960), Econometrica 28(4); the variances follow from averaging a random walk.
    """
    horizons = np.asarray(forecast.horizons_months, dtype=np.float64)
    narrowing = np.sqrt((horizons - 2 / 3) / (horizons - 1 / 3))
    middle = forecast.at(0.5)[:, :, None]
    centre = log_close[:, None, None] + middle - middle[:, :1]
    around_close = centre + (forecast.log_quantiles - middle) * narrowing[None, :, None]
    has_close = ~np.isnan(log_close)[:, None, None]
    return replace(
        forecast, log_quantiles=np.where(has_close, around_close, forecast.log_quantiles)
    )
