"""When a sum of confidential contributions may be seen, and as what."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


CONTRIBUTED = "member_"
"""How the source of a series begins that one contributor submitted: such a series is shown to
nobody but the secretariat."""


class DisclosureRisk(StrEnum):
    """Why a sum may not be seen."""

    NONE = "none"
    TOO_FEW = "too few contributors"
    DOMINATED = "one contributor dominates"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRule:
    """What a sum must fulfil before anybody but its contributors may see it.

    Attributes:
        min_contributors: Fewer are too few: with two, each can compute the other's share.
        max_share: Largest share of one contributor in the sum, 0 to 1; above it, the sum nearly
            tells that contributor's value.

    Source:
        The two rules (minimum frequency, dominance of the largest) stand in the Handbook on
        Statistical Disclosure Control, chapter 4, sdctools.github.io/HandbookSDC, seen 2026-11-22.
        It leaves the share to the agency; 0.85 is our judgement: the largest value is then
        known to its second contributor to within 18 %.
    """

    min_contributors: int = 3
    max_share: float = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeSum:
    """A sum of contributions, or the reason why it may not be seen.

    Attributes:
        risk: NONE where it may be seen.
        total: The sum, in the contributions' unit; None where it may not be seen.
        contributors: How many contributed.
    """

    risk: DisclosureRisk
    total: float | None
    contributors: int


def sum_safely(
    contributions: Mapping[str, float], *, rule: DisclosureRule | None = None
) -> SafeSum:
    """Return the sum of confidential contributions if it may be seen.

    Contributions of zero tell nothing about an amount and do not count as contributors.

    Args:
        contributions: Contributor -> amount, none of them negative, all in one unit.
        rule: What the sum must fulfil; by default three contributors, none above 85 %.

    Example:
        >>> sum_safely({"ca": 1.0, "jp": 2.0}).risk
        <DisclosureRisk.TOO_FEW: 'too few contributors'>
        >>> sum_safely({"ca": 1.0, "jp": 2.0, "fr": 3.0}).total
        6.0
    """
    rule = rule or DisclosureRule()
    amounts = [amount for amount in contributions.values() if amount > 0]
    total = sum(amounts)
    if len(amounts) < rule.min_contributors:
        return SafeSum(risk=DisclosureRisk.TOO_FEW, total=None, contributors=len(amounts))
    if max(amounts) > rule.max_share * total:
        return SafeSum(risk=DisclosureRisk.DOMINATED, total=None, contributors=len(amounts))
    return SafeSum(risk=DisclosureRisk.NONE, total=total, contributors=len(amounts))


def find_band(value: float, *, edges: Sequence[float]) -> str:
    """Return the band that a secret value lies in, as evidence may show it.

    Args:
        value: The value.
        edges: Where one band ends and the next begins, ascending.

    Example:
        >>> find_band(75.0, edges=[30, 60, 90]), find_band(5.0, edges=[30, 60, 90])
        ('60 to 90', 'below 30')
    """
    place = bisect_right(edges, value)
    if place == 0:
        return f"below {edges[0]:g}"
    if place == len(edges):
        return f"{edges[-1]:g} or more"
    return f"{edges[place - 1]:g} to {edges[place]:g}"
