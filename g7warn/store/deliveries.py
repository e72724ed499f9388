"""Deliveries: decisions become rows of the outbox or lines of the ledger, in one transaction."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from g7warn.domain.alert import Grade, Reason
from g7warn.domain.delivery import ApprovalState, DeliveryState, Told
from g7warn.domain.member import Mode
from g7warn.domain.notice import MsgType
from g7warn.store.delivery_schema import APPROVALS, LEDGER, OUTBOX
from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.notices import put_notices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine, Table

    from g7warn.domain.delivery import Decision

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""`due_at` of a new row: before any clock, so that one set back holds nothing up."""

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EnqueueCounts:
    """What one run added.

    Attributes:
        queued: Rows of the outbox, digests not counted.
        digests: Digests.
        withheld: Lines of the ledger.
    """

    queued: int
    digests: int
    withheld: int


def name_delivery(identifier: str, endpoint_id: str) -> str:
    """Return the idempotency key of one notice for one endpoint: the same in any database."""
    return hashlib.sha256(f"{identifier}\n{endpoint_id}".encode()).hexdigest()[:32]


def enqueue(
    connection: Connection, decisions: Sequence[Decision], *, at: datetime
) -> EnqueueCounts:
    """Write what was decided: rows to send, and the reasons of what is not sent.

    Written again, the same decisions add nothing. An older notice of the same alert that has not
    been handed to its channel yet is superseded by a newer one; the cancel of what was never
    handed over is not sent either. A notice that awaits approval is put before the duty officer;
    its deadline counts from the first time.

    Args:
        connection: Open transaction, the one in which the events were appended; the caller
            commits.
        decisions: Of `alerts.decide` or `alerts.acknowledge.chase`.
        at: Present instant.

    Raises:
        StoreUnavailable: The database did not take them.
    """
    sent = [decision for decision in decisions if decision.is_sent]
    with translate_errors():
        put_notices(connection, (decision.notice for decision in sent))
        gathered = [decision for decision in sent if decision.mode == Mode.DIGEST]
        known = _read_known(connection, [_name(decision) for decision in gathered])
        rows = [_to_row(d, at=at) for d in sent if d.mode != Mode.DIGEST]
        items, digests = _gather([d for d in gathered if _name(d) not in known], at=at)
        queued = insert_new(connection, OUTBOX, rows + items)
        insert_new(connection, OUTBOX, digests)
        alert_ids = sorted({decision.notice.alert_id for decision in sent})
        supersede(connection, alert_ids)
        _drop_idle_cancels(connection, alert_ids)
        ledger = [_to_line(d, at=at) for d in decisions if not d.is_sent]
        withheld = insert_new(connection, LEDGER, ledger)
        waiting = {d.notice.identifier for d in decisions if d.reason == Reason.AWAITING_APPROVAL}
        insert_new(connection, APPROVALS, [_to_request(name, at=at) for name in sorted(waiting)])
    return EnqueueCounts(queued=queued, digests=len(digests), withheld=withheld)


def _name(decision: Decision) -> str:
    return name_delivery(decision.notice.identifier, decision.endpoint_id)


def _to_row(decision: Decision, *, at: datetime, digest_id: str | None = None) -> dict[str, Any]:
    notice = decision.notice
    return {
        "delivery_id": _name(decision),
        "identifier": notice.identifier,
        "endpoint_id": decision.endpoint_id,
        "member_id": decision.member_id,
        "channel": decision.channel,
        "language": decision.language,
        "realm": str(notice.REALM),
        "alert_id": notice.alert_id,
        "sequence": notice.sequence,
        "repeat": notice.repeat,
        "grade": int(notice.grade),
        "msg_type": str(notice.msg_type),
        "reason": str(decision.reason),
        "state": DeliveryState.GATHERED if digest_id else DeliveryState.PENDING,
        "digest_id": digest_id,
        "created_at": at,
        "due_at": AT_ONCE,
        "attempts": 0,
        "owner": "",
        "reference": "",
        "thread": "",
        "detail": "",
    }


def _gather(
    decisions: Sequence[Decision], *, at: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows that a digest carries, and a row for each endpoint's digest."""
    by_endpoint: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        by_endpoint[decision.endpoint_id].append(decision)
    items: list[dict[str, Any]] = []
    digests: list[dict[str, Any]] = []
    for endpoint_id, group in by_endpoint.items():
        contents = "\n".join(sorted(decision.notice.identifier for decision in group))
        identifier = f"digest-{hashlib.sha256(contents.encode()).hexdigest()[:16]}"
        digest_id = name_delivery(identifier, endpoint_id)
        items += [_to_row(decision, at=at, digest_id=digest_id) for decision in group]
        digests.append(
            _to_row(group[0], at=at)
            | {
                "delivery_id": digest_id,
                "identifier": identifier,
                "alert_id": "",
                "sequence": 0,
                "grade": max(row.notice.grade for row in group),
                "reason": str(Reason.AWAITING_DIGEST),
            }
        )
    return items, digests


def _to_line(decision: Decision, *, at: datetime) -> dict[str, Any]:
    return {
        "identifier": decision.notice.identifier,
        "member_id": decision.member_id,
        "endpoint_id": decision.endpoint_id,
        "reason": str(decision.reason),
        "detail": decision.detail,
        "first_at": at,
    }


def _to_request(identifier: str, *, at: datetime) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "requested_at": at,
        "state": ApprovalState.WAITING,
        "decided_by": "",
        "why": "",
    }


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """Insert the rows whose unique key is new; return how many."""
    if not rows:
        return 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    key = next(iter(table.primary_key.columns))
    statement = dialect.insert(table).on_conflict_do_nothing().returning(key)
    return len(connection.execute(statement, rows).all())


