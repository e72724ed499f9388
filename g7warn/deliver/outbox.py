"""The outbox's worker: takes leased parcels to their channels and settles each for itself.

Each channel has a lane of its own, each lane several hands, and an endpoint at most one hand: what
is slow delays nothing but itself. Again or not is decided by the branch of the error alone. Who
may see a notice is asked once more at this last exit: a member may have left since it was queued.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Protocol

from g7warn.alerts.entitlement import Verdict, check_endpoint
from g7warn.deliver.backoff import next_wait
from g7warn.deliver.bucket import LIMITS, UNLIMITED, Limit, TokenBucket
from g7warn.domain.notice import ActualNotice
from g7warn.errors import (
    ChannelRejected,
    ChannelUnavailable,
    ConfigurationError,
    G7WarnError,
    PermanentError,
    StoreUnavailable,
    TransientError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from g7warn.clock import Clock
    from g7warn.deliver.channels.base import Channel, Receipt, UnlockedEndpoint
    from g7warn.deliver.message import ActualMessage, ExerciseMessage, Message
    from g7warn.domain.delivery import Parcel
    from g7warn.domain.member import Endpoint, Member

BATCH = 50
HANDS = 4

_SHORTEST_SLEEP, _LONGEST_SLEEP = 0.2, 5.0  # seconds between two looks into the queue


class Queue(Protocol):
    """Where parcels come from and go back to; the store's outbox keeps this promise."""

    def lease(
        self,
        *,
        channel: str,
        now: datetime,
        limit: int,
        owner: str,
        passing_over: Collection[str] = (),
    ) -> Sequence[Parcel]:
        """Return due parcels that are now this worker's alone."""
        ...

    def deliver(self, parcel: Parcel, *, at: datetime, reference: str, thread: str) -> None:
        """Note a receipt."""
        ...

    def postpone(self, parcel: Parcel, *, at: datetime, due_at: datetime, detail: str) -> None:
        """Keep a parcel for another attempt."""
        ...

    def give_back(self, parcels: Sequence[Parcel], *, due_at: datetime, detail: str) -> None:
        """Undo the lease of parcels that were not tried."""
        ...

    def bury(self, parcel: Parcel, *, at: datetime, detail: str) -> None:
        """Make it a dead letter."""
        ...

    def disable_endpoint(self, endpoint_id: str, *, at: datetime, reason: str) -> None:
        """Send nothing more to an endpoint."""
        ...

    def next_due(self, *, channel: str) -> datetime | None:
        """Return when the next waiting parcel of a channel is due."""
        ...


class Desk(Protocol):
    """Knows whom a parcel is for, and writes its message."""

    def find(self, parcel: Parcel) -> tuple[Member, Endpoint, UnlockedEndpoint]:
        """Return the member, its endpoint, and the endpoint with its secrets.

        Raises:
            ConfigurationError: The member or the endpoint is no more, or a secret cannot be read.
        """
        ...

    def write(self, parcel: Parcel) -> Message:
        """Return the message in the reader's language, of the type the notices' kind asks for."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a worker goes.

    Attributes:
        limits: Channel -> limit of each of its endpoints.
        hands: Parcels of one channel under way at once; 0 works in the calling thread alone.
        sleep: Waits so many seconds; a simulated clock moves itself instead.
        seed: Of the jitter.
        lease_margin: A parcel whose lease ends sooner is left to another worker; longer than any
            channel waits.
    """

    limits: Mapping[str, Limit] = field(default_factory=lambda: dict(LIMITS))
    hands: int = HANDS
    sleep: Callable[[float], object] = time.sleep
    seed: int = 0
    lease_margin: timedelta = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """The open channels, by name; those for real messages and those for practice never mix.

    Attributes:
        actual: Channels that take actual messages.
        exercise: Channels that take exercise messages.
    """

    actual: Mapping[str, Channel[ActualMessage]] = field(default_factory=dict)
    exercise: Mapping[str, Channel[ExerciseMessage]] = field(default_factory=dict)

    def names(self) -> tuple[str, ...]:
        """Return the names of all open channels."""
        return tuple(sorted({*self.actual, *self.exercise}))

    def find(self, parcel: Parcel) -> Channel[Any]:
        """Return the channel that carries a parcel's kind.

        Raises:
            ConfigurationError: No such channel is open for this kind.
        """
        is_actual = all(type(notice) is ActualNotice for notice in parcel.notices)
        found = (self.actual if is_actual else self.exercise).get(parcel.channel)
        if found is None:
            kind = "actual" if is_actual else "exercise"
            message = f"channel {parcel.channel!r} is not open for {kind} notices: configure it"
            raise ConfigurationError(message, channel=parcel.channel)
        return found


