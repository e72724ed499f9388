from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from g7warn.deliver.language import Words
from g7warn.deliver.measures import format_measure
from g7warn.deliver.wording import word_facts, word_finding
from g7warn.domain.alert import Condition, Grade, GradeChange, Measure
from g7warn.domain.member import LANGUAGES
from g7warn.domain.notice import Finding
from g7warn.signals.base import compute_signals, list_indicators
from g7warn.signals.panel import build_panel
from tests.support.notices import make_notice
from tests.support.panels import AS_OF
from tests.support.world import build_world

if TYPE_CHECKING:
    from g7warn.domain.signal import Signal


def _to_finding(signal: Signal) -> Finding:
    return Finding(
        key=signal.indicator,
        text=signal.reason,
        values=dict(signal.evidence.values),
        thresholds=dict(signal.evidence.thresholds),
    )


@pytest.fixture(scope="module")
def signals() -> list[Signal]:
    return list(compute_signals(build_panel(build_world(), as_of=AS_OF)).signals)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_has_a_name(language: str) -> None:
    words = Words(language)
    names = [indicator.name for indicator in list_indicators()]
    lacking = [f"indicator.{name}" for name in names if not words.has(f"indicator.{name}")]
    assert lacking == [], f"add these to g7warn/deliver/locale/{language}.po"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_reason_of_a_whole_world_is_worded(language: str, signals: list[Signal]) -> None:
    words = Words(language)
    assert signals
    mark = words.say("finding.untranslated", text="")
    told = [signal for signal in signals if not math.isnan(signal.score)]
    untold = {s.indicator for s in told if mark in word_finding(_to_finding(s), words)}
    assert untold == set(), "add finding.<name>, or measure.<value> for one of its values"


def test_english_readers_get_the_indicators_own_sentence() -> None:
    finding = Finding(key="observed_move", text="Nickel moved +50 %.", values={"change_pct": 50.0})
    assert word_finding(finding, Words("en")) == "Nickel moved +50 %."


def test_a_reason_is_worded_from_its_numbers() -> None:
    finding = Finding(
        key="observed_move",
        text="Nickel moved +107 % in the 12 months to 2022-03.",
        values={"change_pct": 107.0, "span_months": 12.0},
        thresholds={"step_pct": 50.0},
    )
    german = word_finding(finding, Words("de")).replace("\u00a0", " ")
    assert german == "Preisänderung über 12 Monate: +107 % (Stufe +50 %)."
    assert word_finding(finding, Words("ja")) == "12か月間の価格変動：+107%（段階+50%）。"  # noqa: RUF001


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_would_change_a_grade_is_a_fact_of_every_message(language: str) -> None:
    odds = Condition(
        measure=Measure.PROBABILITY, criterion="price +50 % or more within 6 months", bound=0.45
    )
    price = Condition(
        measure=Measure.PRICE,
        criterion="",
        bound=40_120.0,
        unit="USD/t",
        period="2022-04",
        is_below=False,
    )
    changes = (
        GradeChange(grade=Grade.NORMAL, conditions=(odds, price)),
        GradeChange(grade=Grade.CRITICAL, conditions=(price,)),
    )
    words = Words(language)
    facts = {fact.label: fact.value for fact in word_facts(make_notice(changes=changes), words)}
    told = facts[words.say("label.changes")]
    assert words.percent(0.45) in told
    assert told.count(words.number(40_120.0)) == 2
    assert words.period("2022-04") in told
    assert words.say("grade.critical") in told
    assert words.say("finding.untranslated", text="") not in told or language == "en"


def test_a_reason_that_nobody_has_words_for_is_given_in_english_and_says_so() -> None:
    finding = Finding(key="new_indicator", text="Something new.", values={"unheard_of": 1.0})
    assert word_finding(finding, Words("it")) == "Something new. (in inglese)"


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("price_usd_per_t", 33924.2, "33.920 USD/t"),
        ("change_pct", -33.3, "-33 %"),
        ("share_pct", 65.0, "65 %"),
        ("percentile", 0.97, "97 %"),
        ("p_6m", 0.62, "62 %"),
        ("age_days", 1.0, "1 Tag"),
        ("crossing_year", 2031.4, "2031"),
        ("slope_points_per_year", 1.25, "1,25"),
        ("hhi", 0.45, "0,45"),
    ],
)
def test_the_suffix_of_a_value_decides_its_form(name: str, number: float, expected: str) -> None:
    assert format_measure(name, number, Words("de")).replace("\u00a0", " ") == expected
