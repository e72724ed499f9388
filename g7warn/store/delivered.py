"""What was delivered, as its readers look at it again: notices by endpoint and by identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from g7warn.domain.delivery import DeliveryState
from g7warn.store.delivery_schema import NOTICES, OUTBOX
from g7warn.store.engine import begin_reading
from g7warn.store.notices import decode_notice, read_notices

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from g7warn.domain.notice import ActualNotice, ExerciseNotice


def read_delivered(
    engine: Engine, endpoint_id: str, *, limit: int
) -> tuple[tuple[ActualNotice | ExerciseNotice, str], ...]:
    """Return the notices delivered to an endpoint, newest first, each with its language.

    Notices that a digest carried are among them.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    statement = (
        select(NOTICES.c.body, OUTBOX.c.language)
        .join(NOTICES, NOTICES.c.identifier == OUTBOX.c.identifier)
        .where(OUTBOX.c.endpoint_id == endpoint_id, OUTBOX.c.state == DeliveryState.DELIVERED)
        .order_by(NOTICES.c.sent_at.desc(), OUTBOX.c.key.desc())
        .limit(limit)
    )
    with begin_reading(engine) as connection:
        rows = connection.execute(statement).all()
    return tuple((decode_notice(row.body), str(row.language)) for row in rows)


def read_notice(engine: Engine, identifier: str) -> ActualNotice | ExerciseNotice | None:
    """Return a notice as it went out, None where there is no such.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    with begin_reading(engine) as connection:
        return read_notices(connection, [identifier]).get(identifier)
