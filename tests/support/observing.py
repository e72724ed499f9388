"""Builders of observations for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from g7warn.domain.frames import ObservationFrame

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NICKEL = "nickel.market.price.world.test"
LITHIUM = "lithium.market.price.world.test"

_DEFAULTS = {"unit": "USD/t", "payload": "", "status": "A", "conf": "F", "is_estimated": False}


def day(text: str) -> datetime:
    """Return midnight UTC of an ISO date."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def frame(rows: Iterable[Mapping[str, object]]) -> ObservationFrame:
    """Return a frame of rows; unit, status, payload have defaults, `known_at` may be ISO text."""
    table = pd.DataFrame([_DEFAULTS | dict(row) for row in rows])
    table["known_at"] = pd.to_datetime(table["known_at"], utc=True).astype("datetime64[us, UTC]")
    return ObservationFrame.from_table(table)


def price(period: str, value: float, known_at: str, **more: object) -> dict[str, object]:
    """Return a row of the nickel price."""
    return {"series_id": NICKEL, "period": period, "value": value, "known_at": known_at, **more}
