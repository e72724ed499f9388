"""The archive's use cases for shells and pages: list, show and export alerts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from g7warn.alerts.lifecycle import find_latest
from g7warn.archive.export import to_csv, to_json
from g7warn.deliver.language import open_words
from g7warn.deliver.wording import word_change, word_record
from g7warn.domain.alert import Grade
from g7warn.errors import ConfigurationError
from g7warn.pipeline.record import find_track_record
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import alerts, signals

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.signal import Signal
    from g7warn.settings import Settings


def list_alerts(
    *, as_of: datetime, settings: Settings | None = None, is_ended_shown: bool = False
) -> list[dict[str, Any]]:
    """Return the alerts that are open at `as_of`, the gravest first, Blind last.

    Args:
        as_of: Events of later instants are not seen.
        settings: In place of the environment's.
        is_ended_shown: Whether alerts that have ended are returned too.
    """
    with open_workspace(settings) as workspace:
        events = alerts.read_events(workspace.engine, as_of=as_of)
    latest = [e for e in find_latest(events).values() if e.is_open or is_ended_shown]
    latest.sort(key=lambda e: (-e.grade, e.assessment.fingerprint, e.raised_at))
    return [describe_event(event) for event in latest]


def was_assessed(*, as_of: datetime, settings: Settings | None = None) -> bool:
    """Return whether any market was looked at up to `as_of`: without, no alert means nothing."""
    with open_workspace(settings) as workspace:
        later = as_of + timedelta(microseconds=1)
        return signals.find_last(workspace.engine, before=later) is not None


def show_alert(
    alert_id: str, *, as_of: datetime, settings: Settings | None = None
) -> dict[str, Any]:
    """Return one alert's events, oldest first, each with its evidence as known then.

    Raises:
        ConfigurationError: No alert has this id, or it was raised after `as_of`.
    """
    with open_workspace(settings) as workspace:
        events = alerts.read_events(workspace.engine, as_of=as_of)
        newest = next((e for e in find_latest(events).values() if e.alert_id == alert_id), None)
        record = find_track_record(workspace.engine, newest, as_of=as_of) if newest else None
    life = sorted((e for e in events if e.alert_id == alert_id), key=lambda e: e.sequence)
    if not life:
        message = (
            f"no alert {alert_id!r} as of {as_of.date()}; `g7warn alerts list --all` shows them"
        )
        raise ConfigurationError(message, alert=alert_id)
    return {
        "alert_id": alert_id,
        "track_record": word_record(record, life[-1].assessment.certainty, open_words("en")),
        "events": [
            describe_event(event)
            | {"signals": [describe_signal(signal) for signal in event.assessment.signals]}
            for event in life
        ],
    }


def describe_event(event: AlertEvent) -> dict[str, Any]:
    """Return an event as a flat, JSON-safe mapping without its signals."""
    assessment = event.assessment
    fingerprint = assessment.fingerprint
    return {
        "alert_id": event.alert_id,
        "mineral": fingerprint.mineral,
        "family": fingerprint.family.value,
        "direction": fingerprint.direction.value,
        "area": fingerprint.area,
        "grade": event.grade.label,
        "raised_at": event.raised_at.isoformat(),
        "headline": assessment.headline,
        "reasons": list(assessment.reasons),
        "changes": [word_change(change, open_words("en")) for change in assessment.changes],
        "kind": event.kind.value,
        "reason": event.reason.value,
        "sequence": event.sequence,
        "as_of": event.as_of.isoformat(),
        "previous_grade": event.previous_grade.label,
        "severity": assessment.severity.name.lower(),
        "certainty": assessment.certainty.name.lower(),
        "probability": assessment.probability,
        "horizon_months": assessment.horizon_months,
        "criterion": assessment.criterion,
        "tlp": assessment.tlp.label,
        "status": event.status.value,
        "is_open": event.is_open,
    }


def describe_signal(signal: Signal) -> dict[str, Any]:
    """Return a signal with its evidence as a JSON-safe mapping; NaN becomes None."""
    evidence = signal.evidence
    return {
        "indicator": signal.indicator,
        "score": signal.score if signal.score == signal.score else None,
        "percentile": signal.percentile if signal.percentile == signal.percentile else None,
        "probability": signal.probability,
        "severity": signal.severity.name.lower(),
        "is_observed": signal.is_observed,
        "horizon_months": signal.horizon_months,
        "criterion": signal.criterion,
        "reason": signal.reason,
        "evidence": {
            "series_ids": list(evidence.series_ids),
            "periods": list(evidence.periods),
            "vintage_at": evidence.vintage_at.isoformat() if evidence.vintage_at else None,
            "is_estimated": evidence.is_estimated,
            "values": evidence.values,
            "thresholds": evidence.thresholds,
            "tlp": evidence.tlp.label,
            "notes": list(evidence.notes),
        },
    }


def count_grades(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many alerts stand at each grade, all grades above Normal and Blind named."""
    grades = [grade.label for grade in sorted(Grade, reverse=True) if grade != Grade.NORMAL]
    return {grade: sum(row["grade"] == grade for row in rows) for grade in grades}


def export_alerts(*, as_of: datetime, form: str, settings: Settings | None = None) -> str:
    """Return every event up to `as_of` as a JSON or CSV document, oldest first.

    Args:
        as_of: Events of later instants are not seen.
        form: `json` or `csv`; cells of a CSV that a spreadsheet would compute are defused.
        settings: In place of the environment's.
    """
    with open_workspace(settings) as workspace:
        events = alerts.read_events(workspace.engine, as_of=as_of)
    return to_json(events) + "\n" if form == "json" else to_csv(events)
