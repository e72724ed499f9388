"""Level shifts: optimal partitioning of a series whitened by its own first-order correlation.

Monthly prices wander: a partition that takes their correlation for shifts cuts everywhere, and one
that takes shifts for correlation never cuts. So both are fitted together: for each correlation of a
small grid the series is whitened and the cheapest partition into segments of constant mean is found
exactly; the pair that explains the series best, each segment paying a penalty, is kept.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.errors import InsufficientHistory
from g7warn.models.anomaly.base import DETECTORS, Findings
from g7warn.models.compiled import FloatArray, IntArray, compiled
from g7warn.models.kernels.rows import check_matrix

PENALTY: Final = 3.0
"""Price of a further segment, in log(n) per unit of variance.

Source: the modified BIC of Zhang and Siegmund (2007), Biometrics 63(1), leading term; removing the
correlation before partitioning after Chakar et al. (2017), Bernoulli 23(2)."""

MIN_SEGMENT: Final = 5
"""Shortest segment: shorter ones are outliers or jumps, which `robust_jump` sees."""

CORRELATIONS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95)
"""First-order correlations tried; beyond the last a shift leaves no trace once it is removed."""

MIN_VALUES: Final = 3 * MIN_SEGMENT
"""Fewest values that are partitioned."""

_NO_SPREAD: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Partition:
    """A series cut into segments of constant whitened mean.

    Attributes:
        starts: Index of the first value of every segment but the first, increasing.
        correlation: First-order correlation that was removed, one of `CORRELATIONS`.
        z: Shift of the last segment against the one before, in standard deviations of that
            difference; 0 where there is one segment.
    """

    starts: IntArray
    correlation: float
    z: float


@compiled
def _partition(values: FloatArray, penalty: float, shortest: int) -> IntArray:
    """Return the start of the last segment of the cheapest partition of every prefix."""
    n = values.size
    sums, squares = np.zeros(n + 1), np.zeros(n + 1)
    for t in range(n):
        sums[t + 1] = sums[t] + values[t]
        squares[t + 1] = squares[t] + values[t] * values[t]
    cost, last = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
    cost[0] = -penalty
    for t in range(shortest, n + 1):
        for s in range(t - shortest + 1):
            total = sums[t] - sums[s]
            candidate = cost[s] + penalty + squares[t] - squares[s] - total * total / (t - s)
            if candidate < cost[t]:
                cost[t], last[t] = candidate, s
    return last


def partition_levels(values: FloatArray) -> Partition:
    """Return the cheapest partition of one series into segments of constant whitened mean.

    Args:
        values: One series without missing values, oldest first.

    Raises:
        InsufficientHistory: Fewer than `MIN_VALUES` values.
    """
    if values.size < MIN_VALUES:
        message = f"a partition needs {MIN_VALUES} values, got {values.size}"
        raise InsufficientHistory(message, needed=MIN_VALUES, got=int(values.size))
    candidates = [_partition_whitened(values, correlation) for correlation in CORRELATIONS]
    _, best = min(candidates, key=lambda candidate: candidate[0])
    return best


def _partition_whitened(values: FloatArray, correlation: float) -> tuple[float, Partition]:
    """Return the cost (modified BIC) and the cheapest partition for one correlation."""
    centred = values - values.mean()
    white = centred.copy()
    white[0] *= 1.0 - correlation
    white[1:] -= correlation * centred[:-1]
    scale = float(np.std(np.diff(white))) / np.sqrt(2.0)
    if scale <= _NO_SPREAD:
        nothing = np.empty(0, dtype=np.int64)
        return -np.inf, Partition(starts=nothing, correlation=correlation, z=0.0)
    white /= scale
    penalty = PENALTY * np.log(values.size)
    last = _partition(white, penalty, MIN_SEGMENT)
    starts, end = [], values.size
    while end > 0:
        end = int(last[end])
        starts.append(end)
    cuts = np.asarray(starts[::-1][1:], dtype=np.int64)
    rest = sum(float(((part - part.mean()) ** 2).sum()) for part in np.split(white, cuts))
    rest = max(rest * scale**2, _NO_SPREAD)
    cost = values.size * np.log(rest / values.size) + penalty * cuts.size
    return float(cost), Partition(starts=cuts, correlation=correlation, z=_shift_z(white, cuts))


def _shift_z(white: FloatArray, cuts: IntArray) -> float:
    if cuts.size == 0:
        return 0.0
    before = white[cuts[-2] if cuts.size > 1 else 0 : cuts[-1]]
    after = white[cuts[-1] :]
    error = np.sqrt(1.0 / before.size + 1.0 / after.size)
    return float((after.mean() - before.mean()) / error)


@DETECTORS.enter
@dataclass(frozen=True, slots=True)
class LevelShift:
    """The last shift of every series, with its direction; missing values are skipped."""

    name: str = "level_shift"

    def detect(self, values: FloatArray) -> Findings:
        """See `Detector.detect`; NaN below `MIN_VALUES` values or without a newest one."""
        check_matrix(values)
        z = np.full(len(values), np.nan)
        since = np.full(len(values), -1, dtype=np.int64)
        for row, series in enumerate(values):
            known = np.flatnonzero(~np.isnan(series))
            if known.size < MIN_VALUES or known[-1] != series.size - 1:
                continue
            partition = partition_levels(series[known])
            z[row] = partition.z
            if partition.starts.size:
                since[row] = known[partition.starts[-1]]
        return Findings(z=z, since=since)
