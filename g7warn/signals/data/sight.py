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

SEEN: Final = {
    "mine": "supply",
    "refine": "supply",
    "trade": "trade",
    "stock": "stocks",
    "use": "demand",
}
"""Stage -> what is lost from sight when its sources stop. Prices have an indicator of their own;
shares of past years, reserves and notices of policy are no running account."""


CORE: Final = "supply"
"""The side that no warning can do without. A mineral that all its sources have dropped from it is
out of sight although the sources go on; on the other sides that is a figure withheld, and noted."""


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
        published = read_published(panel)
        newest: dict[str, str] = {}
        for one in published:
            newest[one.source] = max(newest.get(one.source, ""), one.newest)
        sides: dict[tuple[str, str], list[Published]] = {}
        for one in published:
            running = one.rows[~one.rows["measure"].str.contains("share")]
            for side, rows in running.groupby(running["stage"].map(SEEN), sort=True):
                sides.setdefault((one.mineral, str(side)), []).append(replace(one, rows=rows))
        return [
            self._signal(panel, side, sources, newest)
            for (_, side), sources in sorted(sides.items(), key=lambda item: item[0])
        ]

    def _signal(
        self, panel: Panel, side: str, sources: list[Published], newest: dict[str, str]
    ) -> Signal:
        judge = partial(panel.publications.judge, as_of=panel.as_of)
        own = [judge(one.source, last_period=one.newest) for one in sources]
        whole = [judge(one.source, last_period=newest[one.source]) for one in sources]
        silent = sum(not fresh.state.is_usable for fresh in own)
        decisive = own if side == CORE else whole
        severity = Severity.MINOR if silent else Severity.NONE
        if not any(fresh.state.is_usable for fresh in decisive):
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
