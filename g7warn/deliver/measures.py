"""Measured values in a reader's language: the unit is the suffix of a value's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from g7warn.deliver.language import Words

_SHARES = ("percentile", "probability", "share")
_CHANCE = re.compile(r"^p_\d+m$")
"""Probability within that many months."""

_SIGNED = ("change", "growth", "step", "return", "move")


def format_measure(name: str, number: float, words: Words) -> str:
    """Return a number with the unit that its name ends in.

    Args:
        name: Name with its unit as suffix: `change_pct`, `lead_months`, `price_usd_per_t`.
        number: In that unit; `percentile`, `probability` and `share` run from 0 to 1.
        words: The reader's language.
    """
    if name.endswith(("_pct", "_pct_per_month")):
        is_signed = any(word in name for word in _SIGNED)
        return words.percent(number / 100.0, is_signed=is_signed)
    if name.rpartition("_")[2] in _SHARES or _CHANCE.match(name):
        return words.percent(number)
    if name.endswith("_months"):
        return words.months(number)
    if name.endswith("_days"):
        return words.count("days", round(number))
    if name.endswith("_year") and "_per_" not in name:
        return f"{number:.0f}"
    suffix = _unit_suffix(name, words)
    text = words.number(number)
    return f"{text} {words.unit(suffix)}" if suffix else text


def label_measure(name: str, words: Words) -> str:
    """Return the label of a value, empty where the catalogue has none."""
    suffix = _unit_suffix(name, words)
    stem = name.removesuffix(f"_{suffix}") if suffix else name
    for candidate in (name, stem):
        if words.has(f"measure.{candidate}"):
            return words.say(f"measure.{candidate}")
    return ""


def _unit_suffix(name: str, words: Words) -> str:
    parts = name.split("_")
    suffixes = ("_".join(parts[start:]) for start in range(1, len(parts)))
    return next((suffix for suffix in suffixes if words.has(f"unit.{suffix}")), "")
