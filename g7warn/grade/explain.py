"""Explanation: an assessment with its headline and its reasons in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.domain.alert import Assessment, Fingerprint, Grade
from g7warn.domain.marking import Tlp
from g7warn.domain.mineral import find_mineral
from g7warn.domain.signal import Certainty, Direction, Family, Severity

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.signal import Signal
    from g7warn.grade.combine import Finding

_MOST_REASONS = 3
_SUBJECT = {
    (Family.PRICE, Direction.UP): "price rise",
    (Family.PRICE, Direction.DOWN): "price fall",
    (Family.MARKET, Direction.UP): "market distortion",
    (Family.MARKET, Direction.DOWN): "market distortion",
    (Family.SUPPLY, Direction.DOWN): "loss of supply",
    (Family.SUPPLY, Direction.UP): "surge of supply",
    (Family.DEMAND, Direction.UP): "demand ahead of supply",
    (Family.DEMAND, Direction.DOWN): "fall of demand",
    (Family.STOCKS, Direction.DOWN): "low stocks",
    (Family.STOCKS, Direction.UP): "build-up of stocks",
    (Family.CONCENTRATION, Direction.UP): "dependence on one supplier",
    (Family.POLICY, Direction.UP): "trade restriction",
    (Family.POLICY, Direction.DOWN): "trade restriction",
    (Family.DATA, Direction.DOWN): "no sight of the market",
}


def explain_finding(
    fingerprint: Fingerprint, finding: Finding, *, grade: Grade, as_of: datetime
) -> Assessment:
    """Return the assessment of a finding whose standing grade has been settled.

    Args:
        fingerprint: What was assessed.
        finding: The newest step's finding.
        grade: The standing grade after persistence and hysteresis.
        as_of: Instant whose knowledge was used.
    """
    leading = finding.leading
    return Assessment(
        fingerprint=fingerprint,
        as_of=as_of,
        grade=grade,
        severity=finding.severity,
        certainty=finding.certainty,
        probability=leading.probability if leading else 0.0,
        horizon_months=leading.horizon_months if leading else 0,
        criterion=leading.criterion if leading else "",
        headline=write_headline(fingerprint, finding, grade=grade),
        reasons=pick_reasons(finding.signals),
        signals=finding.signals,
        tlp=Tlp.strictest(signal.evidence.tlp for signal in finding.signals),
    )


def write_headline(fingerprint: Fingerprint, finding: Finding, *, grade: Grade) -> str:
    """Return one line: grade, mineral, what, how sure, by when."""
    mineral = find_mineral(fingerprint.mineral)
    name = mineral.name if mineral else fingerprint.mineral
    subject = _SUBJECT.get(
        (fingerprint.family, fingerprint.direction),
        f"{fingerprint.family} stress",
    )
    where = "" if fingerprint.area == "world" else f" ({fingerprint.area.upper()})"
    start = f"{grade.label.capitalize()}: {name}{where}, {subject}"
    leading = finding.leading
    if grade == Grade.NORMAL or leading is None:
        return f"{start}: within its usual range" if grade == Grade.NORMAL else start
    if finding.certainty == Certainty.OBSERVED:
        return f"{start} observed: {leading.criterion}"
    return (
        f"{start} {finding.certainty.name.lower()} ({leading.probability:.0%}) within "
        f"{leading.horizon_months} months: {leading.criterion}"
    )


def pick_reasons(signals: tuple[Signal, ...]) -> tuple[str, ...]:
    """Return up to three reasons, the most telling signal of each indicator first."""
    chosen: dict[str, str] = {}
    for signal in signals:
        if signal.severity > Severity.NONE:
            chosen.setdefault(signal.indicator, signal.reason)
    if not chosen:
        for signal in signals:
            chosen.setdefault(signal.indicator, signal.reason)
    return tuple(chosen.values())[:_MOST_REASONS]
