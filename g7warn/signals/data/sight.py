"""Sight: whether anything but stale sources tells of a mineral's supply, trade, stocks or use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

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

SIDES: Final = {
    "supply": ("mine|refine", "production"),
    "trade": ("trade", "imports|exports"),
    "stocks": ("stock", "level|exchange_level"),
    "demand": ("use", ""),
}
"""What can be lost from sight -> patterns of the stages and measures that tell of it. Prices have
an indicator of their own; reserves, studies of past years and notices of policy are no running
account."""


@register
@dataclass(frozen=True, slots=True)
class SourceSight:
    """Every source of a side of a mineral against its own publication calendar.

    A side is out of sight when none of its sources is usable; while one is, the silence of the
    others is noted.
    """

    name: str = "source_sight"
    family: Family = Family.DATA

    def compute(self, panel: Panel) -> list[Signal]:
        """Return one signal a mineral and side that a feed of the catalogue tells of."""
        sides: dict[tuple[str, str], list[Published]] = {}
        for one in read_published(panel):
            for side, (stages, measures) in SIDES.items():
                is_told = one.rows["stage"].str.fullmatch(stages)
                rows = one.rows[is_told & one.rows["measure"].str.match(measures)]
                if len(rows):
                    sides.setdefault((one.mineral, side), []).append(replace(one, rows=rows))
        return [
            self._signal(panel, side, sources)
            for (_, side), sources in sorted(sides.items(), key=lambda item: item[0])
        ]

    def _signal(self, panel: Panel, side: str, sources: list[Published]) -> Signal:
        judge = partial(panel.publications.judge, as_of=panel.as_of)
        own = [judge(one.source, last_period=one.newest) for one in sources]
        silent = sum(not fresh.state.is_usable for fresh in own)
        severity = Severity.MINOR if silent else Severity.NONE
        if silent == len(sources):
            severity = Severity.SEVERE
        told = "; ".join(
            f"{one.source} {fresh.state}, newest {fresh.last_period}"
            for one, fresh in zip(sources, own, strict=True)
        )
        silent_pct = 100.0 * silent / len(sources)
        return observed_signal(
            self,
            mineral=sources[0].mineral,
            area=WORLD,
            direction=Direction.DOWN,
            score=silent_pct,
            past=(),
            severity=severity,
            criterion=f"no source of its {side} is within its publication calendar",
            reason=f"{mineral_name(sources[0].mineral)}: sources of its {side}: {told}.",
            evidence=facts_evidence(
                pd.concat([one.rows for one in sources]),
                values={
                    "silent_sources_pct": silent_pct,
                    "age_days": float(min(fresh.age_days for fresh in own)),
                },
                thresholds={"silent_sources_pct": 100.0},
            ),
        )
