"""How good a forecast was: the formulas, on plain arrays, without any matching of dates."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata

from g7warn.models.compiled import FloatArray


def pinball_loss(
    quantiles: FloatArray, observed: FloatArray, levels: Sequence[float]
) -> FloatArray:
    """Return the mean pinball loss over levels, one value a forecast; half the CRPS on a grid.

    Args:
        quantiles: Forecast x level.
        observed: One value a forecast.
        levels: Level of each column.
    """
    gap = observed[:, None] - quantiles
    tau = np.asarray(levels, dtype=np.float64)
    return np.asarray(np.maximum(tau * gap, (tau - 1.0) * gap).mean(axis=1))


def integral_transform(
    quantiles: FloatArray, observed: FloatArray, levels: Sequence[float]
) -> FloatArray:
    """Return each observation's place in its forecast, in [0, 1]: even when calibrated."""
    grid = np.asarray(levels, dtype=np.float64)
    rows = zip(observed, quantiles, strict=True)
    return np.array([np.interp(value, row, grid, left=0.0, right=1.0) for value, row in rows])


def scaled_error(median: float, observed: float, history: FloatArray) -> float:
    """Return the error over the mean of one-month no-change forecasts in `history`; mean: MASE.

    NaN for a history that never moved.

    Source:
        Hyndman and Koehler (2006), Int. J. Forecasting 22(4), "Another look at measures of
        forecast accuracy".
    """
    naive = float(np.nanmean(np.abs(np.diff(history)))) if history.size > 1 else 0.0
    return abs(observed - median) / naive if naive > 0.0 else np.nan


def ranking_area(score: FloatArray, happened: FloatArray) -> float:
    """Return the area under the ROC curve; ties count half; NaN if only one outcome occurs."""
    positive = happened > 0.5
    n_yes, n_no = int(positive.sum()), int((~positive).sum())
    if n_yes == 0 or n_no == 0:
        return np.nan
    ranks = rankdata(score)
    return float((ranks[positive].sum() - n_yes * (n_yes + 1) / 2) / (n_yes * n_no))


def brier_score(probability: FloatArray, happened: FloatArray) -> float:
    """Return the mean squared difference of probability and outcome."""
    return float(np.mean((probability - happened) ** 2)) if happened.size else np.nan


def brier_skill(probability: FloatArray, happened: FloatArray) -> float:
    """Return 1 - Brier score over that of the sample's own event rate; NaN if that is constant.

    The reference knows the rate of the very sample, which no forecast can: skill is understated.
    """
    rate = float(np.mean(happened)) if happened.size else np.nan
    spread = rate * (1.0 - rate)
    return 1.0 - brier_score(probability, happened) / spread if spread > 0.0 else np.nan


def calibration_error(probability: FloatArray, happened: FloatArray, bins: int = 10) -> float:
    """Return the mean gap between stated and observed frequency over equally filled bins."""
    if not happened.size:
        return np.nan
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, bins) if part.size]
    gaps = [abs(probability[part].mean() - happened[part].mean()) * part.size for part in parts]
    return float(sum(gaps) / happened.size)


def contingency_scores(
    *, hits: int, misses: int, false_alarms: int, quiet: int
) -> dict[str, float]:
    """Return POD, FAR, CSI and SEDI of a two-by-two table; NaN where undefined.

    Source:
        Ferro and Stephenson (2011), Weather and Forecasting 26(5), "Extremal dependence indices"
        for SEDI; the others as in the WMO verification pages.
    """
    pod = hits / (hits + misses) if hits + misses else np.nan
    far = false_alarms / (hits + false_alarms) if hits + false_alarms else np.nan
    all_warned = hits + misses + false_alarms
    rate = false_alarms / (false_alarms + quiet) if false_alarms + quiet else np.nan
    sedi = np.nan
    if 0.0 < pod < 1.0 and 0.0 < rate < 1.0:
        yes, no = np.log(rate) - np.log(pod), np.log1p(-pod) - np.log1p(-rate)
        other = np.log(rate) + np.log(pod) + np.log1p(-pod) + np.log1p(-rate)
        sedi = float((yes + no) / other)
    return {
        "pod": float(pod),
        "far": float(far),
        "csi": hits / all_warned if all_warned else np.nan,
        "sedi": sedi,
    }
