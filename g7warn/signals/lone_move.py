"""Newest prices that jump alone: they wait until something else says the same.

A slip of the pen looks like news in the release that brings it. Real jumps of half and more within
a month are rare, and most have company: kin, a second source, a market in turmoil. One that has
none is left out until the next price confirms it, and the `lone_move` indicator tells of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from g7warn.models.compiled import FloatArray, IntArray
    from g7warn.signals.matrix import PriceMatrix

MONTHLY_JUMP: Final = 1.5
"""Move between monthly prices, as a factor, from which company is asked for. Of the 12 minerals of
the World Bank's sheet 8 months of 2000-2024 reached it, and iron ore, potash and phosphate rock
alone; damage of 2 and more always does."""

DAILY_JUMP: Final = 1.25
"""The same between daily prices: company is there within a day or two. Judgement."""

_KIN: Final = 0.5  # correlation of past moves from which another series tells of this one
_COMMON: Final = 24  # moves in common that a correlation needs
_LOOKED_AT: Final = 3  # the newest value and the two before it
_CALM: Final = np.log(1.25)
_FEWEST: Final = 5  # series that make a market in turmoil
_TURMOIL: Final = 0.25
"""Share of all series that move by a quarter in the same direction: 0.39 in October 2008, at most
0.16 in any other month of 1975-2024, either way."""


def leave_out_lone_moves(prices: PriceMatrix, *, jump: float) -> PriceMatrix:
    """Return the prices without newest values that jumped alone; their rows say by what factor.

    A value jumps when it lies `jump` or more, up or down, from both values before it. It is not
    alone where another series of its mineral, or one whose moves go with its own, moved at least
    half as far the same way in the same period, or where the market as a whole did.

    Args:
        prices: Series x time.
        jump: Factor above 1.
    """
    moves, newest = _last_moves(prices.log_prices)
    jumped = np.flatnonzero(np.abs(moves) >= np.log(jump))
    waiting = [row for row in jumped.tolist() if not _has_company(prices, moves, newest, row)]
    if not waiting:
        return prices
    log_prices = prices.log_prices.copy()
    rows = list(prices.rows)
    for row in waiting:
        log_prices[row, newest[row]] = np.nan
        factor = float(np.exp(abs(moves[row])))
        note = f"the newest price moved alone by a factor of {factor:.1f} and waits for another"
        rows[row] = replace(rows[row], waiting=factor, notes=(*rows[row].notes, note))
    log_prices.flags.writeable = False
    return replace(prices, rows=tuple(rows), log_prices=log_prices)


def _last_moves(log_prices: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return, per row, the newest value's smaller move from the two before it, and its column.

    Signed logarithms; 0 where a row has fewer than three values.
    """
    count, columns = log_prices.shape
    if columns < _LOOKED_AT:
        return np.zeros(count), np.full(count, -1)
    rank = (~np.isnan(log_prices[:, ::-1])).cumsum(axis=1, dtype=np.int32)
    places = [columns - 1 - (rank == nth).argmax(axis=1) for nth in range(1, _LOOKED_AT + 1)]
    last, before, earlier = (log_prices[np.arange(count), place] for place in places)
    one, two = last - before, last - earlier
    smaller = np.where(np.abs(one) < np.abs(two), one, two)
    return np.where(rank[:, -1] >= _LOOKED_AT, smaller, 0.0), places[0]


def _has_company(prices: PriceMatrix, moves: FloatArray, newest: IntArray, row: int) -> bool:
    """Return whether another series, no more confidential than this one, says the same."""
    label = prices.rows[row].tlp
    may_speak = np.array([about.tlp <= label for about in prices.rows], dtype=bool)
    may_speak &= newest == newest[row]
    may_speak[row] = False
    same_way = np.where(may_speak, moves * np.sign(moves[row]), 0.0)
    if (same_way >= _CALM).sum() >= max(_TURMOIL * may_speak.sum(), _FEWEST):
        return True
    near = np.flatnonzero(same_way >= abs(moves[row]) / 2)
    return any(_is_kin(prices, row, other, before=newest[row]) for other in near.tolist())


def _is_kin(prices: PriceMatrix, row: int, other: int, *, before: int) -> bool:
    if prices.rows[row].mineral == prices.rows[other].mineral:
        return True
    one, two = (np.diff(prices.log_prices[place, :before]) for place in (row, other))
    both = ~np.isnan(one) & ~np.isnan(two)
    if both.sum() < _COMMON or one[both].std() == 0.0 or two[both].std() == 0.0:
        return False
    return bool(np.corrcoef(one[both], two[both])[0, 1] >= _KIN)
