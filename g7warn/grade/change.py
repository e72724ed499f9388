"""Change: what would ease a standing grade, and what would raise it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from g7warn.domain.alert import Condition, Grade, GradeChange, Measure
from g7warn.domain.signal import Certainty, Family, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.domain.signal import Signal, Turn
    from g7warn.grade.rubric import Rubric

_NEAR = 0.25
"""Probability that a rise may lack to be named: what lacks more is no news. Judgement."""

_FORECAST = (Certainty.UNLIKELY, Certainty.POSSIBLE, Certainty.LIKELY)


def find_changes(
    signals: Sequence[Signal], *, grade: Grade, rubric: Rubric
) -> tuple[GradeChange, ...]:
    """Return what would change a standing grade: the easing first, then what is nearest to raise.

    The easing names everything that holds the grade. A rise needs one thing: the probability that
    is nearest to the bound of the next grade, or a price.

    Args:
        signals: All signals of one fingerprint.
        grade: The standing grade; nothing is said of Normal and Blind.
        rubric: The rules.
    """
    if grade <= Grade.NORMAL or signals[0].family == Family.DATA:
        return ()
    easing = _ease(signals, grade=grade, rubric=rubric)
    return (*easing, *_rise(signals, grade=grade, rubric=rubric))


def _ease(signals: Sequence[Signal], *, grade: Grade, rubric: Rubric) -> tuple[GradeChange, ...]:
    relief = rubric.hysteresis.value
    cells = [rubric.cell_of(signal, relief=relief) for signal in signals]
    holders = [signal for signal, cell in zip(signals, cells, strict=True) if cell >= grade]
    if not holders:
        return ()
    eased = [_ease_one(signal, grade=grade, rubric=rubric) for signal in holders]
    left = [cell for cell in cells if cell < grade]
    conditions = tuple(dict.fromkeys(condition for condition, _ in eased))
    return (GradeChange(grade=max([*left, *(g for _, g in eased)]), conditions=conditions),)


def _ease_one(signal: Signal, *, grade: Grade, rubric: Rubric) -> tuple[Condition, Grade]:
    """Return what takes one signal below the grade, and the grade of its cell then."""
    if not signal.is_observed:
        classes = [c for c in _FORECAST if rubric.grade_of(signal, c) < grade]
        lower = max(classes, default=Certainty.UNLIKELY)
        bound = rubric.bound_of(Certainty(lower + 1), signal) - rubric.hysteresis.value
        return _on_probability(signal, bound, is_below=True), rubric.grade_of(signal, lower)
    for turn in signal.turns:
        then = _grade_at(signal, turn, rubric=rubric)
        if then < grade:
            return _on_price(signal, turn), then
    return Condition(measure=Measure.FINDING, criterion=signal.criterion), Grade.NORMAL


def _rise(signals: Sequence[Signal], *, grade: Grade, rubric: Rubric) -> tuple[GradeChange, ...]:
    odds: list[tuple[float, GradeChange]] = []
    facts: list[GradeChange] = []
    for signal in signals:
        for turn in signal.turns:
            then = _grade_at(signal, turn, rubric=rubric)
            if then > grade:
                facts.append(GradeChange(grade=then, conditions=(_on_price(signal, turn),)))
        classes = () if signal.is_observed else _FORECAST
        higher = next((c for c in classes if rubric.grade_of(signal, c) > grade), None)
        if higher is None:
            continue
        bound = rubric.bound_of(higher, signal)
        if 0.0 < bound - signal.probability <= _NEAR:
            condition = _on_probability(signal, bound, is_below=False)
            then = rubric.grade_of(signal, higher)
            change = GradeChange(grade=then, conditions=(condition,))
            odds.append((bound - signal.probability, change))
    nearest = [min(odds, key=lambda entry: entry[0])[1]] if odds else []
    return (*nearest, *sorted(facts, key=lambda change: change.grade)[:1])


def _grade_at(signal: Signal, turn: Turn, *, rubric: Rubric) -> Grade:
    if turn.severity == Severity.NONE:
        return Grade.NORMAL
    return rubric.grade_of(replace(signal, severity=turn.severity), Certainty.OBSERVED)


def _on_probability(signal: Signal, bound: float, *, is_below: bool) -> Condition:
    return Condition(
        measure=Measure.PROBABILITY,
        criterion=signal.criterion,
        bound=round(bound, 6),
        is_below=is_below,
    )


def _on_price(signal: Signal, turn: Turn) -> Condition:
    return Condition(
        measure=Measure.PRICE,
        criterion=signal.criterion,
        bound=turn.bound,
        unit=turn.unit,
        period=turn.period,
        is_below=turn.is_below,
    )
