"""Exports: JSON with everything, CSV that no spreadsheet computes with."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from g7warn.store import codec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.domain.alert import AlertEvent

COLUMNS: tuple[str, ...] = (
    *("alert_id", "sequence", "kind", "reason", "as_of", "raised_at", "mineral", "family"),
    *("direction", "area", "grade", "previous_grade", "severity", "certainty", "probability"),
    *("horizon_months", "criterion", "headline", "reasons", "tlp", "status"),
)
"""Columns of the CSV, one row an event."""

_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet compute a cell (OWASP, CSV Injection, seen
2026-11-22)."""


def to_json(events: Sequence[AlertEvent]) -> str:
    """Return events as a JSON list with everything the archive holds of them."""
    return json.dumps([json.loads(codec.encode(event)) for event in events], ensure_ascii=False)


def to_csv(events: Sequence[AlertEvent]) -> str:
    """Return events as CSV (RFC 4180), one row an event.

    Texts that begin like a formula get an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for event in events:
        row = _flatten(event)
        writer.writerow([defuse(row[name]) for name in COLUMNS])
    return out.getvalue()


def _flatten(event: AlertEvent) -> dict[str, Any]:
    found, of = event.assessment, event.assessment.fingerprint
    return {
        "alert_id": event.alert_id,
        "sequence": event.sequence,
        "kind": str(event.kind),
        "reason": str(event.reason),
        "as_of": event.as_of.isoformat(),
        "raised_at": event.raised_at.isoformat(),
        "mineral": of.mineral,
        "family": str(of.family),
        "direction": str(of.direction),
        "area": of.area,
        "grade": event.grade.label,
        "previous_grade": event.previous_grade.label,
        "severity": found.severity.name.lower(),
        "certainty": found.certainty.name.lower(),
        "probability": found.probability,
        "horizon_months": found.horizon_months,
        "criterion": found.criterion,
        "headline": found.headline,
        "reasons": " | ".join(found.reasons),
        "tlp": found.tlp.label,
        "status": str(event.status),
    }


def defuse(cell: object) -> object:
    """Return a cell that no spreadsheet computes; numbers stay numbers.

    Example:
        >>> defuse("=1+1"), defuse(-1.5), defuse("plain")
        ("'=1+1", -1.5, 'plain')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMPUTED) else cell
