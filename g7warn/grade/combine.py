"""Combination: many signals of one step to one finding, many steps to one standing grade."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from g7warn.domain.alert import Fingerprint, Grade
from g7warn.domain.signal import Certainty, Direction, Family, Severity, Signal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from g7warn.grade.rubric import Rubric


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one step's signals say about one fingerprint.

    Attributes:
        grade: Grade at the rubric's bounds: what may be raised.
        holding_grade: Grade at the bounds lowered by the hysteresis: what may be kept.
        severity: Consequence of the deciding signal.
        certainty: Its certainty class.
        leading: The deciding signal, or None where no signal had a consequence.
        signals: All signals of the fingerprint, most telling first.
    """

    grade: Grade
    holding_grade: Grade
    severity: Severity
    certainty: Certainty
    leading: Signal | None
    signals: tuple[Signal, ...]


def fingerprint_of(signal: Signal) -> Fingerprint:
    """Return the fingerprint a signal speaks about."""
    return Fingerprint(
        mineral=signal.mineral,
        family=signal.family,
        direction=signal.direction,
        area=signal.area,
    )


def find_stress(signals: Iterable[Signal], *, rubric: Rubric) -> dict[Fingerprint, Finding]:
    """Return one finding for each fingerprint that a signal speaks about.

    Indicators of one family read the same series, so their agreement is no second proof: the
    strongest cell decides, and the others stand beside it as reasons.
    """
    groups: dict[Fingerprint, list[Signal]] = defaultdict(list)
    for signal in signals:
        groups[fingerprint_of(signal)].append(signal)
    return {key: _judge(group, rubric=rubric) for key, group in sorted(groups.items())}


def _judge(signals: list[Signal], *, rubric: Rubric) -> Finding:
    if signals[0].family == Family.DATA:
        return _judge_data(signals, rubric=rubric)

    relief, cell = rubric.hysteresis.value, rubric.cell_of
    ranked = sorted(signals, key=lambda s: (-cell(s), -cell(s, relief=relief), *_tell(s)))
    leading = ranked[0]
    grade, holding_grade = cell(leading), max(cell(s, relief=relief) for s in signals)
    certainty = rubric.classify(leading, has_budget=False)
    if certainty == Certainty.UNLIKELY and holding_grade > grade:
        # only here do words follow the hysteresis: Likely is more than one in two, whatever holds
        certainty = rubric.classify(leading, relief=relief, has_budget=False)
    return Finding(
        grade=grade,
        holding_grade=holding_grade,
        severity=leading.severity,
        certainty=certainty,
        leading=leading if leading.severity > Severity.NONE else None,
        signals=tuple(ranked),
    )


def _tell(signal: Signal) -> tuple[bool, float, int, str, int]:
    """Return what orders signals of one cell, the most telling first; NaN tells nothing."""
    weight = signal.probability * signal.severity
    return (
        not signal.is_observed or signal.severity == Severity.NONE,
        -weight if math.isfinite(weight) else 0.0,
        -signal.severity,
        signal.indicator,
        signal.horizon_months,
    )


def _judge_data(signals: list[Signal], *, rubric: Rubric) -> Finding:
    """Return Blind where a mineral cannot be seen, else the cell of a doubt about data (up)."""
    ranked = sorted(signals, key=lambda s: (-s.severity, s.indicator))
    leading = ranked[0]
    grade = Grade.NORMAL
    if leading.severity >= Severity.SEVERE:
        grade = Grade.BLIND
    elif leading.direction is Direction.UP:
        grade = rubric.grade_of(leading, Certainty.OBSERVED)
    return Finding(
        grade=grade,
        holding_grade=grade,
        severity=leading.severity,
        certainty=Certainty.OBSERVED if leading.is_observed else Certainty.POSSIBLE,
        leading=leading if grade != Grade.NORMAL else None,
        signals=tuple(ranked),
    )


def settle_grade(steps: Sequence[Finding | None], *, rubric: Rubric) -> Grade:
    """Return the standing grade after a sequence of monthly steps, oldest first.

    A grade rises once it was reached in as many consecutive steps as its persistence asks, and
    eases only when the bounds lowered by the hysteresis are no longer met. A step without a
    finding (None: the mineral could not be seen) keeps what stood.
    """
    standing = Grade.NORMAL
    streaks: dict[Grade, int] = dict.fromkeys(Grade, 0)
    for finding in steps:
        if finding is None:
            continue
        if finding.grade == Grade.BLIND:
            standing = Grade.BLIND
            continue
        for grade in Grade:
            streaks[grade] = streaks[grade] + 1 if finding.grade >= grade else 0
        reached = max(
            (g for g in Grade if g > Grade.NORMAL and streaks[g] >= rubric.persistence_of(g)),
            default=Grade.NORMAL,
        )
        standing = max(reached, min(standing, finding.holding_grade), Grade.NORMAL)
    return standing
