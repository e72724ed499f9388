"""Who produces how much: production by country, stage and year, from one source a stage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from g7warn.domain.mineral import list_minerals
from g7warn.domain.place import WORLD
from g7warn.domain.series import ObsStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from g7warn.signals.panel import Panel

COVERAGE: Final = 0.5
"""Share of the world total that named countries must explain before shares are stated. Judgement:
below it the largest supplier may be among those the source withholds."""


STALE_YEARS: Final = 4
"""Years after which a supply is no longer described by its newest figures: yearbooks come out two
years late, and two more are given. Judgement."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StageSupply:
    """Production of one mineral at one stage, as one source states it.

    Attributes:
        mineral: Catalogue code.
        stage: mine, refine, ...
        rows: The observations it was made of, for the evidence.
        volumes: Year label x country (ISO alpha-2), in the source's unit; NaN = not stated.
        totals: World production by year: the source's own total where it is not below the sum of
            the countries, else that sum.
        notes: What was left out or derived, in words for the evidence.
    """

    mineral: str
    stage: str
    rows: pd.DataFrame
    volumes: pd.DataFrame
    totals: pd.Series
    notes: tuple[str, ...]

    @property
    def shares(self) -> pd.DataFrame:
        """Share of each country in the world total, year x country, 0 to 1."""
        return self.volumes.div(self.totals, axis=0)

    @property
    def recent_shares(self) -> pd.Series:
        """Larger share of each country in the two newest years: one that stopped had the first."""
        return self.shares.iloc[-2:].max().dropna()

    @property
    def newest(self) -> str:
        """Label of the newest year."""
        return str(self.volumes.index[-1])


@lru_cache(maxsize=2)  # six indicators ask in turn; a panel is a value and never changes
def read_suppliers(panel: Panel) -> tuple[StageSupply, ...]:
    """Return production by country of every catalogue mineral and stage, in their order.

    Of several sources the one with the newest year is taken, then the one that names most
    countries. Years whose named countries explain less than `COVERAGE` of the world, or of their
    own usual sum, are left out; forecasts are no production; aggregates ("other countries") are no
    country; a mineral whose newest year is older than `STALE_YEARS` has no supply.
    """
    facts = panel.facts_on("production")
    is_annual = facts["period"].str.len() == len("2024")
    facts = facts[is_annual & (facts["status"] != ObsStatus.FORECAST)]
    watched = {mineral.code for mineral in list_minerals()}
    found = []
    for (mineral, stage), part in facts.groupby(["mineral", "stage"], sort=True):
        if mineral not in watched:
            continue
        supply = _of_source(str(mineral), str(stage), _choose_source(part), year=panel.as_of.year)
        if supply is not None:
            found.append(supply)
    return tuple(found)


def read_largest_shares(panel: Panel) -> dict[tuple[str, str], float]:
    """Return each country's newest share of the world, by mineral and country.

    Of several stages the one where the share is largest counts: it is where the country can hurt.
    """
    return pick_largest(
        {
            (supply.mineral, supply.stage, str(area)): float(share)
            for supply in read_suppliers(panel)
            for area, share in supply.shares.iloc[-1].dropna().items()
        }
    )


def pick_largest(at_stage: Mapping[tuple[str, str, str], float]) -> dict[tuple[str, str], float]:
    """Return the largest share over the stages, by mineral and country.

    Args:
        at_stage: Share of the world, 0 to 1, by mineral, stage and country.
    """
    shares: dict[tuple[str, str], float] = {}
    for (mineral, _, area), share in at_stage.items():
        shares[mineral, area] = max(share, shares.get((mineral, area), 0.0))
    return shares


def _choose_source(facts: pd.DataFrame) -> pd.DataFrame:
    countries = facts[facts["area"].str.len() == len("cn")]
    ranks = {
        str(source): (part["period"].max(), part["area"].nunique())
        for source, part in countries.groupby("source", sort=True)
    }
    best = max(ranks, key=lambda source: ranks[source], default="")
    return facts[facts["source"] == best]


def _of_source(mineral: str, stage: str, facts: pd.DataFrame, *, year: int) -> StageSupply | None:
    is_country = facts["area"].str.len() == len("cn")
    # One value a cell, so no aggregation is needed; pivot_table takes three times as long.
    volumes = facts[is_country].set_index(["period", "area"])["value"].unstack()  # noqa: PD010
    if volumes.empty:
        return None
    stated = facts[facts["area"] == WORLD].set_index("period")["value"].reindex(volumes.index)
    named = volumes.sum(axis=1)
    totals = stated.where(stated >= named, named)
    # A source without a world total may lack its large producers in its newest year.
    usual = named.rolling(3).median().shift(1)
    explained = named / totals.where(totals > 0.0).where(~(named < COVERAGE * usual))
    kept = explained >= COVERAGE
    notes = []
    if stated.isna().any() or (stated < named).any():
        notes.append("where the source has no world total above its countries, their sum stands in")
    if not kept.all():
        left_out = ", ".join(volumes.index[~kept])
        notes.append(f"named countries explain less than half of the usual in {left_out}: left out")
    if not kept.any() or int(volumes.index[kept][-1]) < year - STALE_YEARS:
        return None
    return StageSupply(
        mineral=mineral,
        stage=stage,
        rows=facts,
        volumes=volumes[kept],
        totals=totals[kept],
        notes=tuple(notes),
    )
