"""What the stress models are asked: onset of an event, or a move in the series' own far tail.

An onset follows from arithmetic to a large part, because the base of the coming 12-month changes
is known. The tail target does not: it asks whether the largest move within six months beats the
90th percentile of all such moves that the series has shown.

Like is held against like: both are the largest move within six months, one way, from every month
on (windows overlap), over all history completed by then. So one month in ten lies in the tail as
long as a series stays as it was, and "larger than nine in ten of its past" is meant as it is said.
Other readings differ in what is in the tail, not in how hard it is to foresee: against plain
six-month changes 0.08 to 0.17 of the months are, against changes of either sign 0.03 to 0.10, and
over ten years in place of all history a long calm makes ordinary moves extreme. On the World Bank
metals since 2013 neither growth nor volatility alone reaches a Brier skill of 0.05 by any of them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.models.compiled import FloatArray, compiled
from g7warn.models.probability.onset import SIGN, THRESHOLD_LOG, YEAR, mark_onsets, mark_running
from g7warn.models.probability.rank_paths import PATH_MONTHS

TAIL_LEVEL: Final = 0.90
LEAST_TAIL_MOVES: Final = 60
"""Past moves that a series needs before its own 90th percentile means anything: five years."""


class TargetKind(StrEnum):
    """What is asked."""

    ONSET = "onset"
    TAIL = "tail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One question: which event, which way, within how many months."""

    kind: TargetKind
    direction: Direction
    months: int

    @property
    def name(self) -> str:
        """Short name such as `onset_up_6`."""
        return f"{self.kind}_{self.direction}_{self.months}"


TARGETS: Final = tuple(
    Target(kind=kind, direction=direction, months=months)
    for kind, months in ((TargetKind.ONSET, 6), (TargetKind.ONSET, 12), (TargetKind.TAIL, 6))
    for direction in (Direction.UP, Direction.DOWN)
)
"""Every question that has a trained model."""


def label_rows(filled: FloatArray, target: Target) -> FloatArray:
    """Return series x month: 1 if it happened within the horizon, 0 if not, NaN if unknown.

    Args:
        filled: Log prices with short gaps carried; the last `months` columns are NaN in the answer.
        target: The question.
    """
    n_months = filled.shape[1]
    labels = np.full(filled.shape, np.nan)
    known = max(n_months - target.months, 0)
    if target.kind is TargetKind.ONSET:
        onsets = np.cumsum(mark_onsets(filled, target.direction), axis=1)
        labels[:, :known] = onsets[:, target.months :] > onsets[:, :known]
    else:
        reached = largest_moves(filled, target.months, SIGN[target.direction])
        threshold = trailing_tail(filled, target.months, SIGN[target.direction])
        labels = np.where(np.isnan(reached) | np.isnan(threshold), np.nan, reached > threshold)
    labels[np.isnan(filled)] = np.nan
    return labels


def row_barriers(filled: FloatArray, target: Target) -> FloatArray:
    """Return series x month x 12: log change at which each coming month would bring the event.

    NaN = cannot happen in that month; months before an onset may start are NaN as well, because
    a move there would start nothing new.
    """
    barriers = np.full((*filled.shape, PATH_MONTHS), np.nan)
    if target.kind is TargetKind.TAIL:
        sign = SIGN[target.direction]
        tail = sign * trailing_tail(filled, target.months, sign)
        barriers[:, :, : target.months] = tail[:, :, None]
        return barriers
    n_months = filled.shape[1]
    newest = _months_since(mark_running(filled, target.direction))
    for month in range(1, target.months + 1):
        lag = YEAR - month
        bases = np.full(filled.shape, np.nan)
        if lag < n_months:
            bases[:, lag:] = filled[:, : n_months - lag]
        barrier = bases - filled + THRESHOLD_LOG[target.direction]
        barriers[:, :, month - 1] = np.where(newest + month > YEAR, barrier, np.nan)
    return barriers


def last_barriers(filled: FloatArray, target: Target) -> FloatArray:
    """Return `row_barriers` of the last month alone, series x 12, without the months before."""
    if target.kind is TargetKind.ONSET:
        return row_barriers(filled[:, -(2 * YEAR + 2) :], target)[:, -1]
    sign = SIGN[target.direction]
    barriers = np.full((len(filled), PATH_MONTHS), np.nan)
    moves = np.sort(largest_moves(filled, target.months, sign), axis=1)
    count = (~np.isnan(moves)).sum(axis=1)
    reach = TAIL_LEVEL * np.maximum(count - 1, 0)
    low = reach.astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    row = np.arange(len(filled))
    tail = moves[row, low] + (reach - low) * (moves[row, high] - moves[row, low])
    tail[(count < LEAST_TAIL_MOVES) | np.isnan(filled[:, -1])] = np.nan
    barriers[:, : target.months] = sign * tail[:, None]
    return barriers


def largest_moves(filled: FloatArray, months: int, sign: float) -> FloatArray:
    """Return series x month: largest move in the direction of `sign` within `months`, >= 0 side.

    NaN where the whole horizon is not known.
    """
    moves = np.full(filled.shape, np.nan)
    n_months = filled.shape[1]
    if n_months <= months:
        return moves
    ahead = [
        sign * (filled[:, k : n_months - months + k] - filled[:, : n_months - months])
        for k in range(1, months + 1)
    ]
    moves[:, : n_months - months] = np.max(np.stack(ahead), axis=0)
    return moves


def trailing_tail(filled: FloatArray, months: int, sign: float) -> FloatArray:
    """Return series x month: 90th percentile of the moves completed by then, expanding.

    NaN before `LEAST_TAIL_MOVES` moves.
    """
    return _expanding_quantile(largest_moves(filled, months, sign), months, TAIL_LEVEL)


@compiled
def _expanding_quantile(moves: FloatArray, delay: int, level: float) -> FloatArray:
    """Quantile of what was known `delay` months later, by insertion into a sorted list."""
    out = np.full(moves.shape, np.nan)
    for i in range(moves.shape[0]):
        ordered = np.empty(moves.shape[1])
        size = 0
        for t in range(delay, moves.shape[1]):
            value = moves[i, t - delay]
            if not np.isnan(value):
                place = np.searchsorted(ordered[:size], value)
                for j in range(size, place, -1):
                    ordered[j] = ordered[j - 1]
                ordered[place] = value
                size += 1
            if size >= LEAST_TAIL_MOVES:
                reach = level * (size - 1)
                low = int(reach)
                high = min(low + 1, size - 1)
                out[i, t] = ordered[low] + (reach - low) * (ordered[high] - ordered[low])
    return out


@compiled
def _months_since(running: np.ndarray) -> FloatArray:
    """Return series x month: months since an event last ran, large where none ever did."""
    out = np.empty(running.shape)
    for i in range(running.shape[0]):
        age = 1000.0
        for t in range(running.shape[1]):
            age = 0.0 if running[i, t] else age + 1.0
            out[i, t] = age
    return out
