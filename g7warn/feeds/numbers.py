"""Reads the text of a cell as a number, or says why it is none."""

from __future__ import annotations

import math
import re

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_MINUS = "\u2212"  # the typographer's minus, which some publishers set in figures
_LARGEST = 1e18
"""Beyond this a number is damage: the largest figures on file, reserves in kilograms and trade in
dollars, stay below 1e15."""


def read_number(cell: object, *, is_grouped: bool = False) -> tuple[float, str]:
    """Return the number that a cell holds, and an empty text; or NaN, and why it is none.

    Only one decimal mark is understood, the point. `1.234,5` and `1,5` are refused, never guessed.

    Args:
        cell: A number, or a text.
        is_grouped: Whether this publisher groups thousands with commas (`1,234,567`).

    Example:
        >>> read_number("12.5")
        (12.5, '')
        >>> read_number("1.234,5")[1]
        "'1.234,5' is no number"
    """
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return math.nan, f"{_shorten(cell)} is no number"
    if isinstance(cell, str):
        text = cell.strip().replace(_MINUS, "-", 1)
        if is_grouped and _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if not _PLAIN.fullmatch(text) or len(text) > 400:
            return math.nan, f"{_shorten(cell)} is no number"
        value = float(text)
    else:
        try:
            value = float(cell)
        except OverflowError:
            value = math.inf
    if not abs(value) <= _LARGEST:  # also true of NaN
        return math.nan, f"{_shorten(cell)} is not finite or beyond {_LARGEST:g}"
    return value, ""


def _shorten(cell: object) -> str:
    text = repr(cell)
    return text if len(text) <= 60 else f"{text[:57]}..."
