"""ECOD: a second opinion on several features at once, without a parameter to tune.

Each feature's place among its own past is a tail probability; their logarithms add up. The sum has
a version for the right tails and one for the left, so the direction is kept.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.models.anomaly.base import DETECTORS, Findings
from g7warn.models.anomaly.normal_score import place_to_z
from g7warn.models.compiled import FloatArray
from g7warn.models.kernels.growth import MIN_HISTORY, expanding_percentile, log_change
from g7warn.models.kernels.rows import check_matrix

SPANS: Final = (1, 3, 6, 12)
"""Lengths of the changes that are the features."""

NOTABLE: Final = 2.0
"""Deviation from which a series counts as found: one month in forty by chance. Judgement."""


def score_tails(values: FloatArray, *, spans: tuple[int, ...] = SPANS) -> tuple[FloatArray, ...]:
    """Return the sums of log tail probabilities of all changes, right and left tails.

    Args:
        values: Series x time.
        spans: Lengths of the changes.

    Returns:
        Two matrices series x time, higher = more unusual; NaN until every change has a past.

    Source:
        Li, Zhao, Hu, Botta, Ionescu and Chen (2022), IEEE TKDE, "ECOD: unsupervised outlier
        detection using empirical cumulative distribution functions"; here over the past alone.
    """
    check_matrix(values)
    right, left = np.zeros(values.shape), np.zeros(values.shape)
    for span in spans:
        change = log_change(values, periods=span)
        history = np.cumsum(~np.isnan(change), axis=1) - 1.0
        places = expanding_percentile(change)
        beyond = (1.0 - places) * history
        right -= np.log((beyond + 0.5) / (history + 1.0))
        left -= np.log((history - beyond + 0.5) / (history + 1.0))
    return right, left


@DETECTORS.enter
@dataclass(frozen=True, slots=True)
class Ecod:
    """The newest changes over several lengths together, placed among their own past."""

    name: str = "ecod"

    def detect(self, values: FloatArray) -> Findings:
        """See `Detector.detect`; NaN without `MIN_HISTORY` earlier sums or a newest value."""
        newest = values.shape[1] - 1
        right, left = score_tails(values)
        if newest < MIN_HISTORY:
            nothing = np.full(len(values), np.nan)
            return Findings(z=nothing, since=np.full(len(values), -1))
        strongest = np.where(right >= left, right, left)
        history = (~np.isnan(strongest)).sum(axis=1) - 1.0
        places = expanding_percentile(strongest)[:, newest]
        # Half of all months lie above the median of their own past: only the upper half is news.
        size = np.clip(place_to_z(places, history), 0.0, None)
        z = np.where(right[:, newest] >= left[:, newest], size, -size)
        z = np.where(np.isnan(places), np.nan, z)
        return Findings(z=z, since=np.where(np.abs(z) >= NOTABLE, newest, -1))
