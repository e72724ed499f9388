"""Deliveries: what was decided for one reader, and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - the store's codec resolves annotations
from enum import StrEnum
from typing import TYPE_CHECKING

from g7warn.domain.member import Mode

if TYPE_CHECKING:
    from g7warn.domain.alert import Grade, Reason
    from g7warn.domain.notice import ActualNotice, ExerciseNotice, MsgType, Notice


class DeliveryState(StrEnum):
    """Where a row of the outbox stands.

    pending -> leased -> delivered | dead, or back to pending for another attempt; suppressed
    before anything was sent; gathered into a digest, whose own row then carries it.
    """

    PENDING = "pending"
    LEASED = "leased"
    DELIVERED = "delivered"
    DEAD = "dead"
    SUPPRESSED = "suppressed"
    GATHERED = "gathered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether one notice goes to one endpoint, and why.

    Attributes:
        notice: The notice as it would go out.
        member_id: Whose endpoint; empty where the reason holds for everybody.
        endpoint_id: Where to; empty where the reason holds for the whole member.
        subscription_id: The member's wish behind it.
        channel: Channel of the endpoint.
        language: Language to write in.
        mode: One by one, or gathered.
        is_sent: Whether it goes out now.
        reason: Why it goes out, or why not.
        detail: What decided, in a few words: rule, silence, verdict.
    """

    notice: Notice
    reason: Reason
    is_sent: bool = False
    member_id: str = ""
    endpoint_id: str = ""
    subscription_id: str = ""
    channel: str = ""
    language: str = "en"
    mode: Mode = Mode.IMMEDIATE
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the delivery log: an endpoint and a notice that was queued for it.

    Attributes:
        member_id: Whose endpoint.
        endpoint_id: Where to.
        alert_id: Alert of the notice.
        identifier: The notice's identifier.
        sequence: Number of the event it told of.
        repeat: 0 for the event itself, then the number of the reminder.
        grade: Grade it told.
        msg_type: CAP message type.
        told_at: When it was queued.
        has_failed: Whether it was given up (a dead letter): the reader does not have it.
    """

    member_id: str
    endpoint_id: str
    alert_id: str
    identifier: str
    sequence: int
    grade: Grade
    msg_type: MsgType
    told_at: datetime
    repeat: int = 0
    has_failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A time in which nobody, or one member, wants to hear of something.

    Attributes:
        silence_id: Unique name.
        author: Who asked for it.
        reason: Why.
        starts_at: First instant.
        ends_at: First instant after.
        member_id: Whose; empty for everybody.
        mineral: Mineral code; empty for any. Likewise the following three.
        family: Kind of stress.
        direction: Up or down.
        alert_id: One alert alone.
    """

    silence_id: str
    author: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    member_id: str = ""
    mineral: str = ""
    family: str = ""
    direction: str = ""
    alert_id: str = ""


class ApprovalState(StrEnum):
    """What a duty officer said."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A duty officer's decision about one notice.

    Attributes:
        identifier: The notice.
        state: Waiting, approved or rejected.
        requested_at: When the officer was first asked; the deadline counts from here.
        decided_at: When; None while waiting.
        decided_by: Who; empty while waiting.
        why: In the officer's words.
    """

    identifier: str
    requested_at: datetime
    state: ApprovalState = ApprovalState.WAITING
    decided_at: datetime | None = None
    decided_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """A member says that it has taken note of an alert, up to one of its events.

    Attributes:
        alert_id: The alert.
        member_id: Who.
        sequence: Newest event the member had been told of: a later escalation asks again.
        at: When.
        by: Person, or empty.
        via: Way it came: slack, email, api, cap, cli.
    """

    alert_id: str
    member_id: str
    sequence: int
    at: datetime
    by: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A leased row of the outbox, with all that a worker needs to send it.

    Attributes:
        delivery_id: Names the delivery over all attempts: the idempotency key.
        member_id: Whose endpoint.
        endpoint_id: Where to.
        channel: Name of the channel.
        language: Language to write in.
        notices: One; several for a digest. All of one kind.
        thread: What the endpoint's first receipt of the alert named; empty for none.
        is_digest: Whether several notices are written as one.
        attempts: This one included.
        created_at: When it was queued.
        leased_until: Until when no other worker takes it.
        owner: The worker that leased it.
    """

    delivery_id: str
    member_id: str
    endpoint_id: str
    channel: str
    language: str
    notices: tuple[ActualNotice, ...] | tuple[ExerciseNotice, ...]
    thread: str
    is_digest: bool
    attempts: int
    created_at: datetime
    leased_until: datetime
    owner: str


class Outcome(StrEnum):
    """How one attempt ended."""

    DELIVERED = "delivered"
    POSTPONED = "postponed"
    REJECTED = "rejected"
    LOST = "lost"
