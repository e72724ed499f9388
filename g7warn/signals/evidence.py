"""Evidence: series, periods, vintage, values and thresholds of what a signal rests on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from g7warn.domain.marking import Tlp
from g7warn.domain.signal import Evidence
from g7warn.signals.wording import unit_suffix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from g7warn.signals.matrix import PriceMatrix


def price_evidence(
    prices: PriceMatrix,
    row: int,
    *,
    values: Mapping[str, float],
    thresholds: Mapping[str, float],
    notes: Sequence[str] = (),
) -> Evidence:
    """Return the evidence of a finding on one price series; its newest price is added.

    Values that are NaN are left out: evidence holds numbers.
    """
    about = prices.rows[row]
    newest = prices.price(row, prices.newest_column(row))
    found = {f"price_{unit_suffix(about.unit)}": newest, **values}
    return Evidence(
        series_ids=(about.series_id,),
        periods=prices.span(row),
        vintage_at=about.vintage_at,
        values={name: value for name, value in found.items() if not math.isnan(value)},
        thresholds=dict(thresholds),
        is_estimated=about.is_estimated,
        tlp=about.tlp,
        notes=(*about.notes, *notes),
    )


def facts_evidence(
    rows: pd.DataFrame,
    *,
    values: Mapping[str, float],
    thresholds: Mapping[str, float],
    notes: Sequence[str] = (),
) -> Evidence:
    """Return the evidence of a finding on observations of `Panel.facts`, at least one row."""
    return Evidence(
        series_ids=tuple(sorted(rows["series_id"].unique())),
        periods=(str(rows["period"].min()), str(rows["period"].max())),
        vintage_at=rows["known_at"].max().to_pydatetime(),
        values={name: float(v) for name, v in values.items() if not math.isnan(v)},
        thresholds=dict(thresholds),
        is_estimated=bool(rows["is_estimated"].any()),
        tlp=Tlp(int(rows["tlp"].max())),
        notes=tuple(notes),
    )
