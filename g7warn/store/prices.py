"""One price series as plain rows, for charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.store import observations

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine


def read_prices(engine: Engine, series_id: str, *, as_of: datetime) -> list[tuple[str, float, str]]:
    """Return period, value and unit of a series as known at `as_of`, oldest first.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = observations.read(engine, as_of=as_of, series_ids=[series_id]).table
    columns = (table["period"], table["value"], table["unit"])
    return [(str(p), float(v), str(u)) for p, v, u in zip(*columns, strict=True)]
