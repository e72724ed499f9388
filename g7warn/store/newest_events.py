"""The newest event of each alert that members may have to be told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from g7warn.domain.alert import EventKind
from g7warn.store import codec
from g7warn.store.engine import begin_reading
from g7warn.store.schema import ALERT_EVENTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.domain.alert import AlertEvent


def read_newest_events(
    engine: Engine, *, as_of: datetime, closed_since: datetime
) -> tuple[AlertEvent, ...]:
    """Return the newest event of each alert that is open, or was closed lately.

    Args:
        engine: The store.
        as_of: Events after it are not seen.
        closed_since: Alerts that were closed before it are left out.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    event, newer = ALERT_EVENTS.c, ALERT_EVENTS.alias("newer")
    is_open = event.kind.not_in([str(EventKind.ENDED), str(EventKind.WITHDRAWN)])
    has_newer = exists().where(
        newer.c.alert_id == event.alert_id,
        newer.c.sequence > event.sequence,
        newer.c.as_of <= as_of,
    )
    statement = (
        select(event.body)
        .where(event.as_of <= as_of, or_(is_open, event.as_of >= closed_since), ~has_newer)
        .order_by(event.alert_id)
    )
    with begin_reading(engine) as connection:
        return tuple(codec.decode_event(body) for body in connection.execute(statement).scalars())
