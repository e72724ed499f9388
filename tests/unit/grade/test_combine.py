from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.domain.alert import Fingerprint, Grade
from g7warn.domain.signal import Certainty, Direction, Family, Severity
from g7warn.grade.combine import Finding, find_stress, settle_grade
from g7warn.grade.rubric import load_rubric
from tests.support.signals import build_signal

RUBRIC = load_rubric()
NICKEL_UP = Fingerprint(mineral="nickel", family=Family.PRICE, direction=Direction.UP)


def step(grade: Grade, holding: Grade | None = None) -> Finding:
    return Finding(
        grade=grade,
        holding_grade=grade if holding is None else holding,
        severity=Severity.SEVERE,
        certainty=Certainty.LIKELY,
        leading=None,
        signals=(),
    )


def test_the_strongest_cell_of_severity_and_certainty_decides() -> None:
    weak = build_signal(severity=Severity.MODERATE, probability=0.6, indicator="a")
    strong = build_signal(severity=Severity.EXTREME, probability=0.6, indicator="b")
    finding = find_stress([weak, strong], rubric=RUBRIC)[NICKEL_UP]
    assert finding.grade == Grade.WARNING
    assert finding.leading == strong
    assert finding.signals == (strong, weak)


def test_agreement_of_indicators_on_one_series_does_not_raise_the_grade() -> None:
    one = find_stress([build_signal()], rubric=RUBRIC)[NICKEL_UP]
    many = find_stress([build_signal(indicator=f"i{k}") for k in range(9)], rubric=RUBRIC)
    assert many[NICKEL_UP].grade == one.grade


def test_an_observed_doubling_is_critical() -> None:
    signal = build_signal(severity=Severity.EXTREME, is_observed=True, probability=1.0)
    assert find_stress([signal], rubric=RUBRIC)[NICKEL_UP].grade == Grade.CRITICAL


def test_a_structural_finding_never_grades_above_its_ceiling() -> None:
    signal = build_signal(
        family=Family.CONCENTRATION, severity=Severity.EXTREME, is_observed=True, probability=1.0
    )
    finding = next(iter(find_stress([signal], rubric=RUBRIC).values()))
    assert finding.grade == Grade.WATCH


def test_what_keeps_a_grade_in_its_dead_band_is_what_explains_it() -> None:
    remote = build_signal(severity=Severity.EXTREME, probability=0.02, indicator="a")
    held = build_signal(severity=Severity.SEVERE, probability=0.28, indicator="b")
    finding = find_stress([remote, held], rubric=RUBRIC)[NICKEL_UP]
    assert (finding.grade, finding.holding_grade) == (Grade.NORMAL, Grade.WATCH)
    assert finding.leading == held
    assert finding.certainty == Certainty.POSSIBLE


@pytest.mark.parametrize(
    ("family", "area", "expected"),
    [
        pytest.param(Family.SUPPLY, "world", Grade.CRITICAL, id="the-world's-supply"),
        pytest.param(Family.SUPPLY, "co", Grade.NORMAL, id="one-country's-supply"),
        pytest.param(Family.CONCENTRATION, "cn", Grade.WATCH, id="dependence-on-one"),
        pytest.param(Family.MARKET, "world", Grade.NORMAL, id="a-reason-beside-others"),
    ],
)
def test_one_countrys_flow_and_a_context_family_never_cry(
    family: Family, area: str, expected: Grade
) -> None:
    signal = build_signal(family=family, area=area, severity=Severity.EXTREME, is_observed=True)
    finding = next(iter(find_stress([signal], rubric=RUBRIC).values()))
    assert finding.grade == expected


def test_a_severe_data_signal_grades_blind() -> None:
    signal = build_signal(family=Family.DATA, severity=Severity.SEVERE, is_observed=True)
    finding = next(iter(find_stress([signal], rubric=RUBRIC).values()))
    assert finding.grade == Grade.BLIND


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        pytest.param(Direction.UP, Grade.WATCH, id="a doubt is told"),
        pytest.param(Direction.DOWN, Grade.NORMAL, id="less sight is a reason beside others"),
    ],
)
def test_a_moderate_data_signal_is_no_blindness(direction: Direction, expected: Grade) -> None:
    signal = build_signal(
        family=Family.DATA, direction=direction, severity=Severity.MODERATE, is_observed=True
    )
    finding = next(iter(find_stress([signal], rubric=RUBRIC).values()))
    assert finding.grade == expected


def test_a_missing_probability_raises_nothing() -> None:
    signal = build_signal(probability=float("nan"), severity=Severity.EXTREME)
    assert find_stress([signal], rubric=RUBRIC)[NICKEL_UP].grade == Grade.NORMAL


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.28, Certainty.POSSIBLE), (0.47, Certainty.POSSIBLE), (0.51, Certainty.LIKELY)],
)
def test_likely_is_said_of_more_than_one_in_two_whatever_holds_the_grade(
    probability: float, word: Certainty
) -> None:
    signal = build_signal(severity=Severity.SEVERE, probability=probability)
    assert find_stress([signal], rubric=RUBRIC)[NICKEL_UP].certainty == word


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([], Grade.NORMAL, id="no-step"),
        pytest.param([step(Grade.WATCH)], Grade.NORMAL, id="one-month-watch-is-noise"),
        pytest.param([step(Grade.WATCH)] * 2, Grade.WATCH, id="two-months-watch"),
        pytest.param([step(Grade.WARNING)], Grade.WARNING, id="warning-at-once"),
        pytest.param(
            [step(Grade.WARNING), step(Grade.WATCH, Grade.WARNING)],
            Grade.WARNING,
            id="held-by-hysteresis",
        ),
        pytest.param(
            [step(Grade.WARNING), step(Grade.NORMAL, Grade.WATCH)], Grade.WATCH, id="eased"
        ),
        pytest.param([step(Grade.WARNING), None], Grade.WARNING, id="unseen-step-keeps"),
        pytest.param([step(Grade.WARNING), step(Grade.NORMAL)], Grade.NORMAL, id="over"),
    ],
)
def test_a_grade_rises_with_persistence_and_eases_with_hysteresis(
    steps: list[Finding | None], expected: Grade
) -> None:
    assert settle_grade(steps, rubric=RUBRIC) == expected


@given(
    severity=st.sampled_from(list(Severity)),
    low=st.floats(0, 1),
    high=st.floats(0, 1),
)
def test_a_higher_probability_never_lowers_the_grade(
    severity: Severity, low: float, high: float
) -> None:
    low, high = sorted((low, high))

    def grade(probability: float) -> Grade:
        signal = build_signal(severity=severity, probability=probability)
        return find_stress([signal], rubric=RUBRIC)[NICKEL_UP].grade

    assert grade(low) <= grade(high)


@given(probability=st.floats(0, 1))
def test_a_higher_severity_never_lowers_the_grade(probability: float) -> None:
    grades = [
        find_stress([build_signal(severity=s, probability=probability)], rubric=RUBRIC)[
            NICKEL_UP
        ].grade
        for s in Severity
    ]
    assert grades == sorted(grades)
