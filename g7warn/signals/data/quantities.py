"""The same quantity as two publishers state it: world production a year, world price a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from g7warn.domain.mineral import list_minerals
from g7warn.domain.place import WORLD
from g7warn.domain.series import ObsStatus
from g7warn.signals.histories import TONNES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from g7warn.signals.matrix import PriceMatrix
    from g7warn.signals.panel import Panel

STAGES: Final = ("mine", "refine")
"""Stages whose world production more than one publisher states."""

PARTS: Final = {("lithium", "mine", "bgs"): "_li_content"}
"""Mineral, stage, source -> end of the measures that add up to what others state as `production`.

BGS lists lithium by mineral, each with a row of its lithium content; USGS states the sum. Content,
not carbonate equivalent: the two differ by 5.323, the weights of Li2CO3 and of its lithium."""

OTHER_DEFINITION: Final = {
    ("manganese", "mine", "bgs"): "BGS weighs the ore (units column: tonnes, not metal content)"
}
"""What cannot be held against others' figures, and why: the publisher counts something else."""

_OUNCE, _POUND, _DRY_UNIT = 3.11034768e-5, 4.5359237e-4, 1e-2
_PRICED: Final = {**TONNES, "ozt": _OUNCE, "lb": _POUND, "dmtu": _DRY_UNIT, "g": 1e-6}
"""Weight in a price's unit, lower case -> tonnes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantity:
    """One quantity as one source states it.

    Attributes:
        mineral: Catalogue code.
        what: "mine production" or "price".
        source: Last word of the series ids.
        amounts: Period label -> value in tonnes, or in currency per tonne; oldest first, none
            missing.
        currency: Of a price; empty for a weight.
        rows: What it was made of: series_id, period, known_at, is_estimated, tlp.
    """

    mineral: str
    what: str
    source: str
    amounts: pd.Series
    currency: str
    rows: pd.DataFrame


def read_production(panel: Panel) -> Iterator[Quantity]:
    """Yield world production by mineral, stage and source.

    The source's own world total counts; one that states none is added up over its countries. A
    source that names one country alone says nothing of the world.
    """
    facts = panel.facts
    facts = facts[facts["stage"].isin(STAGES) & facts["unit"].str.lower().isin(TONNES)]
    facts = facts[(facts["status"] != ObsStatus.FORECAST) & (facts["period"].str.len() == 4)]
    watched = {mineral.code for mineral in list_minerals()}
    for (mineral, stage, source), part in facts.groupby(["mineral", "stage", "source"], sort=True):
        key = (str(mineral), str(stage), str(source))
        if mineral not in watched or key in OTHER_DEFINITION:
            continue
        ending = PARTS.get(key)
        measures = part["measure"]
        rows = part[measures == "production" if ending is None else measures.str.endswith(ending)]
        if (rows["area"] == WORLD).any():
            rows = rows[rows["area"] == WORLD]
        elif rows["area"].nunique() < 2:
            continue
        tonnes = rows["value"] * rows["unit"].str.lower().map(TONNES)
        yield Quantity(
            mineral=str(mineral),
            what=f"{stage} production",
            source=str(source),
            amounts=tonnes.groupby(rows["period"]).sum(),
            currency="",
            rows=rows,
        )


def read_prices(panel: Panel) -> Iterator[Quantity]:
    """Yield monthly world prices by mineral and source, in currency per tonne."""
    prices = panel.monthly
    for row, about in enumerate(prices.rows):
        currency, _, weight = about.unit.lower().partition("/")
        if about.mineral not in panel.benchmarks or about.area != WORLD or weight not in _PRICED:
            continue
        values = pd.Series(np.exp(prices.log_prices[row]), index=list(prices.periods)).dropna()
        yield Quantity(
            mineral=about.mineral,
            what="price",
            source=about.series_id.rpartition(".")[2],
            amounts=values / _PRICED[weight],
            currency=currency.upper(),
            rows=_describe_price(prices, row, values.index),
        )


def _describe_price(prices: PriceMatrix, row: int, periods: pd.Index) -> pd.DataFrame:
    about = prices.rows[row]
    return pd.DataFrame(
        {
            "series_id": about.series_id,
            "period": periods,
            "known_at": pd.Timestamp(about.vintage_at),
            "is_estimated": about.is_estimated,
            "tlp": int(about.tlp),
        }
    )
