from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.domain.confidentiality import DisclosureRisk, DisclosureRule, find_band, sum_safely


def test_sum_of_three_without_a_dominant_one_may_be_seen() -> None:
    found = sum_safely({"ca": 1.0, "jp": 2.0, "fr": 3.0})
    assert (found.risk, found.total, found.contributors) == (DisclosureRisk.NONE, 6.0, 3)


def test_contribution_of_zero_does_not_count() -> None:
    assert sum_safely({"ca": 1.0, "jp": 2.0, "fr": 0.0}).risk is DisclosureRisk.TOO_FEW


def test_dominated_sum_is_hidden() -> None:
    found = sum_safely({"ca": 90.0, "jp": 5.0, "fr": 5.0})
    assert (found.risk, found.total) == (DisclosureRisk.DOMINATED, None)


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1e9), max_size=6))
def test_no_hidden_sum_gives_a_total_and_no_shown_one_is_dominated(
    contributions: dict[str, float],
) -> None:
    rule = DisclosureRule()
    found = sum_safely(contributions, rule=rule)
    assert (found.total is None) is (found.risk is not DisclosureRisk.NONE)
    if found.total is not None:
        assert max(contributions.values()) <= rule.max_share * found.total
        assert found.contributors >= rule.min_contributors


@pytest.mark.parametrize(
    ("value", "band"), [(29.0, "below 30"), (30.0, "30 to 60"), (90.0, "90 or more")]
)
def test_secret_value_is_shown_as_its_band(value: float, band: str) -> None:
    assert find_band(value, edges=[30, 60, 90]) == band
