"""Held releases: a source went back in time or rewrote its past, and a person must look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        """Return one signal a mineral and source of the catalogue."""
        return [self._signal(panel, one) for one in read_published(panel)]

    def _signal(self, panel: Panel, one: Published) -> Signal:
        held = panel.publications.list_held(one.source, as_of=panel.as_of)
        about = f"{mineral_name(one.mineral)}: "
        reason = f"{about}no release of {one.source} waits for a person."
        if held:
            newest = held[-1]
            reason = (
                f"{about}the release of {newest.feed} of {newest.released_at:%Y-%m-%d} is held, "
                f"older data stay in use: {newest.reason}."
            )
        return observed_signal(
            self,
            mineral=one.mineral,
            area=WORLD,
            direction=Direction.UP,
            score=float(len(held)),
            past=(),
            severity=Severity.MODERATE if held else Severity.NONE,
            criterion=f"a release of {one.source} is held for a person",
            reason=reason,
            evidence=facts_evidence(
                one.rows,
                values={"held_releases": float(len(held))},
                thresholds={"held_releases": 1.0},
            ),
        )
