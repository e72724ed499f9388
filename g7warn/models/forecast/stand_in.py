"""A series' own quantiles where it has them, the pooled shape where its history is too short."""

from dataclasses import replace

import numpy as np

from g7warn.models.compiled import FloatArray
from g7warn.models.forecast.base import Basis, QuantileForecast


def prefer_own(pooled: QuantileForecast, own: FloatArray) -> QuantileForecast:
    """Return the pooled forecast with own quantiles in place of pooled ones.

    Args:
        pooled: What stands in.
        own: Series x horizon x level, log price; NaN at horizons for which the series' history
            does not suffice.

    Returns:
        A forecast whose basis is SHORT where the pooled shape stands in at any horizon.
    """
    has_own = ~np.isnan(own[:, :, 0])
    is_short = ~has_own.all(axis=1) & (pooled.basis == Basis.FULL)
    return replace(
        pooled,
        log_quantiles=np.where(has_own[:, :, None], own, pooled.log_quantiles),
        basis=np.where(is_short, Basis.SHORT, pooled.basis).astype(np.str_),
    )
