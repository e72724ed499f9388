"""Signals and alert events as JSON text and back: what is stored is enough to rebuild the value."""

from __future__ import annotations

import dataclasses
import json
import math
from datetime import datetime
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any

from g7warn.domain.alert import (
    AlertEvent,
    Assessment,
    Condition,
    EventKind,
    Fingerprint,
    Grade,
    GradeChange,
    Measure,
    Reason,
)
from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.domain.signal import Certainty, Direction, Evidence, Family, Severity, Signal, Turn
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping


def encode(value: Signal | Assessment | AlertEvent) -> str:
    """Return a value as JSON text, the same text for equal values.

    Instants are ISO 8601, ordered enums their name, infinite and missing numbers their name.
    """
    return json.dumps(_to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _to_plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_to_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, Fingerprint):
        fields = dataclasses.fields(value)
        return {field.name: _to_plain(getattr(value, field.name)) for field in fields}
    return _scalar_to_plain(value)


def _scalar_to_plain(value: object) -> object:
    match value:
        case IntEnum():
            return value.name
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case Fingerprint():
            return str(value)
        case float() if not math.isfinite(value):
            return repr(value)
    return value


def decode_event(text: str) -> AlertEvent:
    """Return the alert event of its JSON text.

    Raises:
        ConfigurationError: The text is not what `encode` wrote.
    """
    plain = _load(text)
    plain["kind"] = EventKind(plain["kind"])
    plain["reason"] = Reason(plain["reason"])
    plain["grade"] = Grade[plain["grade"]]
    plain["previous_grade"] = Grade[plain["previous_grade"]]
    plain["status"] = MessageStatus(plain["status"])
    plain["assessment"] = _to_assessment(plain["assessment"])
    for name in ("raised_at", "as_of"):
        plain[name] = datetime.fromisoformat(plain[name])
    return AlertEvent(**plain)


def decode_assessment(text: str) -> Assessment:
    """Return the assessment of its JSON text."""
    return _to_assessment(_load(text))


def decode_signal(text: str) -> Signal:
    """Return the signal of its JSON text."""
    return _to_signal(_load(text))


def _load(text: str) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except ValueError as error:
        message = f"a stored finding is damaged: {error}. Restore the store from a backup"
        raise ConfigurationError(message) from error
    return dict(plain)


def _to_assessment(plain: Mapping[str, Any]) -> Assessment:
    fields = dict(plain)
    fields["fingerprint"] = Fingerprint.parse(plain["fingerprint"])
    fields["as_of"] = datetime.fromisoformat(plain["as_of"])
    fields["grade"] = Grade[plain["grade"]]
    fields["severity"] = Severity[plain["severity"]]
    fields["certainty"] = Certainty[plain["certainty"]]
    fields["probability"] = float(plain["probability"])
    fields["reasons"] = tuple(plain["reasons"])
    fields["signals"] = tuple(_to_signal(signal) for signal in plain["signals"])
    fields["tlp"] = Tlp[plain["tlp"]]
    # Absent in what was kept before grades said what would change them.
    fields["changes"] = tuple(_to_change(change) for change in plain.get("changes", ()))
    return Assessment(**fields)


def _to_change(plain: Mapping[str, Any]) -> GradeChange:
    conditions = tuple(
        Condition(**dict(one) | {"measure": Measure(one["measure"])}) for one in plain["conditions"]
    )
    return GradeChange(grade=Grade[plain["grade"]], conditions=conditions)


def _to_signal(plain: Mapping[str, Any]) -> Signal:
    fields = dict(plain)
    fields["family"] = Family(plain["family"])
    fields["direction"] = Direction(plain["direction"])
    fields["severity"] = Severity[plain["severity"]]
    for name in ("score", "percentile", "probability"):
        fields[name] = float(plain[name])
    fields["evidence"] = _to_evidence(plain["evidence"])
    fields["turns"] = tuple(
        Turn(
            severity=Severity[turn["severity"]],
            bound=float(turn["bound"]),
            unit=turn["unit"],
            period=turn["period"],
            is_below=turn["is_below"],
        )
        for turn in plain.get("turns", ())
    )
    return Signal(**fields)


def _to_evidence(plain: Mapping[str, Any]) -> Evidence:
    fields = dict(plain)
    for name in ("series_ids", "periods", "notes"):
        fields[name] = tuple(plain[name])
    for name in ("values", "thresholds"):
        fields[name] = {key: float(number) for key, number in plain[name].items()}
    if plain["vintage_at"] is not None:
        fields["vintage_at"] = datetime.fromisoformat(plain["vintage_at"])
    fields["tlp"] = Tlp[plain["tlp"]]
    return Evidence(**fields)
