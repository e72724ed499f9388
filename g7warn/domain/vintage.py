"""What changed between two releases of the same data."""

from __future__ import annotations

from dataclasses import dataclass

SAME_RTOL = 1e-9
"""Values closer than this share are the same number: workbooks and text carry 15 digits, and a
rewritten file must not look revised. Judgement; publishers print at most 7 digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """One cell that a release revised or withdrew.

    Attributes:
        series_id: Which series.
        period: Which period, SDMX label.
        before: Value until this release, in the series' unit.
        after: Value from this release on; NaN where it was withdrawn.
    """

    series_id: str
    period: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VintageDiff:
    """A release held against what was known before it, in cells (series, period).

    Attributes:
        new: Cells never seen.
        revised: Cells with another value.
        withdrawn: Cells that the release should hold, by its own span, and does not.
        unchanged: Cells that say the same.
        previous_last_period: Newest period known before, of the series in the release.
        last_period: Newest period of the release.
        shortened: Series that end earlier than before.
        changes: The largest revisions and the withdrawals, largest first, some tens at most.
    """

    new: int
    revised: int
    withdrawn: int
    unchanged: int
    previous_last_period: str
    last_period: str
    shortened: tuple[str, ...] = ()
    changes: tuple[CellChange, ...] = ()

    @property
    def has_gone_back(self) -> bool:
        """Whether the release ends earlier than what was known before it."""
        return bool(self.shortened) and self.last_period < self.previous_last_period

    @property
    def revised_share(self) -> float:
        """Share of the cells known before that the release changes or withdraws, 0 to 1."""
        known = self.revised + self.withdrawn + self.unchanged
        return (self.revised + self.withdrawn) / known if known else 0.0
