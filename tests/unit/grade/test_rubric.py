from __future__ import annotations

from importlib import resources

import pytest

from g7warn.errors import ConfigurationError
from g7warn.grade.rubric import parse_rubric

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
