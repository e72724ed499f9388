"""Alerts as the pages show them: search, facets, life, evidence; pure functions of events."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from g7warn.deliver.language import open_words
from g7warn.deliver.neutral import clean_line, clean_text
from g7warn.deliver.wording import word_change
from g7warn.domain.alert import Grade
from g7warn.domain.notice import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.marking import MessageStatus, Tlp
    from g7warn.domain.signal import Signal

PAGE_SIZE = 50
FACETS = ("grade", "mineral", "family", "direction", "status")


@dataclass(frozen=True, slots=True)
class MarkedAlert:
    """An alert's marking, as entitlement asks for it: nobody is named by an alert itself.

    Attributes:
        event: Its newest event.
        tlp: Strictest label of its whole life.
    """

    event: AlertEvent
    tlp: Tlp

    @property
    def status(self) -> MessageStatus:
        """CAP status."""
        return self.event.status

    @property
    def mineral(self) -> str:
        """Mineral code."""
        return self.event.assessment.fingerprint.mineral

    @property
    def scope(self) -> Scope:
        """Restricted: the label decides."""
        return Scope.RESTRICTED

    @property
    def addresses(self) -> tuple[str, ...]:
        """Nobody."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertQuery:
    """What is asked of the open alerts; empty parts ask nothing.

    Attributes:
        q: Words that all must occur in headline, mineral, reasons or id.
        chosen: Facet -> wanted value.
        page: From 1.
    """

    q: str = ""
    chosen: dict[str, str]
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """One page of what was found.

    Attributes:
        rows: Alerts, the gravest first, then the newest.
        total: Alerts found on all pages.
        page: Number of this page, from 1.
        pages: Number of pages, at least 1.
        facets: Facet -> value -> alerts found, with the other facets' choices applied.
    """

    rows: list[dict[str, Any]]
    total: int
    page: int
    pages: int
    facets: dict[str, dict[str, int]]


def group_lives(events: Iterable[AlertEvent]) -> dict[str, list[AlertEvent]]:
    """Return events by alert, each alert's oldest first."""
    lives: dict[str, list[AlertEvent]] = {}
    for event in sorted(events, key=lambda event: event.sequence):
        lives.setdefault(event.alert_id, []).append(event)
    return lives


def mark_alert(life: Sequence[AlertEvent]) -> MarkedAlert:
    """Return the marking of an alert: its label never eases over its life."""
    return MarkedAlert(life[-1], max(event.assessment.tlp for event in life))


def describe_alert(life: Sequence[AlertEvent]) -> dict[str, Any]:
    """Return an alert's newest standing as a JSON-safe mapping."""
    event = life[-1]
    assessment = event.assessment
    fingerprint = assessment.fingerprint
    worst = max((step.grade for step in life), default=event.grade)
    return {
        "alert_id": event.alert_id,
        "mineral": fingerprint.mineral,
        "family": str(fingerprint.family),
        "direction": str(fingerprint.direction),
        "area": fingerprint.area,
        "grade": event.grade.label,
        "highest_grade": worst.label,
        "state": "open" if event.is_open else str(event.kind),
        "status": str(event.status),
        "tlp": mark_alert(life).tlp.label,
        "raised_at": event.raised_at.isoformat(),
        "changed_at": event.as_of.isoformat(),
        "headline": clean_line(assessment.headline),
        "probability": _finite(assessment.probability),
        "horizon_months": assessment.horizon_months,
        "criterion": clean_line(assessment.criterion),
        "reasons": [clean_text(reason) for reason in assessment.reasons],
        "changes": [
            clean_line(word_change(change, open_words("en"))) for change in assessment.changes
        ],
    }


def describe_step(event: AlertEvent) -> dict[str, Any]:
    """Return one step of an alert's life with its evidence as a JSON-safe mapping."""
    return {
        "sequence": event.sequence,
        "event": str(event.kind),
        "reason": str(event.reason),
        "grade": event.grade.label,
        "previous_grade": event.previous_grade.label,
        "as_of": event.as_of.isoformat(),
        "headline": clean_line(event.assessment.headline),
        "reasons": [clean_text(reason) for reason in event.assessment.reasons],
        "signals": [_describe_signal(signal) for signal in event.assessment.signals],
    }


def search_alerts(lives: Iterable[Sequence[AlertEvent]], query: AlertQuery) -> AlertPage:
    """Return the page of alerts that a query asks for."""
    rows = [row for row in map(describe_alert, lives) if _matches_words(row, query.q)]
    found = [row for row in rows if _matches(row, query.chosen)]
    found.sort(key=lambda row: row["changed_at"], reverse=True)
    found.sort(key=lambda row: -Grade[row["grade"].upper()])
    pages = max(1, math.ceil(len(found) / PAGE_SIZE))
    page = min(max(1, query.page), pages)
    start = (page - 1) * PAGE_SIZE
    facets = {
        facet: dict(
            Counter(
                row[facet]
                for row in rows
                if _matches(row, {k: v for k, v in query.chosen.items() if k != facet})
            ).most_common()
        )
        for facet in FACETS
    }
    return AlertPage(
        rows=found[start : start + PAGE_SIZE],
        total=len(found),
        page=page,
        pages=pages,
        facets=facets,
    )


def _matches(row: dict[str, Any], chosen: dict[str, str]) -> bool:
    return all(row[facet] == value for facet, value in chosen.items() if value)


def _matches_words(row: dict[str, Any], q: str) -> bool:
    if not q:
        return True
    text = " ".join([row["headline"], row["mineral"], row["alert_id"], *row["reasons"]]).lower()
    return all(word in text for word in q.lower().split())


def _describe_signal(signal: Signal) -> dict[str, Any]:
    evidence = signal.evidence
    return {
        "indicator": signal.indicator,
        "reason": clean_text(signal.reason),
        "severity": signal.severity.name.lower(),
        "probability": _finite(signal.probability),
        "percentile": _finite(signal.percentile),
        "is_observed": signal.is_observed,
        "series": list(evidence.series_ids),
        "periods": list(evidence.periods),
        "known_at": evidence.vintage_at.isoformat() if evidence.vintage_at else None,
        "is_estimated": evidence.is_estimated,
        "values": {name: _finite(value) for name, value in evidence.values.items()},
        "thresholds": {name: _finite(value) for name, value in evidence.thresholds.items()},
        "tlp": evidence.tlp.label,
        "notes": [clean_text(note) for note in evidence.notes],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
