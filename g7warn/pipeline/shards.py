"""Shards: the minerals of a large panel in parts, so that several workers grade them side by side.

Models pool all prices, so that every part reads all of them; grades and the lives of alerts belong
to one mineral. The parts together append what one piece would.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from g7warn.domain.mineral import list_minerals
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import series, signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

    from g7warn.domain.alert import AlertEvent
    from g7warn.settings import Settings

SERIES_A_SHARD = 20_000
"""Series from which on a panel is cut. Judgement: 10,000 take about two seconds; a worker's start
takes longer than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Some minerals, and since when they are due.

    Attributes:
        minerals: Codes; empty: all.
        last: When the newest assessment was made; None: there was none. It is the same for all
            shards of a run, whichever of them ends first.
    """

    minerals: frozenset[str]
    last: datetime | None

    @classmethod
    def whole(cls, engine: Engine, *, as_of: datetime) -> Self:
        """Return everything as one piece."""
        return cls(minerals=frozenset(), last=signals.find_last(engine, before=as_of))

    @classmethod
    def parse(cls, plain: Mapping[str, Any]) -> Self:
        """Return the shard of a mapping as `list_shards` gives it."""
        last = datetime.fromisoformat(plain["last"]) if plain["last"] else None
        return cls(minerals=frozenset(plain["minerals"]), last=last)

    def holds(self, event: AlertEvent) -> bool:
        """Return whether an event is about one of the minerals."""
        return not self.minerals or event.assessment.fingerprint.mineral in self.minerals


def list_shards(*, as_of: datetime, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return the shards of an assessment, JSON-safe; a panel that is not large is one piece.

    Args:
        as_of: Of the assessment.
        settings: In place of the environment's.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    with open_workspace(settings) as workspace:
        counts = series.count_by_mineral(workspace.engine)
        last = signals.find_last(workspace.engine, before=as_of)
    number = max(1, -(-sum(counts.values()) // SERIES_A_SHARD))
    parts = deal_minerals(counts, number=number) if number > 1 else [[]]
    begun = last.isoformat() if last else ""
    return [{"minerals": part, "last": begun} for part in parts]


def deal_minerals(counts: Mapping[str, int], *, number: int) -> list[list[str]]:
    """Return every mineral of the catalogue in one of so many parts of about equal size.

    Args:
        counts: Mineral -> series in the store.
        number: Of parts; none is empty, so that there may be fewer.

    Example:
        >>> parts = deal_minerals({"nickel": 9, "tin": 5, "zinc": 4}, number=2)
        >>> ["nickel" in part for part in parts], ["zinc" in part for part in parts]
        ([True, False], [False, True])
    """
    codes = sorted(
        (mineral.code for mineral in list_minerals()), key=lambda c: (-counts.get(c, 0), c)
    )
    parts: list[list[str]] = [[] for _ in range(min(number, len(codes)))]
    sizes = [0] * len(parts)
    for code in codes:
        smallest = sizes.index(min(sizes))
        parts[smallest].append(code)
        sizes[smallest] += counts.get(code, 0) + 1
    return [sorted(part) for part in parts]
