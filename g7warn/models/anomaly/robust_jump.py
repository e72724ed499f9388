"""Jumps: the newest difference in robust deviations of the earlier ones."""

from dataclasses import dataclass

import numpy as np

from g7warn.models.anomaly.base import DETECTORS, Findings
from g7warn.models.compiled import FloatArray
from g7warn.models.kernels.growth import log_change
from g7warn.models.kernels.robust import robust_z

NOTABLE = 3.0
"""Deviation from which a difference counts as found. Judgement: the usual three sigma."""


@DETECTORS.enter
@dataclass(frozen=True, slots=True)
class RobustJump:
    """Robust z of one-step differences."""

    name: str = "robust_jump"

    def detect(self, values: FloatArray) -> Findings:
        """See `Detector.detect`; NaN without enough earlier differences or a newest one."""
        scores = robust_z(log_change(values, periods=1))
        newest = values.shape[1] - 1
        z = scores[:, newest] if newest >= 0 else np.full(len(values), np.nan)
        return Findings(z=z.copy(), since=np.where(np.abs(z) >= NOTABLE, newest, -1))
