"""Records: how many of the events that came a choice of probability would have caught."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from g7warn.domain.signal import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """What alerts from one probability on would have been.

    Attributes:
        probability: Lowest probability that raises an alert, 0 to 1.
        alerts: Alerts raised.
        right: Those that an onset followed within the window.
        caught: Onsets with an alert in the window before.
        median_lead_months: From the first such alert to the onset; 0 where none was caught.
    """

    probability: float
    alerts: int
    right: int
    caught: int
    median_lead_months: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingRecord:
    """Past alerts of one direction at every probability a member may choose.

    Attributes:
        direction: Spikes (up) or crashes (down).
        first_month: First month whose odds counted; the model had learned from earlier ones alone.
        last_month: Last one.
        series: Prices watched.
        series_years: Years watched, over all of them.
        episodes: Onsets that could have been caught.
        points: By probability, lowest first.
    """

    direction: Direction
    first_month: str
    last_month: str
    series: int
    series_years: float
    episodes: int
    points: tuple[OperatingPoint, ...]

    def at(self, probability: float) -> OperatingPoint:
        """Return the first point that is not below a probability; the highest beyond all."""
        return next((p for p in self.points if p.probability >= probability), self.points[-1])

    def within(self, alerts_per_year: float) -> float:
        """Return the lowest probability from which on a budget of alerts was kept; 1: none."""
        kept = 1.0
        for point in reversed(self.points):
            if point.alerts > alerts_per_year * self.series_years:
                break
            kept = point.probability
        return kept

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """Return the record of a mapping as `dataclasses.asdict` makes it."""
        points = tuple(OperatingPoint(**point) for point in plain["points"])
        return cls(**plain | {"direction": Direction(plain["direction"]), "points": points})
