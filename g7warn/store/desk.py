"""What people said: approvals of duty officers, silences, acknowledgements of members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from g7warn.alerts.approval import settle_approval
from g7warn.domain.delivery import Acknowledgement, Approval, ApprovalState, DeliveryState, Silence
from g7warn.errors import ConfigurationError, IllegalTransition
from g7warn.store.deliveries import insert_new
from g7warn.store.delivery_schema import ACKNOWLEDGEMENTS, APPROVALS, OUTBOX, SILENCES
from g7warn.store.engine import begin_reading, begin_writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

_CHUNK = 500


def read_approvals(engine: Engine, *, state: ApprovalState | None = None) -> dict[str, Approval]:
    """Return approvals by notice identifier, oldest request first; all states where none is given.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    statement = select(APPROVALS).order_by(APPROVALS.c.requested_at, APPROVALS.c.identifier)
    if state is not None:
        statement = statement.where(APPROVALS.c.state == state)
    with begin_reading(engine) as connection:
        return {
            row["identifier"]: Approval(**{**row, "state": ApprovalState(row["state"])})
            for row in connection.execute(statement).mappings()
        }


def claim_approval(engine: Engine, identifier: str, *, asker: str) -> bool:
    """Note who asks the duty officer about a notice; return whether nobody had asked before."""
    with begin_writing(engine) as connection:
        done = connection.execute(
            update(APPROVALS)
            .where(
                APPROVALS.c.identifier == identifier,
                APPROVALS.c.state == ApprovalState.WAITING,
                APPROVALS.c.why == "",
            )
            .values(why=f"asked by {asker}")
        )
    return bool(done.rowcount)


def decide_approval(
    engine: Engine, identifier: str, *, state: ApprovalState, by: str, why: str, at: datetime
) -> Approval:
    """Keep a duty officer's decision about a notice: who, when, why.

    Raises:
        ConfigurationError: No such request, nobody signs, or a rejection has no reason.
        IllegalTransition: It was decided before, otherwise than now.
    """
    known = read_approvals(engine).get(identifier)
    if known is None:
        message = f"no notice {identifier!r} awaits approval: see `g7warn approve --list`"
        raise ConfigurationError(message, identifier=identifier)
    decided = settle_approval(known, state=state, by=by, why=why, at=at)
    with begin_writing(engine) as connection:
        done = connection.execute(
            update(APPROVALS)
            .where(APPROVALS.c.identifier == identifier, APPROVALS.c.state == known.state)
            .values(
                state=decided.state,
                decided_at=decided.decided_at,
                decided_by=decided.decided_by,
                why=decided.why,
            )
        )
    if not done.rowcount:
        message = f"notice {identifier!r} was decided by somebody else just now: look again"
        raise IllegalTransition(message, identifier=identifier)
    return decided


def put_silence(engine: Engine, silence: Silence) -> None:
    """Keep a silence, signed and with a reason and an end.

    Raises:
        ConfigurationError: It ends before it starts, or lacks author or reason.
    """
    if not (silence.author.strip() and silence.reason.strip()):
        message = f"silence {silence.silence_id!r}: say who asks for it and why"
        raise ConfigurationError(message, silence=silence.silence_id)
    if silence.ends_at <= silence.starts_at:
        message = f"silence {silence.silence_id!r} ends before it starts"
        raise ConfigurationError(message, silence=silence.silence_id)
    row = {name: getattr(silence, name) for name in SILENCES.c.keys()}  # noqa: SIM118 - no dict
    with begin_writing(engine) as connection:
        insert_new(connection, SILENCES, [row])


def end_silence(engine: Engine, silence_id: str, *, at: datetime) -> None:
    """End a silence before its time; one that has ended stays as it was.

    Raises:
        ConfigurationError: No such silence.
    """
    with begin_writing(engine) as connection:
        chosen = SILENCES.c.silence_id == silence_id
        known = connection.execute(select(SILENCES.c.silence_id).where(chosen)).first()
        if known is None:
            message = f"no silence {silence_id!r}: see `g7warn silence list`"
            raise ConfigurationError(message, silence=silence_id)
        connection.execute(
            update(SILENCES).where(chosen, SILENCES.c.ends_at > at).values(ends_at=at)
        )


def read_silences(engine: Engine, *, as_of: datetime | None = None) -> tuple[Silence, ...]:
    """Return the silences that had not ended at `as_of`; all of them where none is given."""
    statement = select(SILENCES).order_by(SILENCES.c.starts_at, SILENCES.c.silence_id)
    if as_of is not None:
        statement = statement.where(SILENCES.c.ends_at > as_of)
    with begin_reading(engine) as connection:
        return tuple(Silence(**row) for row in connection.execute(statement).mappings())


def acknowledge(
    engine: Engine, alert_id: str, member_id: str, *, at: datetime, by: str = "", via: str = ""
) -> Acknowledgement:
    """Keep that a member has taken note of an alert, up to the newest notice it was told.

    A second acknowledgement of the same adds nothing.

    Raises:
        IllegalTransition: The member was never told of such an alert; whether there is one is not
            said.
    """
    table = OUTBOX.c
    told = (DeliveryState.DELIVERED, DeliveryState.LEASED, DeliveryState.PENDING)
    with begin_writing(engine) as connection:
        sequence = connection.execute(
            select(func.max(table.sequence)).where(
                table.alert_id == alert_id,
                table.member_id == member_id,
                or_(table.state == DeliveryState.DELIVERED, table.attempts > 0),
                table.state.in_(told),
            )
        ).scalar_one()
        if not alert_id or sequence is None:
            message = f"{member_id!r} was told of no alert {alert_id!r}: nothing to acknowledge"
            raise IllegalTransition(message, alert=alert_id, member=member_id)
        row = {
            "alert_id": alert_id,
            "member_id": member_id,
            "sequence": sequence,
            "at": at,
            "by": by,
            "via": via,
        }
        insert_new(connection, ACKNOWLEDGEMENTS, [row])
    return Acknowledgement(**row)


def read_acknowledgements(
    engine: Engine, *, alert_ids: Sequence[str]
) -> tuple[Acknowledgement, ...]:
    """Return the acknowledgements of some alerts, oldest first."""
    table, names = ACKNOWLEDGEMENTS.c, sorted(set(alert_ids))
    found: list[Acknowledgement] = []
    with begin_reading(engine) as connection:
        for start in range(0, len(names), _CHUNK):
            rows = connection.execute(
                select(
                    *(table.alert_id, table.member_id, table.sequence),
                    *(table.at, table.by, table.via),
                ).where(table.alert_id.in_(names[start : start + _CHUNK]))
            )
            found += [Acknowledgement(**row) for row in rows.mappings()]
    return tuple(sorted(found, key=lambda answer: (answer.at, answer.member_id)))
