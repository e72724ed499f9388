"""Composition: the notice that tells of one event."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from g7warn.alerts.entitlement import CEILING
from g7warn.domain.alert import EventKind, Grade
from g7warn.domain.marking import Tlp
from g7warn.domain.mineral import find_mineral
from g7warn.domain.notice import (
    Finding,
    MsgType,
    ResponseType,
    Scope,
    TrackRecord,
    Urgency,
    kind_of,
)
from g7warn.domain.signal import Certainty, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.notice import ActualNotice, ExerciseNotice, Notice

_MONTH = timedelta(days=30.4375)
_SHORTEST_LIFE = timedelta(days=45)
"""A notice outlives the next monthly assessment and its publication lag. Judgement."""

_MSG_TYPES = {
    EventKind.RAISED: MsgType.ALERT,
    EventKind.REOPENED: MsgType.ALERT,
    EventKind.ESCALATED: MsgType.UPDATE,
    EventKind.EASED: MsgType.UPDATE,
    EventKind.ENDED: MsgType.CANCEL,
    EventKind.WITHDRAWN: MsgType.CANCEL,
}
_RESPONSES = {
    Grade.BLIND: ResponseType.MONITOR,
    Grade.NORMAL: ResponseType.ALL_CLEAR,
    Grade.WATCH: ResponseType.MONITOR,
    Grade.ADVISORY: ResponseType.ASSESS,
    Grade.WARNING: ResponseType.PREPARE,
    Grade.CRITICAL: ResponseType.EXECUTE,
}
"""Response objectives of the grades: watch: look; advisory: check exposure; warning: prepare;
critical: convene."""
_ENDINGS = {
    EventKind.ENDED: "over",
    EventKind.WITHDRAWN: "withdrawn: the data that raised it were revised away",
}


def compose_notice(
    event: AlertEvent,
    *,
    sender: str,
    sent: datetime | None = None,
    earlier: Sequence[Notice] = (),
    named: tuple[str, ...] = (),
    track_record: TrackRecord | None = None,
    is_simulated: bool = False,
) -> ActualNotice | ExerciseNotice:
    """Return the notice that tells of `event`. The same arguments give the same notice.

    Args:
        event: The newest event of an alert.
        sender: CAP sender of this installation.
        sent: When it is issued; the event's own instant where none is given.
        earlier: Notices of the same alert that went out before, oldest first.
        named: Members to whom TLP:RED goes; without one, RED is for the secretariat.
        track_record: Of the grade, mineral and rule.
        is_simulated: Whether simulated data are among the evidence.

    Raises:
        ConfigurationError: The event is a draft, or `sender` is no CAP sender.
    """
    assessment = event.assessment
    is_over = not event.is_open
    tlp = _label(event, earlier)
    scope, restriction, addresses = _audience(tlp, named)
    mineral = find_mineral(assessment.fingerprint.mineral)
    sent = sent or event.as_of
    window = max(assessment.horizon_months * _MONTH, _SHORTEST_LIFE)
    return kind_of(event.status)(
        identifier=f"{event.alert_id}-{event.sequence}",
        sender=sender,
        sent=sent,
        status=event.status,
        msg_type=_MSG_TYPES[event.kind],
        scope=scope,
        restriction=restriction,
        addresses=addresses,
        references=tuple(notice.reference for notice in earlier),
        tlp=tlp,
        fingerprint=assessment.fingerprint,
        alert_id=event.alert_id,
        sequence=event.sequence,
        kind=event.kind,
        reason=event.reason,
        grade=event.grade,
        previous_grade=_previous_grade(event, earlier, tlp=tlp),
        severity=Severity.NONE if is_over else assessment.severity,
        certainty=Certainty.UNLIKELY if is_over else assessment.certainty,
        probability=0.0 if is_over else assessment.probability,
        horizon_months=0 if is_over else assessment.horizon_months,
        urgency=Urgency.PAST if is_over else _urgency(event),
        response=_RESPONSES[event.grade],
        mineral=assessment.fingerprint.mineral,
        hs=mineral.hs if mineral else (),
        onset=event.as_of,
        expires=sent + window,
        criterion="" if is_over else assessment.criterion,
        headline=_headline(event, earlier, tlp=tlp),
        findings=() if is_over else _findings(event),
        rule="" if is_over else f"{assessment.severity.name}_{assessment.certainty.name}".lower(),
        track_record=track_record,
        changes=() if is_over else assessment.changes,
        evidence_ref=f"{event.alert_id}/{event.sequence}",
        is_simulated=is_simulated,
    )


def _label(event: AlertEvent, earlier: Sequence[Notice]) -> Tlp:
    """Return the strictest label of the evidence.

    A cancel carries the most open label its alert was told under: all who got it get this. It says
    no more than that the alert is over, so no evidence is in it to protect.
    """
    if not event.is_open and earlier:
        return min(notice.tlp for notice in earlier)
    evidence = (signal.evidence.tlp for signal in event.assessment.signals)
    return Tlp.strictest([event.assessment.tlp, *evidence])


def _previous_grade(event: AlertEvent, earlier: Sequence[Notice], *, tlp: Tlp) -> Grade:
    """Return the grade before as readers of `tlp` were told it; a stricter one stays hidden."""
    if all(notice.tlp <= tlp for notice in earlier):
        return event.previous_grade
    return next((n.grade for n in reversed(earlier) if n.tlp <= tlp), Grade.NORMAL)


def _audience(tlp: Tlp, named: tuple[str, ...]) -> tuple[Scope, str, tuple[str, ...]]:
    if tlp == Tlp.CLEAR:
        return Scope.PUBLIC, "", ()
    if tlp == Tlp.RED:
        return Scope.PRIVATE, "", named or ("secretariat",)
    circles = ", ".join(audience for audience, ceiling in CEILING.items() if tlp <= ceiling)
    return Scope.RESTRICTED, f"{tlp.label}: {circles}", ()


def _urgency(event: AlertEvent) -> Urgency:
    assessment = event.assessment
    if event.grade == Grade.BLIND:
        return Urgency.UNKNOWN
    if assessment.certainty == Certainty.OBSERVED:
        return Urgency.IMMEDIATE
    return Urgency.EXPECTED if assessment.horizon_months <= 1 else Urgency.FUTURE


def _headline(event: AlertEvent, earlier: Sequence[Notice], *, tlp: Tlp) -> str:
    if event.is_open:
        return event.assessment.headline
    fingerprint = event.assessment.fingerprint
    mineral = find_mineral(fingerprint.mineral)
    about = mineral.name if mineral else fingerprint.mineral
    grade = _previous_grade(event, earlier, tlp=tlp).label
    ending = _ENDINGS[event.kind]
    return f"{about}: alert on {fingerprint.family} {fingerprint.direction} ({grade}) is {ending}"


def _findings(event: AlertEvent) -> tuple[Finding, ...]:
    """Return the assessment's reasons in its order, each with its signal's numbers."""
    by_text = {signal.reason: signal for signal in event.assessment.signals}
    findings = []
    for text in event.assessment.reasons:
        signal = by_text.get(text)
        if signal is None:
            findings.append(Finding(key="", text=text))
            continue
        findings.append(
            Finding(
                key=signal.indicator,
                text=text,
                values=dict(signal.evidence.values),
                thresholds=dict(signal.evidence.thresholds),
            )
        )
    return tuple(findings)
