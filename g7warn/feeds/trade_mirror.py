"""Mirror comparison of trade: what A reports importing from B against what B reports exporting.

The two differ by freight, timing and re-routing, and by error. A gap beyond what freight explains
is a fact about the data: the pair's figures are not to be read as supply without a second look.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from g7warn.domain.series import SeriesId

if TYPE_CHECKING:
    from collections.abc import Iterable

_MEASURE = re.compile(r"(imports|exports)_(value|weight)_(\w+)")
FREIGHT_SHARE = 0.1
"""Freight and insurance in the value at the importer's border, over the value at the exporter's.
Customs valuation practice and the IMF's Direction of Trade Statistics use 6 to 10 %; minerals of
low value by weight lie above."""
COLUMNS = ("mineral", "heading", "kind", "importer", "exporter", "period", "imports", "exports")


def compare_mirrors(facts: pd.DataFrame) -> pd.DataFrame:
    """Return importers' figures beside exporters' for each pair, heading and period both know.

    Args:
        facts: Rows with series_id, period and value, of series whose measure is such as
            `imports_weight_2846` and whose area is `<reporter>_<partner>`; others are left out.

    Returns:
        The columns of `COLUMNS`, and `gap`: imports over exports, values at the border of the
        exporter, less one; NaN where exports are 0. One row a mineral, heading, kind, pair and
        period, in that order.

    Example:
        >>> rows = [("tin.trade.imports_value_8001.us_cn.x", "2024", 132.0),
        ...         ("tin.trade.exports_value_8001.cn_us.x", "2024", 100.0)]
        >>> table = pd.DataFrame(rows, columns=["series_id", "period", "value"])
        >>> compare_mirrors(table)["gap"].round(2).tolist()
        [0.2]
    """
    keys = _read_keys(facts["series_id"].unique())
    known = facts.merge(keys, on="series_id")
    by = ["mineral", "heading", "kind", "importer", "exporter", "period"]
    if known.empty:
        return pd.DataFrame(columns=[*COLUMNS, "gap"])
    sides = known.pivot_table(index=by, columns="flow", values="value", aggfunc="sum")
    for side in ("imports", "exports"):
        if side not in sides:
            sides[side] = float("nan")
    both = sides[["imports", "exports"]].dropna().reset_index()
    freight = both["kind"].map({"value": 1.0 + FREIGHT_SHARE, "weight": 1.0}).astype(float)
    gap = both["imports"] / freight / both["exports"].where(both["exports"] > 0.0) - 1.0
    return both[list(COLUMNS)].assign(gap=gap).sort_values(by, ignore_index=True)


def unit_values(facts: pd.DataFrame) -> pd.DataFrame:
    """Return value over weight for each pair, flow, heading and period that has both.

    Args:
        facts: As for `compare_mirrors`, values in one currency and weights in tonnes.

    Returns:
        mineral, heading, flow, importer, exporter, period, unit_value (currency per tonne).
    """
    keys = _read_keys(facts["series_id"].unique())
    known = facts.merge(keys, on="series_id")
    by = ["mineral", "heading", "flow", "importer", "exporter", "period"]
    kinds = known.pivot_table(index=by, columns="kind", values="value", aggfunc="sum")
    if not {"value", "weight"} <= set(kinds.columns):
        return pd.DataFrame(columns=[*by, "unit_value"])
    both = kinds.dropna()
    both = both[both["weight"] > 0.0]
    return (both["value"] / both["weight"]).rename("unit_value").reset_index()


def _read_keys(series_ids: Iterable[str]) -> pd.DataFrame:
    rows = []
    for text in series_ids:
        series = SeriesId.parse(text)
        match = _MEASURE.fullmatch(series.measure)
        reporter, has_partner, partner = series.area.partition("_")
        if series.stage != "trade" or match is None or not has_partner:
            continue
        is_import = match[1] == "imports"
        importer, exporter = (reporter, partner) if is_import else (partner, reporter)
        rows.append((text, series.mineral, match[3], match[2], match[1], importer, exporter))
    names = ["series_id", "mineral", "heading", "kind", "flow", "importer", "exporter"]
    return pd.DataFrame(rows, columns=names)
