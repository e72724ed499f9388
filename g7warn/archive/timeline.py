"""One alert's life, and the data behind each step as they were known on that day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from g7warn.archive.query import ArchiveQuery, build_conditions
from g7warn.domain.frames import ObservationFrame
from g7warn.errors import ConfigurationError
from g7warn.store import codec, observations
from g7warn.store.engine import begin_reading
from g7warn.store.schema import ALERT_EVENTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.member import Member


def read_timeline(
    engine: Engine, alert_id: str, *, as_of: datetime, viewer: Member | None = None
) -> tuple[AlertEvent, ...]:
    """Return the steps of one alert, first to last.

    Args:
        engine: The store.
        alert_id: Which alert.
        as_of: Events of later instants are not seen.
        viewer: Whose entitlement limits what is seen; None is the operator, who sees all.

    Raises:
        ConfigurationError: No such alert, or none that the viewer may see: both sound alike.
        StoreUnavailable: The database did not answer.
    """
    query = ArchiveQuery(alert_id=alert_id)
    where = build_conditions(query, as_of=as_of, viewer=viewer, dialect=engine.dialect.name)
    statement = select(ALERT_EVENTS.c.body).where(where).order_by(ALERT_EVENTS.c.sequence)
    with begin_reading(engine) as connection:
        bodies = connection.execute(statement).scalars().all()
    if not bodies:
        message = (
            f"no alert {alert_id!r} as of {as_of.isoformat()}: `g7warn alerts list` names them"
        )
        raise ConfigurationError(message, alert_id=alert_id)
    return tuple(codec.decode_event(body) for body in bodies)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownEvidence:
    """The observations behind one step.

    Attributes:
        then: As they were known when the step was taken.
        revised_since: Those of them that say something else by now, as known now.
    """

    then: ObservationFrame
    revised_since: ObservationFrame


def read_evidence(engine: Engine, event: AlertEvent, *, as_of: datetime) -> KnownEvidence:
    """Return the observations an event rests on, as known on its day, and what was revised since.

    Args:
        engine: The store.
        event: Whose signals name series and periods.
        as_of: What counts as now.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    evidence = [signal.evidence for signal in event.assessment.signals]
    names = sorted({name for one in evidence for name in one.series_ids})
    then = observations.read(engine, as_of=event.as_of, series_ids=names)
    is_used = np.zeros(len(then), dtype=bool)
    for one in evidence:
        is_read = then.table["series_id"].isin(one.series_ids)
        if one.periods:
            is_read &= then.table["period"].between(one.periods[0], one.periods[-1])
        is_used |= is_read.to_numpy()
    then = then.where(is_used)
    now = observations.read(engine, as_of=as_of, series_ids=names)
    cell = ["series_id", "period"]
    both = now.table.merge(then.table[[*cell, "value"]], on=cell, suffixes=("", "_then"))
    return KnownEvidence(
        then=then,
        revised_since=ObservationFrame.from_table(both[both["value"] != both["value_then"]]),
    )
