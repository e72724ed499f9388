"""What changed from release to release, kept for operators and for scoring the publishers."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from g7warn.domain.vintage import CellChange, VintageDiff
from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.schema import VINTAGES

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine, RowMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Vintage:
    """A release of a feed and what it changed."""

    feed: str
    payload: str
    released_at: datetime
    diff: VintageDiff


def add(connection: Connection, vintage: Vintage) -> bool:
    """Keep what a release changed; return whether it was not kept before.

    Raises:
        StoreUnavailable: The database did not take it.
    """
    table, diff = VINTAGES.c, vintage.diff
    with translate_errors():
        seen = select(table.key).where(table.feed == vintage.feed, table.payload == vintage.payload)
        if connection.execute(seen).first() is not None:
            return False
        changes = [
            {**asdict(change), "after": None if math.isnan(change.after) else change.after}
            for change in diff.changes
        ]
        connection.execute(
            insert(VINTAGES).values(
                feed=vintage.feed,
                payload=vintage.payload,
                released_at=vintage.released_at,
                new=diff.new,
                revised=diff.revised,
                withdrawn=diff.withdrawn,
                unchanged=diff.unchanged,
                previous_last_period=diff.previous_last_period,
                last_period=diff.last_period,
                details=json.dumps({"shortened": diff.shortened, "changes": changes}),
            )
        )
        return True


def list_vintages(engine: Engine, feed: str) -> tuple[Vintage, ...]:
    """Return what the releases of a feed changed, in the order of their release."""
    table = VINTAGES.c
    statement = select(VINTAGES).where(table.feed == feed).order_by(table.released_at, table.key)
    with begin_reading(engine) as connection:
        return tuple(_to_vintage(row) for row in connection.execute(statement).mappings())


def _to_vintage(row: RowMapping) -> Vintage:
    details = json.loads(row["details"])
    changes = [
        CellChange(**{**change, "after": math.nan if change["after"] is None else change["after"]})
        for change in details["changes"]
    ]
    counted = ("new", "revised", "withdrawn", "unchanged", "previous_last_period", "last_period")
    return Vintage(
        feed=row["feed"],
        payload=row["payload"],
        released_at=row["released_at"],
        diff=VintageDiff(
            **{name: row[name] for name in counted},
            shortened=tuple(details["shortened"]),
            changes=tuple(changes),
        ),
    )
