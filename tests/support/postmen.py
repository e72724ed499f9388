"""Fakes for the outbox: a desk, channels that follow a script, a clock that sleeps by moving."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from g7warn.clock import FixedClock
from g7warn.deliver.channels.base import Receipt, UnlockedEndpoint
from g7warn.deliver.message import ActualMessage, ExerciseMessage
from g7warn.deliver.outbox import Carriers, Pace, Worker
from g7warn.domain.alert import Reason
from g7warn.domain.delivery import Decision
from g7warn.domain.notice import ActualNotice
from g7warn.errors import ConfigurationError
from g7warn.store.deliveries import enqueue
from g7warn.store.engine import begin_writing
from g7warn.store.outbox import OutboxQueue
from tests.support.assessments import make_member
from tests.support.messages import make_content

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from g7warn.deliver.bucket import Limit
    from g7warn.domain.delivery import Parcel
    from g7warn.domain.member import Endpoint, Member
    from g7warn.domain.notice import Notice

START = datetime(2022, 4, 5, 6, 30, tzinfo=UTC)


@dataclass
class FakeDesk:
    """Every member has one endpoint; the message's title is the notices' identifiers."""

    members: dict[str, Member] = field(default_factory=dict)

    def find(self, parcel: Parcel) -> tuple[Member, Endpoint, UnlockedEndpoint]:
        if parcel.member_id not in self.members:
            message = f"no member {parcel.member_id!r}"
            raise ConfigurationError(message)
        member = self.members[parcel.member_id]
        endpoint = member.endpoint(parcel.endpoint_id)
        return member, endpoint, UnlockedEndpoint(address=endpoint.endpoint_id)

    def write(self, parcel: Parcel) -> Any:
        kind = ActualMessage if type(parcel.notices[0]) is ActualNotice else ExerciseMessage
        title = " ".join(notice.identifier for notice in parcel.notices)
        return kind(content=make_content(title=title), thread=parcel.thread)


@dataclass
class FakeChannel:
    """Takes what it is given, unless its script raises."""

    script: Callable[[str, str], None] = lambda _address, _title: None
    accepts: Any = ActualMessage
    kind: str = "file"
    taken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    keys: Counter[str] = field(default_factory=Counter)
    threads: list[str] = field(default_factory=list)

    def send(self, message: Any, *, endpoint: UnlockedEndpoint, idempotency_key: str) -> Receipt:
        assert type(message) is self.accepts
        self.script(endpoint.address, message.content.title)
        self.keys[idempotency_key] += 1
        self.taken[endpoint.address].append(message.content.title)
        self.threads.append(message.thread)
        return Receipt(reference=f"r-{idempotency_key}", thread=f"t-{endpoint.address}")

    @property
    def titles(self) -> list[str]:
        return sorted(title for titles in self.taken.values() for title in titles)


def queue_notices(
    engine: Engine,
    notices: Sequence[Notice],
    members: Sequence[Member],
    *,
    at: datetime = START,
    **facts: Any,
) -> Any:
    """Queue each notice for each member's first endpoint."""
    decisions = [
        Decision(
            **(
                {
                    "notice": notice,
                    "reason": Reason.FIRST,
                    "is_sent": True,
                    "member_id": member.member_id,
                    "endpoint_id": member.endpoints[0].endpoint_id,
                    "channel": member.endpoints[0].channel,
                }
                | facts
            )
        )
        for notice in notices
        for member in members
    ]
    with begin_writing(engine) as connection:
        return enqueue(connection, decisions, at=at)


def make_worker(
    engine: Engine,
    channels: dict[str, Any],
    members: Sequence[Member] = (),
    *,
    clock: FixedClock | None = None,
    owner: str = "w1",
    **facts: Any,
) -> Worker:
    """Return a worker in one thread whose sleep moves its clock."""
    clock = clock or FixedClock(START)

    def sleep(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    carriers = facts.pop("carriers", Carriers(actual=channels))
    limits: dict[str, Limit] = facts.pop("limits", {})
    people = members or [make_member("jp")]
    return Worker(
        OutboxQueue(engine),
        carriers,
        desk=FakeDesk({member.member_id: member for member in people}),
        clock=clock,
        owner=owner,
        pace=Pace(**({"sleep": sleep, "hands": 0, "limits": limits} | facts)),
    )
