"""Held releases: a source went back in time or rewrote its past, and a person must look."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

from g7warn.domain.place import WORLD
from g7warn.domain.signal import Direction, Family, Severity, Signal
from g7warn.signals.base import register
from g7warn.signals.data.publishing import Published, read_published
from g7warn.signals.evidence import facts_evidence
from g7warn.signals.observed import observed_signal
from g7warn.signals.wording import mineral_name

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel


@register
@dataclass(frozen=True, slots=True)
class HeldRelease:
    """Whether the newest release of a mineral's sources waits while older data stay in use."""

    name: str = "held_release"
    family: Family = Family.DATA

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral that a feed of the catalogue tells of."""
        published = read_published(panel)
        return [
            self._signal(panel, mineral, list(sources))
            for mineral, sources in groupby(published, key=lambda one: one.mineral)
        ]

    def _signal(self, panel: Panel, mineral: str, sources: list[Published]) -> Signal:
        held = [
            release
            for one in sources
            for release in panel.publications.list_held(one.source, as_of=panel.as_of)
        ]
        told = "; ".join(
            f"the release of {one.feed} of {one.released_at:%Y-%m-%d} is held, {one.reason}"
            for one in held
        )
        reason = f"{told}; older data stay in use" if held else "no release of its sources waits"
        return observed_signal(
            self,
            mineral=mineral,
            area=WORLD,
            direction=Direction.UP,
            score=float(len(held)),
            past=(),
            severity=Severity.MODERATE if held else Severity.NONE,
            criterion="a release of one of its sources is held for a person",
            reason=f"{mineral_name(mineral)}: {reason}.",
            evidence=facts_evidence(
                pd.concat([one.rows for one in sources]),
                values={"held_releases": float(len(held))},
                thresholds={"held_releases": 1.0},
            ),
        )
