"""The life of an alert: from assessments to appended events.

raised -> escalated / eased -> ended ("over") or withdrawn ("the data were revised away"). Stress
that comes back soon after the end opens the same alert again. Grades arrive settled (persistence
and hysteresis are the rubric's), so one look decides. What cannot be
seen never ends an alert: only an assessment that says Normal does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from g7warn.domain.alert import (
    AlertEvent,
    Assessment,
    EventKind,
    Fingerprint,
    Grade,
    Reason,
    name_alert,
)
from g7warn.domain.marking import MessageStatus
from g7warn.domain.signal import Certainty, Family, Severity
from g7warn.errors import IllegalTransition

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

_REASONS = {
    EventKind.RAISED: Reason.FIRST,
    EventKind.ESCALATED: Reason.ESCALATED,
    EventKind.EASED: Reason.EASED,
    EventKind.ENDED: Reason.ENDED,
    EventKind.WITHDRAWN: Reason.WITHDRAWN,
    EventKind.REOPENED: Reason.REOPENED,
}
_MONTH = timedelta(days=30.4375)


def advance(
    previous: Sequence[AlertEvent],
    assessments: Iterable[Assessment],
    *,
    as_of: datetime,
    status: MessageStatus = MessageStatus.ACTUAL,
    revised_away: Collection[str] = (),
    rearm_months: int = 0,
) -> list[AlertEvent]:
    """Return the events that the assessments add to what has happened.

    Called again with its own result among `previous` it returns nothing.

    Args:
        previous: All events known by `as_of`, any order; those of other statuses are left alone.
        assessments: At most one for a fingerprint, made at `as_of`. A fingerprint without one, or
            with a Blind one outside the data family, could not be seen: its alert stays as it is.
        as_of: Instant whose knowledge was used.
        status: Whether this is meant, or an exercise.
        revised_away: Ids of open alerts for which `is_revised_away` holds.
        rearm_months: Stress that comes back within so many months of the end is the same alert.

    Returns:
        New events, by fingerprint.

    Raises:
        IllegalTransition: An event of `previous` lies after `as_of`, or a fingerprint has two
            assessments.
    """
    latest = find_latest(event for event in previous if event.status == status)
    if any(event.as_of > as_of for event in latest.values()):
        message = f"events after {as_of.isoformat()} exist: history is appended, not rewritten"
        raise IllegalTransition(message, as_of=as_of.isoformat())
    seen = _index(assessments)
    events = []
    standing: set[Fingerprint] = set()
    for event in latest.values():
        if not event.is_open:
            continue
        fingerprint = event.assessment.fingerprint
        standing.add(fingerprint)
        assessment = seen.get(fingerprint)
        kind = _next_kind(event, assessment, is_revised=event.alert_id in revised_away)
        if kind is not None:
            basis = assessment or _clear(event.assessment, as_of=as_of)
            events.append(_follow(event, kind, basis, as_of=as_of))
    for fingerprint, assessment in seen.items():
        if fingerprint not in standing and _is_stress(assessment):
            ended = _find_ended(latest.values(), fingerprint, since=as_of - rearm_months * _MONTH)
            events.append(
                _follow(ended, EventKind.REOPENED, assessment, as_of=as_of)
                if ended
                else _raise(assessment, as_of=as_of, status=status)
            )
    return sorted(events, key=lambda event: (event.assessment.fingerprint, event.alert_id))


def _find_ended(
    latest: Iterable[AlertEvent], fingerprint: Fingerprint, *, since: datetime
) -> AlertEvent | None:
    """Return the newest end of the fingerprint's alerts after `since`; withdrawals are no end."""
    ends = [
        event
        for event in latest
        if event.kind == EventKind.ENDED
        and event.assessment.fingerprint == fingerprint
        and event.as_of > since
    ]
    return max(ends, key=lambda event: event.as_of, default=None)


def find_latest(events: Iterable[AlertEvent]) -> dict[str, AlertEvent]:
    """Return the newest event of each alert, by alert id."""
    latest: dict[str, AlertEvent] = {}
    for event in events:
        known = latest.get(event.alert_id)
        if known is None or event.sequence > known.sequence:
            latest[event.alert_id] = event
    return latest


def is_revised_away(event: AlertEvent, recomputed: Assessment | None) -> bool:
    """Return whether the data that raised an alert have been revised away.

    Args:
        event: Any event of the alert.
        recomputed: The assessment of its fingerprint for `event.raised_at`, made again from
            today's values; None or Blind where it cannot be made: then nothing is concluded.

    Returns:
        True only where the assessment was made again and says Normal.
    """
    if recomputed is None:
        return False
    if recomputed.fingerprint != event.assessment.fingerprint:
        message = f"alert {event.alert_id!r} was held against another fingerprint's assessment"
        raise IllegalTransition(message, alert=event.alert_id)
    return recomputed.grade == Grade.NORMAL


def _index(assessments: Iterable[Assessment]) -> dict[Fingerprint, Assessment]:
    seen: dict[Fingerprint, Assessment] = {}
    for assessment in assessments:
        if assessment.fingerprint in seen:
            message = f"{assessment.fingerprint} has two assessments: hand in one"
            raise IllegalTransition(message, fingerprint=str(assessment.fingerprint))
        seen[assessment.fingerprint] = assessment
    return seen


def _is_stress(assessment: Assessment) -> bool:
    """Blind is stress of the data family alone; elsewhere it is the absence of sight."""
    if assessment.grade == Grade.BLIND:
        return assessment.fingerprint.family == Family.DATA
    return assessment.grade > Grade.NORMAL


def _next_kind(
    event: AlertEvent, assessment: Assessment | None, *, is_revised: bool
) -> EventKind | None:
    """Return the step to take, or None for none.

    An alert that was raised on revised data but is borne out by now stays: what it says is true.
    """
    is_stress = assessment is not None and _is_stress(assessment)
    if is_revised and not is_stress:
        return EventKind.WITHDRAWN
    if assessment is None:
        return None
    if assessment.grade == Grade.NORMAL:
        return EventKind.ENDED
    if not is_stress or assessment.grade == event.grade:
        return None
    return EventKind.ESCALATED if assessment.grade > event.grade else EventKind.EASED


def _raise(assessment: Assessment, *, as_of: datetime, status: MessageStatus) -> AlertEvent:
    return AlertEvent(
        alert_id=name_alert(assessment.fingerprint, raised_at=as_of, status=status),
        sequence=1,
        kind=EventKind.RAISED,
        reason=Reason.FIRST,
        grade=assessment.grade,
        previous_grade=Grade.NORMAL,
        raised_at=as_of,
        as_of=as_of,
        assessment=assessment,
        status=status,
    )


def _follow(
    event: AlertEvent, kind: EventKind, assessment: Assessment, *, as_of: datetime
) -> AlertEvent:
    is_over = kind in {EventKind.ENDED, EventKind.WITHDRAWN}
    return replace(
        event,
        sequence=event.sequence + 1,
        kind=kind,
        reason=_REASONS[kind],
        grade=Grade.NORMAL if is_over else assessment.grade,
        previous_grade=event.grade,
        as_of=as_of,
        assessment=assessment,
    )


def _clear(assessment: Assessment, *, as_of: datetime) -> Assessment:
    """Return what explains a withdrawal that no present assessment speaks about."""
    return replace(
        assessment,
        as_of=as_of,
        grade=Grade.NORMAL,
        severity=Severity.NONE,
        certainty=Certainty.UNLIKELY,
        probability=0.0,
        reasons=("The data that raised this alert were revised; they no longer support it.",),
        signals=(),
    )
