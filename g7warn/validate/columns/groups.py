"""Facts about a row among the other series of the same thing."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRADE = r"^(?P<flow>imports?|exports?)_(?P<kind>value|weight)_(?P<heading>\w+)$"
_TINY = 1e-9  # stands for a weight of nothing: its value per weight is absurd whatever the value
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

    Above 1 by more than rounding, a subtotal was counted beside its parts; infinite where countries
    produce and the world is said to produce nothing.
    """
    tokens = _split(table)
    keys = [tokens["mineral"], tokens["stage"], tokens["measure"], tokens["source"]]
    keys += [table["unit"], table["period"]]
    is_world = tokens["area"] == "world"
    by = [key.to_numpy() for key in keys]
    values = table["value"].where(np.isfinite(table["value"]))
    total = values.where(is_world).groupby(by).transform("sum", min_count=1)
    parts = values.where(~is_world).groupby(by).transform("sum", min_count=1)
    return (parts / total.where(total >= 0)).astype("float64")


def find_own_distance(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return how far a value lies from its series' other values, as a share of what is allowed.

    The distance is the factor between a value and the median of the others, in logarithms; in a
    small table nothing else tells a number that stands in another's cell. 0 for zero and negative
    values, for series of fewer than three, and for those without a limit.

    Args:
        table: Rows with series_id, period and value.
        options: `limits`: pattern of series ids -> largest factor; the first that fits counts.
    """
    limits = cast("Mapping[str, float]", options.get("limits", {}))
    is_used = (table["value"] > 0) & np.isfinite(table["value"])
    shares = pd.Series(0.0, index=table.index)
    for name, values in table.loc[is_used, "value"].groupby(table["series_id"]):
        limit = next((f for pattern, f in limits.items() if fnmatchcase(str(name), pattern)), 0.0)
        if limit and len(values) > 2:
            logs = np.log(values.to_numpy(dtype=np.float64))
            others = [np.median(np.delete(logs, place)) for place in range(len(logs))]
            shares[values.index] = np.abs(logs - others) / np.log(limit)
    return shares


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


def find_unit_value_factor(table: pd.DataFrame, options: Mapping[str, object], /) -> pd.Series:
    """Return by what factor a shipment's value per weight differs from its heading's median.

    A weight of 2,088 kg for 242 million dollars is a slip of the pen, and would look like a
    collapse of supply. Rows of weight are judged, rows of value are left at 1.

    Args:
        table: Trade rows whose measures are `<flow>_value_<heading>` and `<flow>_weight_<heading>`.
        options: `min_value`: smaller shipments (in the value's currency) are samples and scrap,
            and are left at 1.
    """
    tokens = _split(table)
    parts = tokens["measure"].str.extract(_TRADE)
    values = table["value"].to_numpy(dtype=np.float64)
    key = pd.MultiIndex.from_arrays(
        [tokens["mineral"], tokens["area"], parts["flow"], parts["heading"], table["period"]]
    )
    is_value, is_weight = (parts["kind"] == kind for kind in ("value", "weight"))
    known = pd.Series(values[is_value.to_numpy()], index=key[is_value.to_numpy()])
    worth = known[~known.index.duplicated()].reindex(key).to_numpy()
    smallest = cast("float", options.get("min_value", 0.0))
    is_judged = is_weight.to_numpy() & np.isfinite(values) & (worth >= smallest) & (worth > 0)
    per_weight = np.full(len(table), np.nan)
    per_weight[is_judged] = worth[is_judged] / np.maximum(values[is_judged], _TINY)
    weighed = pd.Series(np.where(values > 0, per_weight, np.nan))  # no weight tells nothing
    heading = [tokens["mineral"].to_numpy(), parts["heading"].to_numpy()]
    usual = weighed.groupby(heading).transform("median").to_numpy()
    factor = np.exp(np.abs(np.log(per_weight / usual)))
    return pd.Series(np.nan_to_num(factor, nan=1.0), index=table.index)
