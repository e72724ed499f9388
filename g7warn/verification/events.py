"""Episodes of stress, dated mechanically from monthly prices, so that nobody argues."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from g7warn.domain.signal import Direction
from g7warn.models.compiled import FloatArray
from g7warn.models.probability import mark_onsets

TURN_WINDOW_MONTHS: Final = 18
"""Months before an onset in which its turn is looked for: the 12 of the change that dates it, and
half a year. Judgement."""

REVERSAL: Final = 0.25
"""Share of the price by which an event's extreme must be undone to end it: the first severity of a
rise. Judgement."""

REBOUND_WINDOW_MONTHS: Final = 36
"""Months before an onset whose extreme tells a recovery, as after 2009 and 2020. Judgement: a price
beyond all of three years is news, no recovery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One spike or crash of one series; months are columns of the matrix.

    Attributes:
        series: Row.
        direction: Up for a spike, down for a crash.
        onset: First month with a 12-month change beyond the threshold after a year without.
        turn: Lowest (highest for a crash) month of the 18 months before the onset.
        extreme: Highest (lowest) month from the onset until a reversal of 25 %.
        is_rebound: The onset price is still on the near side of the extreme of the three years
            before: a recovery, scored apart.
    """

    series: int
    direction: Direction
    onset: int
    turn: int
    extreme: int
    is_rebound: bool


def date_episodes(log_prices: FloatArray, direction: Direction) -> list[Episode]:
    """Return all episodes of a panel, by series and time.

    Args:
        log_prices: Series x month, NaN = missing.
        direction: Spikes (up) or crashes (down).
    """
    rows, months = np.nonzero(mark_onsets(log_prices, direction))
    pairs = zip(rows, months, strict=True)
    return [_date(log_prices[row], int(row), int(onset), direction) for row, onset in pairs]


def _date(price: FloatArray, series: int, onset: int, direction: Direction) -> Episode:
    # Seen upside down a crash is a spike: one set of rules dates both.
    curve = price if direction is Direction.UP else -price
    start = max(0, onset - TURN_WINDOW_MONTHS)
    turn = start + int(np.nanargmin(curve[start : onset + 1]))
    drop = -np.log1p(-REVERSAL) if direction is Direction.UP else np.log1p(REVERSAL)
    extreme = onset
    for month in range(onset, curve.size):
        if np.isnan(curve[month]):
            continue
        if curve[month] > curve[extreme]:
            extreme = month
        if curve[extreme] - curve[month] >= drop:
            break
    before = curve[max(0, onset - REBOUND_WINDOW_MONTHS) : onset]
    return Episode(
        series=series,
        direction=direction,
        onset=onset,
        turn=turn,
        extreme=extreme,
        is_rebound=bool(np.nanmax(before) > curve[onset]),
    )
