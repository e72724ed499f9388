"""How the sources behind a panel are published: by which feeds, and which releases are held."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from g7warn.domain.freshness import FreshnessState, judge_freshness

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from g7warn.domain.freshness import Freshness, Published


class Held(Protocol):
    """A release that waits for a person."""

    @property
    def feed(self) -> str:
        """Feed that delivered it."""

    @property
    def released_at(self) -> datetime:
        """When the publisher released it."""

    @property
    def reason(self) -> str:
        """One sentence with the figures that led to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publications:
    """What is known of the publishing of each source.

    Attributes:
        datasets: Last word of a series id -> the feeds that deliver such series.
        holds: Releases nobody has decided about. One that was decided is no doubt any more: it is
            in use as of its release, or out for good.
    """

    datasets: Mapping[str, tuple[Published, ...]] = field(default_factory=dict)
    holds: tuple[Held, ...] = ()

    def list_held(self, source: str, *, as_of: datetime) -> list[Held]:
        """Return the releases of a source that were out at `as_of` and wait, oldest first."""
        feeds = {dataset.feed for dataset in self.datasets.get(source, ())}
        waiting = [one for one in self.holds if one.feed in feeds and one.released_at <= as_of]
        return sorted(waiting, key=lambda one: one.released_at)

    def judge(self, source: str, *, last_period: str, as_of: datetime) -> Freshness:
        """Return how fresh a source of `datasets` is that ends in `last_period`.

        Of several feeds the one with the most patient calendar counts.
        """
        order = list(FreshnessState)
        found = [
            judge_freshness(dataset, last_period=last_period, as_of=as_of)
            for dataset in self.datasets[source]
        ]
        return min(found, key=lambda one: order.index(one.state))
