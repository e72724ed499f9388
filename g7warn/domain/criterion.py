"""Criteria that can be checked later, read back from the words in which indicators state them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class CriterionKind(StrEnum):
    """What must happen within the window."""

    PRICE_MOVE = "price_move"
    CHANGE_REACHED = "change_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A consequence and its window.

    Attributes:
        kind: A move from the price then, or a first 12-month change of that size.
        share: Size as a share of the earlier price: -0.33 is a fall by a third.
        months: Length of the window.
    """

    kind: CriterionKind
    share: float
    months: int


_FORMS = (
    (
        re.compile(r"price (?P<percent>[+-]\d+) % or more within (?P<months>\d+) months"),
        CriterionKind.PRICE_MOVE,
    ),
    (
        re.compile(
            r"12-month change of (?P<percent>[+-]\d+) % or more first reached within "
            r"(?P<months>\d+) months"
        ),
        CriterionKind.CHANGE_REACHED,
    ),
)


def parse_criterion(text: str) -> Criterion | None:
    """Return the criterion of its words; None where they are of another form.

    Example:
        >>> parse_criterion("price -33 % or more within 6 months").share
        -0.33
    """
    for pattern, kind in _FORMS:
        if match := pattern.fullmatch(text):
            share = float(match["percent"]) / 100.0
            return Criterion(kind=kind, share=share, months=int(match["months"]))
    return None
