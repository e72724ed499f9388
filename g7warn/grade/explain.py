"""Explanation: an assessment with its headline and its reasons in plain sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from g7warn.domain.alert import Assessment, Fingerprint, Grade
from g7warn.domain.marking import Tlp
from g7warn.domain.mineral import find_mineral
from g7warn.domain.signal import Certainty, Direction, Family, Severity
from g7warn.grade.change import find_changes
from g7warn.signals.wording import area_name

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.signal import Signal
    from g7warn.grade.combine import Finding
    from g7warn.grade.rubric import Rubric

_MOST_REASONS = 3
_PRECEDENT = "analogues"
"""Indicator that tells what followed moves like this one: said beside the reasons of an alert."""
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
    (Family.DATA, Direction.DOWN): "not in full sight",
    (Family.DATA, Direction.UP): "data in doubt",
}


def explain_finding(
    fingerprint: Fingerprint, finding: Finding, *, grade: Grade, as_of: datetime, rubric: Rubric
) -> Assessment:
    """Return the assessment of a finding whose standing grade has been settled.

    Args:
        fingerprint: What was assessed.
        finding: The newest step's finding.
        grade: The standing grade after persistence and hysteresis.
        as_of: Instant whose knowledge was used.
        rubric: The rules, which tell what would change the grade.
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
        reasons=pick_reasons(finding.signals, has_precedent=grade > Grade.NORMAL),
        signals=finding.signals,
        tlp=Tlp.strictest(signal.evidence.tlp for signal in finding.signals),
        changes=find_changes(finding.signals, grade=grade, rubric=rubric),
    )


def write_headline(fingerprint: Fingerprint, finding: Finding, *, grade: Grade) -> str:
    """Return one line: grade, mineral, what, how sure, by when."""
    mineral = find_mineral(fingerprint.mineral)
    name = mineral.name if mineral else fingerprint.mineral
    subject = _SUBJECT.get(
        (fingerprint.family, fingerprint.direction),
        f"{fingerprint.family} stress",
    )
    where = "" if fingerprint.area == "world" else f" ({area_name(fingerprint.area)})"
    start = f"{grade.label.capitalize()}: {name}{where}, {subject}"
    leading = finding.leading
    if grade == Grade.NORMAL or leading is None:
        return f"{start}: within its usual range" if grade == Grade.NORMAL else start
    if grade == Grade.BLIND:
        return f"{start}: {leading.criterion}"
    if finding.certainty == Certainty.OBSERVED:
        return f"{start} observed: {leading.criterion}"
    return (
        f"{start} {finding.certainty.name.lower()} ({leading.probability:.0%}) within "
        f"{leading.horizon_months} months: {leading.criterion}"
    )


def pick_reasons(signals: tuple[Signal, ...], *, has_precedent: bool = False) -> tuple[str, ...]:
    """Return up to three reasons, the most telling signal of each indicator first.

    Args:
        signals: Most telling first.
        has_precedent: Whether what followed the nearest past moves is told beside them.
    """
    chosen: dict[str, str] = {}
    for signal in signals:
        if signal.severity > Severity.NONE:
            chosen.setdefault(signal.indicator, signal.reason)
    if not chosen:
        for signal in signals:
            chosen.setdefault(signal.indicator, signal.reason)
    reasons = tuple(chosen.values())[:_MOST_REASONS]
    if has_precedent:
        told = (s.reason for s in signals if s.indicator == _PRECEDENT and math.isfinite(s.score))
        reasons += tuple(reason for reason in told if reason not in reasons)
    return reasons