def _read_known(connection: Connection, delivery_ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(delivery_ids), _CHUNK):
        chosen = OUTBOX.c.delivery_id.in_(delivery_ids[start : start + _CHUNK])
        known |= set(connection.execute(select(OUTBOX.c.delivery_id).where(chosen)).scalars())
    return known


def supersede(connection: Connection, alert_ids: Sequence[str]) -> None:
    """Suppress waiting rows for which a newer notice of the same alert is queued or was sent.

    A row that is leased right now is left alone: it may be on the wire.
    """
    newer, item = OUTBOX.alias("newer"), OUTBOX.alias("item")
    is_waiting = or_(
        OUTBOX.c.state == DeliveryState.PENDING,
        and_(OUTBOX.c.state == DeliveryState.GATHERED, OUTBOX.c.attempts == 0),
    )
    has_newer = exists().where(
        newer.c.alert_id == OUTBOX.c.alert_id,
        newer.c.endpoint_id == OUTBOX.c.endpoint_id,
        newer.c.sequence > OUTBOX.c.sequence,
        newer.c.state.not_in([DeliveryState.DEAD, DeliveryState.SUPPRESSED]),
    )
    for start in range(0, len(alert_ids), _CHUNK):
        chosen = OUTBOX.c.alert_id.in_(alert_ids[start : start + _CHUNK])
        connection.execute(
            update(OUTBOX)
            .where(chosen, is_waiting, has_newer)
            .values(state=DeliveryState.SUPPRESSED, reason=str(Reason.SUPERSEDED))
        )
    if alert_ids:
        is_filled = exists().where(
            item.c.digest_id == OUTBOX.c.delivery_id, item.c.state == DeliveryState.GATHERED
        )
        connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.alert_id == "", OUTBOX.c.state == DeliveryState.PENDING, ~is_filled)
            .values(state=DeliveryState.SUPPRESSED, reason=str(Reason.SUPERSEDED))
        )


def _drop_idle_cancels(connection: Connection, alert_ids: Sequence[str]) -> None:
    """Suppress cancels at endpoints to which nothing of the alert was ever handed over."""
    older = OUTBOX.alias("older")
    was_handed_over = exists().where(
        older.c.alert_id == OUTBOX.c.alert_id,
        older.c.endpoint_id == OUTBOX.c.endpoint_id,
        older.c.sequence < OUTBOX.c.sequence,
        older.c.attempts > 0,
    )
    for start in range(0, len(alert_ids), _CHUNK):
        connection.execute(
            update(OUTBOX)
            .where(
                OUTBOX.c.alert_id.in_(alert_ids[start : start + _CHUNK]),
                OUTBOX.c.msg_type == str(MsgType.CANCEL),
                OUTBOX.c.state.in_([DeliveryState.PENDING, DeliveryState.GATHERED]),
                OUTBOX.c.attempts == 0,
                ~was_handed_over,
            )
            .values(state=DeliveryState.SUPPRESSED, reason=str(Reason.UNCHANGED))
        )


def read_log(
    engine: Engine, *, alert_ids: Sequence[str], since: datetime | None = None
) -> tuple[Told, ...]:
    """Return the delivery log that a decision needs.

    Args:
        engine: The store.
        alert_ids: Alerts at hand: all their lines.
        since: Further, lines of any alert queued since then (daily budgets).

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = OUTBOX.c
    columns = (
        *(table.member_id, table.endpoint_id, table.alert_id, table.identifier, table.sequence),
        *(table.repeat, table.grade, table.msg_type, table.created_at, table.state),
    )
    names = sorted(set(alert_ids))
    wanted: list[ColumnElement[bool]] = [
        table.alert_id.in_(names[start : start + _CHUNK]) for start in range(0, len(names), _CHUNK)
    ]
    if since is not None:
        wanted.append(table.created_at >= since)
    found: dict[tuple[str, str], Told] = {}
    with begin_reading(engine) as connection:
        for condition in wanted:
            rows = connection.execute(
                select(*columns).where(
                    condition, table.state != DeliveryState.SUPPRESSED, table.alert_id != ""
                )
            )
            for row in rows:
                found[row.identifier, row.endpoint_id] = Told(
                    member_id=row.member_id,
                    endpoint_id=row.endpoint_id,
                    alert_id=row.alert_id,
                    identifier=row.identifier,
                    sequence=row.sequence,
                    repeat=row.repeat,
                    grade=Grade(row.grade),
                    msg_type=MsgType(row.msg_type),
                    told_at=row.created_at,
                    has_failed=row.state == DeliveryState.DEAD,
                )
    return tuple(found.values())


def read_ledger(engine: Engine, *, alert_id: str) -> tuple[dict[str, Any], ...]:
    """Return why notices of an alert were not sent, oldest first.

    Returns:
        Mappings with identifier, member_id, endpoint_id, reason, detail and first_at.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = LEDGER.c
    start = f"{alert_id}-"
    with begin_reading(engine) as connection:
        rows = connection.execute(
            select(
                *(table.identifier, table.member_id, table.endpoint_id),
                *(table.reason, table.detail, table.first_at),
            )
            .where(table.identifier.startswith(start, autoescape=True))
            .order_by(table.key)
        )
        return tuple(dict(row) for row in rows.mappings())
