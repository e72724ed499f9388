"""`Notice`: one message about one step of an alert's life. It maps one to one onto CAP 1.2.

There are two kinds and no third: `ActualNotice` and `ExerciseNotice`. Whatever carries notices is
typed by the kind it carries (`N` below), so that mypy refuses an exercise on a real channel, and
`require_kind` refuses it again at run time. The kind follows from the status alone; scope and
label play no part in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - the codec resolves annotations
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypeVar

from g7warn.domain.alert import (  # noqa: TC001 - likewise
    EventKind,
    Fingerprint,
    Grade,
    GradeChange,
    Reason,
)
from g7warn.domain.marking import MessageStatus, Realm, Tlp
from g7warn.domain.signal import Certainty, Severity  # noqa: TC001 - likewise
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

_CAP_NAME = re.compile(r"^[^\s,<&]+$")
"""CAP 1.2 section 3.2.1: identifier and sender hold no space, comma, `<` or `&`."""


class MsgType(StrEnum):
    """CAP 1.2 `msgType`."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    """CAP 1.2 `scope`: Restricted states a restriction, Private names its addresses."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Urgency(StrEnum):
    """CAP 1.2 `urgency`: how soon to respond."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class ResponseType(StrEnum):
    """CAP 1.2 `responseType`, those in use: look, check exposure, prepare, convene, over."""

    MONITOR = "Monitor"
    ASSESS = "Assess"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    ALL_CLEAR = "AllClear"
    NONE = "None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason of a notice, as data to be worded in any language and as English text.

    Attributes:
        key: Name of the message: the indicator as registered, or empty where only text is known.
        values: Name with its unit as suffix -> number, as computed.
        thresholds: Name with its unit as suffix -> number it was held against.
        text: The same in one plain English sentence.
    """

    key: str
    text: str
    values: dict[str, float] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """How earlier alerts of the same grade, mineral and rule turned out.

    Attributes:
        alerts: Closed alerts, number.
        hits: Those whose criterion came true within the window, number.
        median_lead_months: From raising to the event, among the hits; 0 where there is none.
    """

    alerts: int
    hits: int
    median_lead_months: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An earlier message, as CAP's `references` names it."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What every notice says. Only the two kinds below can be made.

    Attributes:
        identifier: Unique name of this message: alert id, sequence and reminder number.
        sender: CAP sender, an e-mail shaped name of the installation.
        sent: When it was issued, aware.
        status: CAP status; decides the kind.
        msg_type: CAP message type.
        scope: CAP scope: Public only for TLP:CLEAR.
        restriction: Who may see a Restricted message, in words; empty otherwise.
        addresses: Member ids named by a Private message (TLP:RED is always Private).
        references: Earlier messages about the same alert, oldest first.
        tlp: Strictest label of the evidence.
        fingerprint: What the alert is about.
        alert_id: Names the alert over its whole life.
        sequence: Number of the event in the alert's life, from 1.
        repeat: 0 for the event itself, then the number of the reminder.
        kind: The step in the alert's life.
        reason: Why this notice exists.
        grade: Grade from now on.
        previous_grade: Grade before.
        severity: Consequence.
        certainty: Class of the probability.
        probability: Of the consequence within the horizon, 0 to 1.
        horizon_months: 0 when observed.
        urgency: CAP urgency.
        response: CAP response type.
        mineral: Mineral code; empty for a System message.
        hs: HS headings of the mineral.
        onset: Begin of the window in which the consequence is expected.
        expires: End of that window; after it the notice says nothing any more.
        criterion: The consequence in words that can be checked later.
        headline: One English line.
        findings: Reasons, most telling first.
        rule: Name of the rubric's row that decided.
        track_record: Of this grade, mineral and rule; None before any such alert closed.
        changes: What would change the grade, the easing first.
        evidence_ref: Path of the evidence in the archive, below its root.
        is_simulated: Whether simulated data are among the evidence.
        is_reviewed: Whether a duty officer approved it; otherwise it is marked automatic.
        reviewed_by: Who approved it; empty when automatic.
    """

    REALM: ClassVar[Realm] = Realm.DESK

    identifier: str
    sender: str
    sent: datetime
    status: MessageStatus
    msg_type: MsgType
    scope: Scope
    tlp: Tlp
    fingerprint: Fingerprint
    alert_id: str
    sequence: int
    kind: EventKind
    reason: Reason
    grade: Grade
    previous_grade: Grade
    severity: Severity
    certainty: Certainty
    probability: float
    horizon_months: int
    urgency: Urgency
    response: ResponseType
    mineral: str
    onset: datetime
    expires: datetime
    criterion: str
    headline: str
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    repeat: int = 0
    hs: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    rule: str = ""
    track_record: TrackRecord | None = None
    changes: tuple[GradeChange, ...] = ()
    evidence_ref: str = ""
    is_simulated: bool = False
    is_reviewed: bool = False
    reviewed_by: str = ""

    def __post_init__(self) -> None:
        """Refuse what CAP or the marking rules do not allow.

        Raises:
            ConfigurationError: The status belongs to another kind, a name is not allowed by CAP, a
                time has no offset, or scope, label, restriction and addresses do not agree.
        """
        for fault, is_present in (
            (f"is {self.status}", self.status.realm != self.REALM or self.REALM == Realm.DESK),
            ("has an identifier CAP refuses", not _CAP_NAME.match(self.identifier)),
            ("has a sender CAP refuses", not _CAP_NAME.match(self.sender)),
            ("has a time without offset", any(not t.tzinfo for t in (self.sent, self.expires))),
            ("is Public beyond TLP:CLEAR", self.scope == Scope.PUBLIC and self.tlp > Tlp.CLEAR),
            ("is Restricted to nobody", self.scope == Scope.RESTRICTED and not self.restriction),
            ("is Private to nobody", self.scope == Scope.PRIVATE and not self.addresses),
            ("is TLP:RED, not Private", self.tlp == Tlp.RED and self.scope != Scope.PRIVATE),
        ):
            if is_present:
                message = f"{type(self).__name__} {self.identifier!r} {fault}: it cannot be made"
                raise ConfigurationError(message, identifier=self.identifier)

    @property
    def reference(self) -> Reference:
        """What a later message calls this one."""
        return Reference(sender=self.sender, identifier=self.identifier, sent=self.sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActualNotice(Notice):
    """A notice that is meant: status Actual, or System for the network's own messages."""

    REALM: ClassVar[Realm] = Realm.ACTUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseNotice(Notice):
    """A notice that is not meant: status Exercise or Test."""

    REALM: ClassVar[Realm] = Realm.EXERCISE


