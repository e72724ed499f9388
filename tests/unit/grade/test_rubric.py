from __future__ import annotations

from importlib import resources

import pytest

from g7warn.errors import ConfigurationError
from g7warn.grade.rubric import load_rubric, parse_rubric
from g7warn.verification.alert_budget import BUDGET_PER_YEAR, REARM_MONTHS

TEXT = resources.files("g7warn.grade").joinpath("rubric.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(TEXT + "\nsurprise: 1\n", id="unknown-key"),
        pytest.param(TEXT.replace("value: 0.30", "value: 0.70"), id="bounds-out-of-order"),
        pytest.param(TEXT.replace("observed: critical", "observed: doom"), id="no-such-grade"),
        pytest.param(TEXT.replace("hysteresis:", "hysteresis_:"), id="missing-key"),
        pytest.param("{", id="no-yaml"),
    ],
)
def test_a_wrong_rubric_is_refused(damaged: str) -> None:
    with pytest.raises(ConfigurationError, match="rubric"):
        parse_rubric(damaged)


def test_every_number_of_the_rubric_cites_its_source() -> None:
    assert TEXT.count("value:") == TEXT.count("source:")


def test_alerts_are_raised_as_they_are_counted_in_verification() -> None:
    rubric = load_rubric()
    assert rubric.budget["likely"].value == BUDGET_PER_YEAR
    assert rubric.rearm_months.value == REARM_MONTHS