class Worker:
    """Empties the outbox.

    Args:
        queue: The outbox.
        carriers: Open channels.
        desk: Knows readers and writes messages.
        clock: Tells the present.
        owner: Name of this worker, unique among those that run.
        pace: How fast it goes.
    """

    def __init__(
        self,
        queue: Queue,
        carriers: Carriers,
        *,
        desk: Desk,
        clock: Clock,
        owner: str,
        pace: Pace | None = None,
    ) -> None:
        self._queue, self._carriers, self._desk = queue, carriers, desk
        self._clock, self._owner, self._pace = clock, owner, pace or Pace()
        self._rng = Random(f"{self._pace.seed}{owner}")  # noqa: S311 - jitter, no secret
        self._buckets: dict[str, TokenBucket] = {}
        self._blocked: dict[str, datetime] = {}
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def drain(self, *, patience: timedelta = timedelta()) -> dict[str, int]:
        """Send what is due, and what becomes due within `patience`.

        Args:
            patience: How long to wait for parcels that are due later.

        Returns:
            Number of parcels delivered, postponed, and buried by this call.

        Raises:
            StoreUnavailable: The store did not answer; what was sent is settled by a later run.
        """
        self._counts = Counter(delivered=0, postponed=0, buried=0)
        deadline = self._clock.now() + patience
        names = self._carriers.names()
        if not self._pace.hands:
            for name in names:
                self._run_lane(name, is_over=lambda now: now >= deadline)
            return dict(self._counts)
        with ThreadPoolExecutor(max(len(names), 1), thread_name_prefix="lane") as lanes:
            runs = [
                lanes.submit(self._run_lane, name, is_over=lambda now: now >= deadline)
                for name in names
            ]
        for run in runs:
            run.result()
        return dict(self._counts)

    def watch(self, *, is_stopped: Callable[[], bool]) -> dict[str, int]:
        """Send what is due, and go on until `is_stopped`; a store that is away is waited for.

        Returns:
            Number of parcels delivered, postponed and buried.

        Raises:
            ConfigurationError: The store is not this release's.
        """
        self._counts = Counter(delivered=0, postponed=0, buried=0)
        names = self._carriers.names()
        has_failed = Event()

        def watch_lane(channel: str) -> None:
            try:
                while not (is_stopped() or has_failed.is_set()):
                    self._watch_while_store_answers(
                        channel, is_over=lambda _: is_stopped() or has_failed.is_set()
                    )
            except BaseException:
                has_failed.set()  # no lane dies in silence: all stop, and the error comes out
                raise

        with ThreadPoolExecutor(max(len(names), 1), thread_name_prefix="lane") as lanes:
            runs = [lanes.submit(watch_lane, name) for name in names]
        for run in runs:
            run.result()
        return dict(self._counts)

    def _watch_while_store_answers(
        self, channel: str, *, is_over: Callable[[datetime], bool]
    ) -> None:
        try:
            self._run_lane(channel, is_over=is_over, is_endless=True)
        except StoreUnavailable:
            self._pace.sleep(_LONGEST_SLEEP)

    def _run_lane(
        self, channel: str, *, is_over: Callable[[datetime], bool], is_endless: bool = False
    ) -> None:
        with ThreadPoolExecutor(max(self._pace.hands, 1), thread_name_prefix=channel) as pool:
            while True:
                self._send_due(channel, pool if self._pace.hands else None)
                now = self._clock.now()
                due = self._queue.next_due(channel=channel)
                if is_over(now) or (due is None and not is_endless):
                    return
                if due is not None and is_over(due):
                    return
                pause = _LONGEST_SLEEP if due is None else (due - now).total_seconds()
                self._pace.sleep(min(max(pause, _SHORTEST_SLEEP), _LONGEST_SLEEP))

    def _send_due(self, channel: str, pool: ThreadPoolExecutor | None) -> None:
        """Send until nothing is due that a free hand could take.

        Nothing is leased while all hands are full: what waits for a hand with a lease in its
        pocket would see it run out.
        """
        under_way: dict[Future[None], str] = {}
        while True:
            groups = self._lease(channel, passing_over=under_way.values())
            for endpoint_id, parcels in groups.items():
                if pool is None:
                    self._send_all(parcels)
                else:
                    under_way[pool.submit(self._send_all, parcels)] = endpoint_id
            if not groups and not under_way:
                return
            is_first = True
            while under_way and (len(under_way) >= self._pace.hands or (is_first and not groups)):
                for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                    del under_way[done]
                    done.result()
                is_first = False

    def _lease(self, channel: str, *, passing_over: Collection[str]) -> dict[str, list[Parcel]]:
        now = self._clock.now()
        with self._lock:
            self._blocked = {e: until for e, until in self._blocked.items() if until > now}
            blocked = set(self._blocked)
        parcels = self._queue.lease(
            channel=channel,
            now=now,
            limit=BATCH,
            owner=self._owner,
            passing_over=blocked | set(passing_over),
        )
        groups: dict[str, list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            groups[parcel.endpoint_id].append(parcel)
        return groups

    def _send_all(self, parcels: Sequence[Parcel]) -> None:
        """Send the parcels of one endpoint in order; after a failure the rest is given back."""
        for number, parcel in enumerate(parcels):
            now = self._clock.now()
            if parcel.leased_until - now < self._pace.lease_margin:
                self._queue.give_back(parcels[number:], due_at=now, detail="the lease ran short")
                return
            pause = self._take_token(parcel, now)
            if pause:
                rest, why = parcels[number:], "the endpoint's rate is used up"
            else:
                failed_for = self._send(parcel)
                if failed_for is None:
                    continue
                pause, rest, why = failed_for, parcels[number + 1 :], "its endpoint failed just now"
            due_at = self._clock.now() + pause
            with self._lock:
                self._blocked[parcel.endpoint_id] = due_at
            self._queue.give_back(rest, due_at=due_at, detail=why)
            return

    def _take_token(self, parcel: Parcel, now: datetime) -> timedelta:
        limit = self._pace.limits.get(parcel.channel, UNLIMITED)
        with self._lock:
            bucket = self._buckets.setdefault(parcel.endpoint_id, TokenBucket(limit))
            return bucket.take(now)

    def _send(self, parcel: Parcel) -> timedelta | None:
        """Send one parcel; return how long its endpoint is to be left alone, None for not."""
        try:
            receipt = self._hand_over(parcel)
        except StoreUnavailable:
            raise
        except (TransientError, ConfigurationError) as error:
            # What a person can set right (a key, a channel that is not open) costs no notice.
            return self._postpone(parcel, error)
        except PermanentError as error:
            self._bury(parcel, error)
            return None
        except Exception as error:  # noqa: BLE001 - one bad notice must not stop the others
            self._bury(parcel, error)
            return None
        self._queue.deliver(
            parcel, at=self._clock.now(), reference=receipt.reference, thread=receipt.thread
        )
        self._count("delivered")
        return None

    def _hand_over(self, parcel: Parcel) -> Receipt:
        member, endpoint, unlocked = self._desk.find(parcel)
        for notice in parcel.notices:
            verdict = check_endpoint(member, endpoint, notice)
            if verdict is not Verdict.ENTITLED:
                message = f"{parcel.member_id!r} may not see {notice.identifier!r} now: {verdict}"
                raise ChannelRejected(message, verdict=str(verdict))
        channel = self._carriers.find(parcel)
        return channel.send(
            self._desk.write(parcel), endpoint=unlocked, idempotency_key=parcel.delivery_id
        )

    def _postpone(self, parcel: Parcel, error: G7WarnError) -> timedelta | None:
        now = self._clock.now()
        asked = error.retry_after_seconds if isinstance(error, ChannelUnavailable) else 0.0
        with self._lock:
            pause = next_wait(
                parcel.attempts,
                age=now - parcel.created_at,
                rng=self._rng,
                retry_after_seconds=asked,
            )
        if pause is None:
            self._bury(parcel, error)
            return None
        self._queue.postpone(parcel, at=now, due_at=now + pause, detail=error.message)
        self._count("postponed")
        return pause

    def _bury(self, parcel: Parcel, error: Exception) -> None:
        now = self._clock.now()
        if isinstance(error, ChannelRejected) and error.is_endpoint_gone:
            self._queue.disable_endpoint(parcel.endpoint_id, at=now, reason=error.message)
        self._queue.bury(parcel, at=now, detail=f"{type(error).__name__}: {error}")
        self._count("buried")

    def _count(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1
