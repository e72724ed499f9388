"""A release against what was known before it, and whether a person must look at it first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from g7warn.domain.vintage import SAME_RTOL, CellChange, VintageDiff

if TYPE_CHECKING:
    import pandas as pd

    from g7warn.domain.frames import ObservationFrame

_SHOWN = 50
REVISED_SHARE_LIMIT = 0.25
"""Share of the known cells that a release may change before it is held. Judgement: the World Bank
changed 0.7 % of them between its releases of March 2020 and January 2025; a unit or a column that
moved changes nearly all."""


def compare_vintages(before: ObservationFrame, after: pd.DataFrame) -> VintageDiff:
    """Return what a release changes in the series it holds.

    Series that the release does not hold are left out: a publisher may spread them over files.
    A release without any row is held against everything.

    Args:
        before: What is known so far, newest version of each cell.
        after: Accepted rows of the release (series_id, period, value), one a cell.
    """
    if after.empty:
        return _withdraw_all(before)
    cell = ["series_id", "period"]
    old = before.table[before.table["series_id"].isin(after["series_id"].unique())]
    both = old[[*cell, "value"]].merge(
        after[[*cell, "value"]], on=cell, how="outer", suffixes=("_old", "_new")
    )
    was, now = both["value_old"].to_numpy(float), both["value_new"].to_numpy(float)
    is_known, is_held = np.isfinite(was), np.isfinite(now)
    is_same = np.isclose(was, now, rtol=SAME_RTOL, atol=0.0)
    is_revised = is_known & is_held & ~is_same
    span = after.groupby("series_id")["period"].agg(["min", "max"])
    first = both["series_id"].map(span["min"])
    last = both["series_id"].map(span["max"])
    is_inside = ((both["period"] >= first) & (both["period"] <= last)).to_numpy(bool)
    is_withdrawn = is_known & ~is_held & is_inside
    ends = old.groupby("series_id")["period"].max()
    shortened = ends.index[ends.to_numpy() > span["max"].reindex(ends.index).to_numpy()]
    return VintageDiff(
        new=int((~is_known & is_held).sum()),
        revised=int(is_revised.sum()),
        withdrawn=int(is_withdrawn.sum()),
        unchanged=int((is_known & is_held & is_same).sum()),
        previous_last_period=str(old["period"].max()) if len(old) else "",
        last_period=str(after["period"].max()) if len(after) else "",
        shortened=tuple(sorted(shortened)),
        changes=_list_changes(both[is_revised | is_withdrawn]),
    )


def _withdraw_all(before: ObservationFrame) -> VintageDiff:
    """Return what a release without rows changes: it withdraws everything."""
    return VintageDiff(
        new=0,
        revised=0,
        withdrawn=len(before),
        unchanged=0,
        previous_last_period=str(before.table["period"].max()) if len(before) else "",
        last_period="",
        shortened=tuple(sorted(before.table["series_id"].unique())),
    )


def _list_changes(changed: pd.DataFrame) -> tuple[CellChange, ...]:
    """Return the largest changes, relative to the old value; a withdrawal counts as the whole."""
    was, now = changed["value_old"], changed["value_new"]
    size = ((now - was) / was.where(was != 0, 1.0)).abs().fillna(1.0).astype(float)
    largest = changed.assign(size=size).nlargest(_SHOWN, "size")
    columns = [largest[name] for name in ("series_id", "period", "value_old", "value_new")]
    return tuple(
        CellChange(series_id=str(name), period=str(period), before=float(old), after=float(new))
        for name, period, old, new in zip(*columns, strict=True)
    )


def find_hold_reason(diff: VintageDiff, *, revised_share_limit: float = REVISED_SHARE_LIMIT) -> str:
    """Return why a release must wait for a person; empty where it need not.

    Args:
        diff: The release against what was known before it.
        revised_share_limit: Share of the known cells, 0 to 1, that it may change.
    """
    if diff.has_gone_back and not diff.last_period:
        return f"the release holds nothing; the last one ended in {diff.previous_last_period}"
    if diff.has_gone_back:
        return (
            f"the release ends in {diff.last_period}, the last one in {diff.previous_last_period}: "
            f"{len(diff.shortened)} series end earlier than before"
        )
    if diff.revised_share > revised_share_limit:
        return (
            f"the release changes or withdraws {diff.revised + diff.withdrawn} known values, "
            f"{diff.revised_share:.0%} of those it should repeat; the limit is "
            f"{revised_share_limit:.0%}"
        )
    return ""
