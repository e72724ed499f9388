"""Measures in force, announced or suspended: their stage today, and the supply they touch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from g7warn.domain.mineral import list_minerals
from g7warn.signals.suppliers import read_largest_shares

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.signals.panel import Panel

HAZARD: Final = "hazard"
"""Measure of known dates ahead."""

REACH: Final = {
    "export_ban": 1.0,
    "export_quota": 0.5,
    "export_licence": 0.5,
    "export_tax": 0.2,
    "minimum_price": 0.2,
    "other": 0.2,
}
"""Export measure -> share of a country's supply that it can hold back at worst. Judgement: a ban
stops all, quotas and licences have cut exports by about half at first, taxes shift prices."""


class Level(IntEnum):
    """Stage of a measure as policy feeds store it."""

    LAPSED = 0
    ANNOUNCED = 1
    SUSPENDED = 2
    IN_FORCE = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Restriction:
    """One measure of one country on one mineral, as it stands.

    Attributes:
        mineral: Catalogue code.
        area: Country that takes it.
        measure: What it does.
        level: Its stage at the instant of the panel.
        on: Day from which that stage holds, ISO 8601.
        share: Share of the world's production in that country, 0 to 1; NaN where it is unknown.
        rows: The observations it was read from.
        notes: Caveats for the evidence.
    """

    mineral: str
    area: str
    measure: str
    level: Level
    on: str
    share: float
    rows: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def at_stake(self) -> float:
        """Share of the world's supply that the measure can hold back at worst."""
        return self.share * REACH[self.measure]


def read_restrictions(panel: Panel) -> list[Restriction]:
    """Return every export restriction known, also lapsed ones, by mineral, country and measure.

    A stage whose day lies ahead counts as announced.
    """
    facts = panel.facts[panel.facts["stage"] == "policy"]
    facts = facts[facts["measure"].isin(REACH)]
    watched = {mineral.code for mineral in list_minerals()}
    largest = read_largest_shares(panel)
    today = panel.as_of.date().isoformat()
    found = []
    for (mineral, area, measure), rows in facts.groupby(["mineral", "area", "measure"], sort=True):
        if mineral not in watched:
            continue
        steps = rows.sort_values(["period", "known_at"])
        begun = steps[steps["period"] <= today]
        ahead = steps[steps["period"] > today]
        newest = begun.iloc[-1] if len(begun) else ahead.iloc[0]
        level = Level(int(min(max(newest["value"], 0.0), 3.0)))
        if (len(ahead) and level is Level.LAPSED) or begun.empty:
            newest, level = ahead.iloc[0], Level.ANNOUNCED
        share = largest.get((str(mineral), str(area)), float("nan"))
        found.append(
            Restriction(
                mineral=str(mineral),
                area=str(area),
                measure=str(measure),
                level=level,
                on=str(newest["period"]),
                share=share,
                rows=rows,
                notes=("the country's share of supply is unknown",) if math.isnan(share) else (),
            )
        )
    return found
