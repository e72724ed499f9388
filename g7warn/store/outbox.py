"""The outbox as a queue: rows are leased, sent, and settled with a receipt or for another time.

A process killed at any instruction loses nothing: its leases run out and the rows are leased
again, under the same delivery id. Every attempt leaves a line.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, insert, select, update

from g7warn.domain.alert import Reason
from g7warn.domain.delivery import DeliveryState, Outcome
from g7warn.errors import IllegalTransition
from g7warn.store.deliveries import AT_ONCE, supersede
from g7warn.store.delivery_schema import ATTEMPTS, DISABLED_ENDPOINTS, OUTBOX
from g7warn.store.engine import begin_reading
from g7warn.store.faults import translate_errors
from g7warn.store.leases import LEASE, reclaim, take, to_parcels

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime, timedelta

    from g7warn.domain.delivery import Parcel

_DETAIL_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueReport:
    """How the outbox stands, for the operators' page.

    Attributes:
        states: Number of rows in each state.
        oldest_pending_at: When the oldest waiting row was queued; None for none.
        next_due_at: When the next waiting row is due; None for none.
    """

    states: dict[str, int]
    oldest_pending_at: datetime | None
    next_due_at: datetime | None


class OutboxQueue:
    """The outbox of one store.

    Args:
        engine: The store.
        lease: How long a row stays with the worker that took it.
    """

    def __init__(self, engine: Engine, *, lease: timedelta = LEASE) -> None:
        self._engine, self._lease = engine, lease
        # SQLite has one writer; its own waiting sleeps up to 100 ms, a lock wakes at once.
        self._turn = Lock() if engine.dialect.name == "sqlite" else nullcontext()

    def lease(
        self,
        *,
        channel: str,
        now: datetime,
        limit: int,
        owner: str,
        passing_over: Collection[str] = (),
    ) -> list[Parcel]:
        """Return due rows of one channel that are now this worker's, loudest first.

        Several workers may call it at once: none gets a row of another. A row waits while another
        notice of its alert is on the way to the same endpoint, so that a reader gets them in order.

        Args:
            channel: Name of the channel.
            now: Present instant.
            limit: Most rows.
            owner: Name of the worker, unique among those that run.
            passing_over: Endpoints that take nothing at present.

        Raises:
            StoreUnavailable: The database did not answer.
        """
        with self._transaction() as connection:
            reclaim(connection, now=now, longest=self._lease)
            rows = take(
                connection,
                channel=channel,
                now=now,
                leased_until=now + self._lease,
                limit=limit,
                owner=owner,
                passing_over=passing_over,
            )
            return to_parcels(connection, rows)

    def deliver(self, parcel: Parcel, *, at: datetime, reference: str, thread: str) -> None:
        """Note that a channel took the parcel; a receipt counts whoever holds the lease by now."""
        with self._transaction() as connection:
            values = {
                "state": DeliveryState.DELIVERED,
                "settled_at": at,
                "reference": _line(reference),
                "thread": _line(thread),
                "leased_until": None,
                "detail": "",
            }
            open_states = (DeliveryState.LEASED, DeliveryState.PENDING, DeliveryState.SUPPRESSED)
            connection.execute(
                update(OUTBOX)
                .where(_is_parcel(parcel), OUTBOX.c.state.in_(open_states))
                .values(**values)
            )
            _settle_items(connection, parcel, DeliveryState.DELIVERED, at=at)
            _note(connection, parcel, Outcome.DELIVERED, at=at, detail=reference)

    def postpone(self, parcel: Parcel, *, at: datetime, due_at: datetime, detail: str) -> None:
        """Keep the parcel for another attempt; a newer notice of its alert makes it needless."""
        with self._transaction() as connection:
            connection.execute(
                update(OUTBOX)
                .where(_is_parcel(parcel), _is_held(parcel))
                .values(
                    state=DeliveryState.PENDING,
                    due_at=due_at,
                    leased_until=None,
                    detail=_line(detail),
                )
            )
            _note(connection, parcel, Outcome.POSTPONED, at=at, detail=detail)
            supersede(connection, sorted({notice.alert_id for notice in parcel.notices}))

    def give_back(self, parcels: Sequence[Parcel], *, due_at: datetime, detail: str) -> None:
        """Undo the lease of parcels of one worker that no channel was tried with."""
        if not parcels:
            return
        names = [parcel.delivery_id for parcel in parcels]
        with self._transaction() as connection:
            connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.delivery_id.in_(names), _is_held(parcels[0]))
                .values(
                    state=DeliveryState.PENDING,
                    due_at=due_at,
                    leased_until=None,
                    detail=_line(detail),
                    attempts=OUTBOX.c.attempts - 1,
                )
            )
            for parcel in parcels:
                _undo_items(connection, parcel)
            supersede(connection, sorted({n.alert_id for p in parcels for n in p.notices}))

    def bury(self, parcel: Parcel, *, at: datetime, detail: str) -> None:
        """Lay the parcel with the dead letters; it can be replayed."""
        with self._transaction() as connection:
            connection.execute(
                update(OUTBOX)
                .where(_is_parcel(parcel), _is_held(parcel))
                .values(
                    state=DeliveryState.DEAD, settled_at=at, leased_until=None, detail=_line(detail)
                )
            )
            _settle_items(connection, parcel, DeliveryState.DEAD, at=at)
            _note(connection, parcel, Outcome.REJECTED, at=at, detail=detail)

    def disable_endpoint(self, endpoint_id: str, *, at: datetime, reason: str) -> None:
        """Send nothing more to an endpoint that is gone; what waits for it becomes dead letters."""
        with self._transaction() as connection:
            known = connection.execute(
                select(DISABLED_ENDPOINTS.c.endpoint_id).where(
                    DISABLED_ENDPOINTS.c.endpoint_id == endpoint_id
                )
            ).first()
            if known is None:
                row = {"endpoint_id": endpoint_id, "reason": _line(reason), "disabled_at": at}
                connection.execute(insert(DISABLED_ENDPOINTS), [row])
            waiting = (DeliveryState.PENDING, DeliveryState.GATHERED)
            connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.endpoint_id == endpoint_id, OUTBOX.c.state.in_(waiting))
                .values(
                    state=DeliveryState.DEAD,
                    settled_at=at,
                    detail=_line(f"{Reason.ENDPOINT_DISABLED}: {reason}"),
                )
            )

    def replay(self, delivery_id: str) -> None:
        """Queue a dead letter again, under the same delivery id.

        Raises:
            IllegalTransition: It is no dead letter.
        """
        with self._transaction() as connection:
            done = connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.delivery_id == delivery_id, OUTBOX.c.state == DeliveryState.DEAD)
                .values(state=DeliveryState.PENDING, due_at=AT_ONCE, settled_at=None, attempts=0)
            )
            if not done.rowcount:
                message = f"delivery {delivery_id!r} is no dead letter: only those are replayed"
                raise IllegalTransition(message, delivery_id=delivery_id)
            connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.digest_id == delivery_id)
                .values(state=DeliveryState.GATHERED, settled_at=None)
            )

    def read_dead_letters(self, *, limit: int = 1000) -> tuple[dict[str, Any], ...]:
        """Return dead letters, newest first: delivery_id, identifier, member, endpoint, detail."""
        table = OUTBOX.c
        with begin_reading(self._engine) as connection:
            rows = connection.execute(
                select(
                    *(table.delivery_id, table.identifier, table.member_id, table.endpoint_id),
                    *(table.channel, table.attempts, table.settled_at, table.detail),
                )
                .where(table.state == DeliveryState.DEAD)
                .order_by(table.settled_at.desc(), table.key.desc())
                .limit(limit)
            )
            return tuple(dict(row) for row in rows.mappings())

    def report(self) -> QueueReport:
        """Return how many rows stand where, and how old the oldest waiting one is."""
        table = OUTBOX.c
        with begin_reading(self._engine) as connection:
            counts = connection.execute(select(table.state, func.count()).group_by(table.state))
            states = {str(state): int(count) for state, count in counts}
            oldest, due = connection.execute(
                select(func.min(table.created_at), func.min(table.due_at)).where(
                    table.state.in_([DeliveryState.PENDING, DeliveryState.LEASED])
                )
            ).one()
        return QueueReport(states=states, oldest_pending_at=oldest, next_due_at=due)

    def next_due(self, *, channel: str) -> datetime | None:
        """Return when the next waiting row of a channel is due; None where none waits."""
        with begin_reading(self._engine) as connection:
            due: datetime | None = connection.execute(
                select(func.min(OUTBOX.c.due_at)).where(
                    OUTBOX.c.state == DeliveryState.PENDING, OUTBOX.c.channel == channel
                )
            ).scalar_one()
            return due

    def list_channels(self) -> tuple[str, ...]:
        """Return the channels for which rows wait or are leased."""
        open_states = (DeliveryState.PENDING, DeliveryState.LEASED)
        with begin_reading(self._engine) as connection:
            names = select(OUTBOX.c.channel).where(OUTBOX.c.state.in_(open_states)).distinct()
            return tuple(sorted(connection.execute(names).scalars()))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        # On PostgreSQL rows are locked one by one and workers go on side by side; on SQLite the
        # write lock is taken at the start, so that no transaction fails half way.
        with self._turn, translate_errors(), self._engine.connect() as connection:
            writer = connection.execution_options(g7warn_writing=True)
            with writer.begin():
                yield writer


def _is_parcel(parcel: Parcel) -> ColumnElement[bool]:
    return OUTBOX.c.delivery_id == parcel.delivery_id


def _is_held(parcel: Parcel) -> ColumnElement[bool]:
    return and_(OUTBOX.c.state == DeliveryState.LEASED, OUTBOX.c.owner == parcel.owner)


def _settle_items(
    connection: Connection, parcel: Parcel, state: DeliveryState, *, at: datetime
) -> None:
    if parcel.is_digest:
        connection.execute(
            update(OUTBOX)
            .where(
                OUTBOX.c.digest_id == parcel.delivery_id,
                OUTBOX.c.state == DeliveryState.GATHERED,
            )
            .values(state=state, settled_at=at)
        )


def _undo_items(connection: Connection, parcel: Parcel) -> None:
    if parcel.is_digest:
        connection.execute(
            update(OUTBOX)
            .where(
                OUTBOX.c.digest_id == parcel.delivery_id,
                OUTBOX.c.state == DeliveryState.GATHERED,
            )
            .values(attempts=OUTBOX.c.attempts - 1)
        )


def _note(
    connection: Connection, parcel: Parcel, outcome: Outcome, *, at: datetime, detail: str
) -> None:
    row = {
        "delivery_id": parcel.delivery_id,
        "owner": parcel.owner,
        "at": at,
        "outcome": str(outcome),
        "detail": _line(detail),
    }
    connection.execute(insert(ATTEMPTS), [row])


def _line(text: str) -> str:
    """Return one line that any database takes: no NUL, no lone surrogate, no endless answer."""
    plain = text.encode("utf-8", "replace").decode().replace("\x00", "")
    return " ".join(plain.split())[:_DETAIL_LIMIT]