N = TypeVar("N", ActualNotice, ExerciseNotice)
"""The kind of notice that a message, a channel or an endpoint carries."""

KINDS: dict[Realm, type[ActualNotice | ExerciseNotice]] = {
    Realm.ACTUAL: ActualNotice,
    Realm.EXERCISE: ExerciseNotice,
}
"""Realm -> the kind of its notices; the desk has none."""


def require_kind(notice: Notice, kind: type[N]) -> N:
    """Return `notice` where it is of `kind`: the run-time half of the separation.

    Raises:
        ConfigurationError: It is of the other kind. Nothing was sent.
    """
    if type(notice) is not kind:
        message = (
            f"notice {notice.identifier!r} is {notice.status}; a carrier of {kind.__name__} "
            "takes none of these. Nothing was sent: check which endpoint it was routed to"
        )
        raise ConfigurationError(message, identifier=notice.identifier, status=notice.status)
    return notice


def kind_of(status: MessageStatus) -> type[ActualNotice | ExerciseNotice]:
    """Return the kind of notice a status makes.

    Raises:
        ConfigurationError: A draft: it is never sent.
    """
    kind = KINDS.get(status.realm)
    if kind is None:
        message = f"a message of status {status} stays on the desk: no notice is made of it"
        raise ConfigurationError(message, status=status)
    return kind


def of_one_kind(
    notices: Iterable[ActualNotice | ExerciseNotice],
) -> tuple[ActualNotice, ...] | tuple[ExerciseNotice, ...]:
    """Return notices as a tuple of one kind: real and practice are never told together.

    Raises:
        ConfigurationError: There are both.
    """
    given = tuple(notices)
    actual = tuple(notice for notice in given if isinstance(notice, ActualNotice))
    exercise = tuple(notice for notice in given if isinstance(notice, ExerciseNotice))
    if actual and exercise:
        message = f"{actual[0].identifier!r} and {exercise[0].identifier!r} are of two kinds"
        raise ConfigurationError(message, identifier=actual[0].identifier)
    return actual or exercise
