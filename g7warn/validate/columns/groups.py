"""Facts about a row among the other series of the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKENS = ("mineral", "stage", "measure", "area", "source")


def _split(table: pd.DataFrame) -> pd.DataFrame:
    names = table["series_id"].unique()
    tokens = pd.DataFrame(
        [(str(name).split(".") + [""] * 5)[:5] for name in names],
        columns=list(_TOKENS),
        index=names,
    )
    return tokens.loc[table["series_id"]].set_index(table.index)


def find_parts_share(table: pd.DataFrame, _options: Mapping[str, object], /) -> pd.Series:
    """Return the countries' sum over the world total of the same thing and period; NaN for none.

    Above 1 by more than rounding, a subtotal was counted beside its parts.
    """
    tokens = _split(table)
    keys = [tokens["mineral"], tokens["stage"], tokens["measure"], tokens["source"]]
    keys += [table["unit"], table["period"]]
    is_world = tokens["area"] == "world"
    values = table["value"].where(np.isfinite(table["value"]), 0.0)
    total = values.where(is_world, 0.0).groupby([key.to_numpy() for key in keys]).transform("sum")
    parts = values.where(~is_world, 0.0).groupby([key.to_numpy() for key in keys]).transform("sum")
    return (parts / total.where(total > 0)).astype("float64")


def find_quote_position(table: pd.DataFrame, _options: Mapping[str, object], /) -> pd.Series:
    """Return where a price lies against its own low and high.

    `inside`, `below`, `above`, or `crossed` where the low is above the high. Rows without both are
    `inside`.
    """
    tokens = _split(table)
    cell = tokens[["mineral", "stage", "area", "source"]].assign(period=table["period"])
    key = pd.MultiIndex.from_frame(cell)
    sides = {}
    for side in ("price_low", "price_high"):
        of = table["value"].to_numpy()[(tokens["measure"] == side).to_numpy()]
        at = key[(tokens["measure"] == side).to_numpy()]
        known = pd.Series(of, index=at)
        known = known[~known.index.duplicated()]
        sides[side] = known.reindex(key).to_numpy()
    low, high, value = sides["price_low"], sides["price_high"], table["value"].to_numpy()
    is_price = tokens["measure"].isin(["price", "price_low", "price_high"]).to_numpy()
    where = np.select(
        [is_price & (low > high), is_price & (value < low), is_price & (value > high)],
        ["crossed", "below", "above"],
        "inside",
    )
    return pd.Series(where, index=table.index, dtype="str")
