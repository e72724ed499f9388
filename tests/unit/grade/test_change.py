"""What would change a grade: true of the rubric, checked by doing it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from g7warn.domain.alert import Grade, GradeChange, Measure
from g7warn.domain.signal import Certainty, Family, Severity, Signal, Turn
from g7warn.grade.change import find_changes
from g7warn.grade.combine import find_stress
from g7warn.grade.rubric import load_rubric
from tests.support.signals import build_signal

RUBRIC = load_rubric()
OBSERVED = build_signal(
    indicator="observed_move",
    severity=Severity.SEVERE,
    is_observed=True,
    probability=1.0,
    turns=(
        Turn(
            severity=Severity.MODERATE,
            bound=30_000.0,
            unit="USD/t",
            period="2022-04",
            is_below=True,
        ),
        Turn(
            severity=Severity.EXTREME,
            bound=40_000.0,
            unit="USD/t",
            period="2022-04",
            is_below=False,
        ),
    ),
)


def changes_of(*signals: Signal, grade: Grade) -> tuple[GradeChange, ...]:
    return find_changes(signals, grade=grade, rubric=RUBRIC)


def grades_of(*signals: Signal) -> tuple[Grade, Grade]:
    (finding,) = find_stress(signals, rubric=RUBRIC).values()
    return finding.grade, finding.holding_grade


@pytest.mark.parametrize(
    ("severity", "probability"),
    [
        pytest.param(Severity.SEVERE, 0.62, id="severe and likely"),
        pytest.param(Severity.SEVERE, 0.43, id="severe and possible"),
        pytest.param(Severity.EXTREME, 0.33, id="extreme and possible"),
        pytest.param(Severity.EXTREME, 0.28, id="held by the hysteresis"),
    ],
)
def test_a_forecast_eases_just_below_the_bound_that_is_named(
    severity: Severity, probability: float
) -> None:
    signal = build_signal(severity=severity, probability=probability)
    _, standing = grades_of(signal)
    easing = changes_of(signal, grade=standing)[0]
    (condition,) = easing.conditions
    assert (condition.measure, condition.is_below) == (Measure.PROBABILITY, True)
    assert grades_of(replace(signal, probability=condition.bound))[1] == standing
    assert grades_of(replace(signal, probability=condition.bound - 0.001))[1] == easing.grade


def test_a_forecast_rises_at_the_bound_that_is_named() -> None:
    signal = build_signal(severity=Severity.SEVERE, probability=0.43)
    rising = changes_of(signal, grade=Grade.WATCH)[1]
    (condition,) = rising.conditions
    assert not condition.is_below
    assert grades_of(replace(signal, probability=condition.bound))[0] == rising.grade
    assert rising.grade == Grade.ADVISORY


def test_the_nearest_of_several_probabilities_is_named() -> None:
    far = build_signal(severity=Severity.EXTREME, probability=0.05, criterion="+100 %")
    near = build_signal(severity=Severity.SEVERE, probability=0.45, criterion="+50 %")
    rising = changes_of(near, far, grade=Grade.WATCH)[1]
    assert rising.conditions[0].criterion == "+50 %"


def test_a_rise_that_lacks_much_is_not_named() -> None:
    signal = build_signal(severity=Severity.EXTREME, probability=0.01)
    held = replace(OBSERVED, severity=Severity.MODERATE, turns=())
    assert [c.grade for c in changes_of(held, signal, grade=Grade.WATCH)] == [Grade.NORMAL]


def test_a_budget_that_asks_for_more_moves_the_bound() -> None:
    evidence = replace(
        build_signal().evidence,
        thresholds={"likely_within_budget_share": 0.6, "possible_within_budget_share": 0.2},
    )
    signal = build_signal(severity=Severity.SEVERE, probability=0.55, evidence=evidence)
    assert grades_of(signal)[0] == Grade.WATCH
    assert grades_of(replace(signal, probability=0.61))[0] == Grade.ADVISORY
    assert grades_of(replace(signal, probability=0.25))[0] == Grade.NORMAL
    rising = changes_of(signal, grade=Grade.WATCH)[1]
    assert rising.conditions[0].bound == 0.6
    (finding,) = find_stress([signal], rubric=RUBRIC).values()
    assert finding.certainty == Certainty.LIKELY  # 55 % are likely, whatever the budget says


def test_an_observed_move_names_the_prices_either_way() -> None:
    easing, rising = changes_of(OBSERVED, grade=Grade.WARNING)
    assert easing.grade == Grade.WATCH
    assert (easing.conditions[0].bound, easing.conditions[0].is_below) == (30_000.0, True)
    assert rising.grade == Grade.CRITICAL
    assert (rising.conditions[0].bound, rising.conditions[0].unit) == (40_000.0, "USD/t")


def test_everything_that_holds_a_grade_must_go_before_it_eases() -> None:
    forecast = build_signal(severity=Severity.EXTREME, probability=0.6)
    easing = changes_of(OBSERVED, forecast, grade=Grade.WARNING)[0]
    assert {c.measure for c in easing.conditions} == {Measure.PRICE, Measure.PROBABILITY}
    assert easing.grade == Grade.ADVISORY


def test_a_fact_without_a_number_of_its_own_ends_when_it_no_longer_holds() -> None:
    fact = build_signal(
        family=Family.SUPPLY, severity=Severity.SEVERE, is_observed=True, probability=1.0
    )
    (easing,) = changes_of(fact, grade=Grade.WARNING)
    assert (easing.grade, easing.conditions[0].measure) == (Grade.NORMAL, Measure.FINDING)


@pytest.mark.parametrize("grade", [Grade.NORMAL, Grade.BLIND])
def test_nothing_is_said_where_no_grade_stands(grade: Grade) -> None:
    assert changes_of(OBSERVED, grade=grade) == ()
