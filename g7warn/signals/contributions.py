"""Members' contributions: never read one by one, only as sums that tell nobody's own value.

A sum stands under the series `<mineral>.<stage>.<measure>.members.members`. It appears once enough
contributors make it safe, and changes only when as many have changed since it was last shown: from
two sums that differ by one contributor everybody could compute that contributor's value.

Source: Handbook on Statistical Disclosure Control, chapter 4 (minimum frequency, dominance,
differencing), sdctools.github.io/HandbookSDC, seen 2026-11-22.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from g7warn.domain.confidentiality import CONTRIBUTED, sum_safely
from g7warn.domain.frames import ObservationFrame
from g7warn.domain.series import ConfStatus, ObsStatus, SeriesId
from g7warn.signals.histories import TONNES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

POOLED: Final = "members"
"""Area and source of a sum over contributors."""

_NO_AMOUNT = (ObsStatus.MISSING, ObsStatus.WITHHELD)


def pool_contributions(frame: ObservationFrame) -> ObservationFrame:
    """Return the frame with its members' series replaced by their safe sums, in tonnes.

    What is no weight cannot be added up and is left out, as is a cell with a negative value.

    Args:
        frame: Observations of any vintages.
    """
    table = frame.table
    is_raw = table["series_id"].str.contains(rf"\.{CONTRIBUTED}[^.]*$")
    if not is_raw.any():
        return frame
    raw = table[is_raw & ~table["status"].isin(_NO_AMOUNT)]
    raw = raw[raw["unit"].str.lower().isin(TONNES)]
    sums = ObservationFrame.from_table(
        pd.DataFrame(
            list(_sum_cells(raw)),
            columns=["series_id", "period", "value", "unit", "status", "conf", "known_at"],
        ).astype({"known_at": "datetime64[us, UTC]"})
    )
    return ObservationFrame.concat([frame.where(~is_raw), sums])


def _sum_cells(raw: pd.DataFrame) -> Iterator[tuple[str, str, float, str, str, str, datetime]]:
    """Yield the rows of the sums that may be shown."""
    cells: dict[tuple[str, str, str], list[_Contribution]] = {}
    for name, period, value, unit, status, known_at in zip(
        *(raw[c] for c in ("series_id", "period", "value", "unit", "status", "known_at")),
        strict=True,
    ):
        one = SeriesId.parse(name)
        series = f"{one.mineral}.{one.stage}.{one.measure}.{POOLED}.{POOLED}"
        kind = str(ObsStatus.FORECAST if status == ObsStatus.FORECAST else ObsStatus.NORMAL)
        tonnes = float(value) * TONNES[unit.lower()]
        given = _Contribution(known_at.to_pydatetime(), one.source, name, tonnes)
        cells.setdefault((series, period, kind), []).append(given)
    for (series, period, kind), contributions in sorted(cells.items()):
        for known_at, total in _list_shown(contributions):
            yield series, period, total, "t", kind, ConfStatus.SECONDARY, known_at


class _Contribution(NamedTuple):
    known_at: datetime
    contributor: str
    series_id: str
    tonnes: float


def _list_shown(given: list[_Contribution]) -> Iterator[tuple[datetime, float]]:
    """Yield when a sum may first be shown, and each change of it that may be."""
    newest: dict[str, dict[str, float]] = {}  # contributor -> series -> tonnes
    shown: dict[str, float] = {}
    for known_at, batch in groupby(sorted(given), key=lambda one: one.known_at):
        for one in batch:
            newest.setdefault(one.contributor, {})[one.series_id] = one.tonnes
        now = {name: sum(amounts.values()) for name, amounts in newest.items()}
        if min(now.values()) < 0.0:
            continue
        changes = {name: abs(amount - shown.get(name, 0.0)) for name, amount in now.items()}
        found = sum_safely(now)
        if found.total is not None and sum_safely(changes).total is not None:
            shown = now
            yield known_at, found.total
