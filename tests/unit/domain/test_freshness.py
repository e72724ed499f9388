from __future__ import annotations

from types import SimpleNamespace

import pytest

from g7warn.domain.freshness import FreshnessState, judge_freshness
from g7warn.errors import ConfigurationError
from tests.support.observing import day

MONTHLY = SimpleNamespace(
    feed="monthly", lag_days=4, calendar=SimpleNamespace(grace_days=10, suspended_after_days=75)
)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        ("2022-04-01", "fresh"),
        ("2022-05-04", "fresh"),
        ("2022-05-05", "due"),
        ("2022-05-10", "late"),
        ("2022-05-15", "stale"),
        ("2022-07-18", "stale"),
        ("2022-07-19", "suspended"),
    ],
)
def test_state_follows_the_calendar_of_the_next_release(on: str, state: str) -> None:
    found = judge_freshness(MONTHLY, last_period="2022-03", as_of=day(on))
    assert found.state == state
    assert found.expected_at == day("2022-05-05")


def test_only_stale_suspended_and_absent_data_blind() -> None:
    assert {state for state in FreshnessState if not state.is_usable} == {
        "stale",
        "suspended",
        "never",
    }


def test_dataset_that_never_came_is_never_fresh() -> None:
    found = judge_freshness(MONTHLY, last_period="", as_of=day("2022-05-01"))
    assert (found.state, found.age_days, found.expected_at) == ("never", -1, None)


def test_age_counts_from_the_end_of_the_period() -> None:
    found = judge_freshness(MONTHLY, last_period="2022-03", as_of=day("2022-04-05"))
    assert found.age_days == 4
    assert judge_freshness(MONTHLY, last_period="2023", as_of=day("2022-04-05")).age_days == 0


def test_damaged_period_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        judge_freshness(MONTHLY, last_period="soon", as_of=day("2022-04-05"))
