"""Heartbeats: which endpoint was given a sign of life on which day, as lines among the attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from g7warn.domain.delivery import Outcome
from g7warn.store.deliveries import name_delivery
from g7warn.store.delivery_schema import ATTEMPTS
from g7warn.store.engine import begin_reading, begin_writing

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Engine

OWNER = "heartbeat"


def name_beat(endpoint_id: str, *, on: date) -> str:
    """Return the idempotency key of one endpoint's heartbeat of a day."""
    return name_delivery(f"heartbeat-{on.isoformat()}", endpoint_id)


def note_beat(
    engine: Engine, endpoint_id: str, *, at: datetime, outcome: Outcome, detail: str
) -> None:
    """Keep one attempt.

    Raises:
        StoreUnavailable: The database did not take it.
    """
    row = {
        "delivery_id": name_beat(endpoint_id, on=at.date()),
        "owner": OWNER,
        "at": at,
        "outcome": str(outcome),
        "detail": detail[:500],
    }
    with begin_writing(engine) as connection:
        connection.execute(insert(ATTEMPTS), [row])


def read_beat(engine: Engine, endpoint_id: str, *, on: date) -> datetime | None:
    """Return when an endpoint was given its heartbeat of a day, None where it was not.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = ATTEMPTS.c
    with begin_reading(engine) as connection:
        at: datetime | None = connection.execute(
            select(func.min(table.at)).where(
                table.delivery_id == name_beat(endpoint_id, on=on),
                table.outcome == str(Outcome.DELIVERED),
            )
        ).scalar_one()
    return at
