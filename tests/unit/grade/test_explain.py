from __future__ import annotations

from datetime import UTC, datetime

from g7warn.domain.alert import Grade
from g7warn.domain.marking import Tlp
from g7warn.domain.signal import Evidence, Severity
from g7warn.grade.combine import find_stress
from g7warn.grade.explain import explain_finding
from g7warn.grade.rubric import load_rubric
from tests.support.signals import build_signal

AS_OF = datetime(2022, 4, 5, tzinfo=UTC)


def test_the_headline_says_what_how_sure_and_by_when() -> None:
    key, finding = next(
        iter(find_stress([build_signal(probability=0.62)], rubric=load_rubric()).items())
    )
    assessment = explain_finding(
        key, finding, grade=Grade.ADVISORY, as_of=AS_OF, rubric=load_rubric()
    )
    assert assessment.headline == (
        "Advisory: Nickel, price rise likely (62%) within 6 months: "
        "price at least 50 % above its level of 2022-03 within 6 months"
    )


def test_three_reasons_at_most_and_one_for_each_indicator() -> None:
    signals = [build_signal(indicator=f"i{k % 4}", reason=f"r{k}") for k in range(8)]
    key, finding = next(iter(find_stress(signals, rubric=load_rubric()).items()))
    assessment = explain_finding(key, finding, grade=Grade.WATCH, as_of=AS_OF, rubric=load_rubric())
    assert assessment.reasons == ("r0", "r1", "r2")


def test_an_alert_tells_what_followed_moves_like_this_one_beside_its_reasons() -> None:
    precedent = build_signal(indicator="analogues", severity=Severity.NONE, reason="what followed")
    signals = [precedent, *(build_signal(indicator=f"i{k}", reason=f"r{k}") for k in range(4))]
    key, finding = next(iter(find_stress(signals, rubric=load_rubric()).items()))
    alert = explain_finding(key, finding, grade=Grade.WATCH, as_of=AS_OF, rubric=load_rubric())
    assert alert.reasons == ("r0", "r1", "r2", "what followed")
    calm = explain_finding(key, finding, grade=Grade.NORMAL, as_of=AS_OF, rubric=load_rubric())
    assert "what followed" not in calm.reasons


def test_the_label_is_the_strictest_of_the_evidence() -> None:
    amber = Evidence(series_ids=(), periods=(), vintage_at=None, tlp=Tlp.AMBER)
    signals = [build_signal(), build_signal(severity=Severity.NONE, evidence=amber)]
    key, finding = next(iter(find_stress(signals, rubric=load_rubric()).items()))
    assert (
        explain_finding(key, finding, grade=Grade.WATCH, as_of=AS_OF, rubric=load_rubric()).tlp
        == Tlp.AMBER
    )
