"""Alerts: grades, assessments, and the appended events that make up an alert's life."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.domain.signal import Certainty, Direction, Family, Severity, Signal

if TYPE_CHECKING:
    from datetime import datetime


class Grade(IntEnum):
    """The decision. Blind stands beside the scale: "we cannot see", never "all is well"."""

    BLIND = -1
    NORMAL = 0
    WATCH = 1
    ADVISORY = 2
    WARNING = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """Lower-case name, as programs read it."""
        return self.name.lower()


class EventKind(StrEnum):
    """A step in an alert's life."""

    RAISED = "raised"
    ESCALATED = "escalated"
    EASED = "eased"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


class Reason(StrEnum):
    """Why an event was appended, or why a notice was not sent."""

    FIRST = "FIRST"
    ESCALATED = "ESCALATED"
    EASED = "EASED"
    ENDED = "ENDED"
    WITHDRAWN = "WITHDRAWN"
    REOPENED = "REOPENED"
    REPEAT_DUE = "REPEAT_DUE"
    UNCHANGED = "UNCHANGED"
    COOL_DOWN = "COOL_DOWN"
    INHIBITED = "INHIBITED"
    SILENCED = "SILENCED"
    QUIET_HOURS = "QUIET_HOURS"
    BELOW_SUBSCRIPTION = "BELOW_SUBSCRIPTION"
    NOT_ENTITLED = "NOT_ENTITLED"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    OVER_BUDGET = "OVER_BUDGET"
    AWAITING_DIGEST = "AWAITING_DIGEST"
    SUPERSEDED = "SUPERSEDED"
    REJECTED = "REJECTED"
    ENDPOINT_DISABLED = "ENDPOINT_DISABLED"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fingerprint:
    """What makes two findings the same alert.

    Example:
        >>> str(Fingerprint(mineral="nickel", family=Family.PRICE, direction=Direction.UP))
        'nickel/price/up/world'
    """

    mineral: str
    family: Family
    direction: Direction
    area: str = "world"

    def __str__(self) -> str:
        """Return the four parts joined by slashes."""
        return f"{self.mineral}/{self.family}/{self.direction}/{self.area}"

    @classmethod
    def parse(cls, text: str) -> Fingerprint:
        """Return the fingerprint of its own text form."""
        mineral, family, direction, area = text.split("/")
        return cls(
            mineral=mineral, family=Family(family), direction=Direction(direction), area=area
        )


class Measure(StrEnum):
    """What a condition is about."""

    PROBABILITY = "probability"
    PRICE = "price"
    FINDING = "finding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that can be looked up later.

    Attributes:
        measure: Probability of `criterion`, a price, or whether the criterion holds.
        criterion: The consequence that is meant.
        bound: Probability from 0 to 1, or price; 0 where only the criterion counts.
        unit: Of a price.
        period: Month of a price, `2022-04`.
        is_below: Whether it holds below the bound, else from it on.
    """

    measure: Measure
    criterion: str
    bound: float = 0.0
    unit: str = ""
    period: str = ""
    is_below: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeChange:
    """What would change a grade, everything else staying as it is.

    Attributes:
        grade: The grade then.
        conditions: All of them must hold; at least one.
    """

    grade: Grade
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The grade of one fingerprint at one instant, with everything that explains it.

    Attributes:
        fingerprint: What was assessed.
        as_of: Instant whose knowledge was used.
        grade: The decision, persistence and hysteresis applied.
        severity: Consequence that decided.
        certainty: Class of the probability that decided.
        probability: Calibrated probability, 0 to 1.
        horizon_months: Within which the consequence is expected; 0 when observed.
        criterion: The consequence in words that can be checked later.
        headline: One line: mineral, what, how sure, by when.
        reasons: Plain sentences with numbers, thresholds and vintage, most telling first.
        signals: The signals that were combined.
        tlp: Strictest label of the evidence.
        changes: What would change the grade, the easing first.
    """

    fingerprint: Fingerprint
    as_of: datetime
    grade: Grade
    severity: Severity
    certainty: Certainty
    probability: float
    horizon_months: int
    criterion: str
    headline: str
    reasons: tuple[str, ...]
    signals: tuple[Signal, ...]
    tlp: Tlp = Tlp.CLEAR
    changes: tuple[GradeChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """One appended step in an alert's life.

    Attributes:
        alert_id: Names the alert over its whole life.
        sequence: 1 for the first event of the alert, then 2, 3, ...
        kind: The step.
        reason: Why.
        grade: Grade from this step on; Normal when ended or withdrawn.
        previous_grade: Grade before this step.
        raised_at: `as_of` of the alert's first event.
        as_of: Instant whose knowledge led to the step.
        assessment: What explains it.
        status: Actual, or Exercise and its like.
    """

    alert_id: str
    sequence: int
    kind: EventKind
    reason: Reason
    grade: Grade
    previous_grade: Grade
    raised_at: datetime
    as_of: datetime
    assessment: Assessment
    status: MessageStatus = MessageStatus.ACTUAL

    @property
    def is_open(self) -> bool:
        """Whether the alert lives on after this step."""
        return self.kind not in {EventKind.ENDED, EventKind.WITHDRAWN}


def name_alert(fingerprint: Fingerprint, *, raised_at: datetime, status: MessageStatus) -> str:
    """Return the id of the alert raised for `fingerprint` at `raised_at`.

    The same facts give the same id, so that a run that is repeated names no second alert.
    """
    text = f"{status}|{fingerprint}|{raised_at.isoformat()}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"{fingerprint.mineral}-{fingerprint.family}-{fingerprint.direction}-{digest}"
