"""The files of waits, limits and inhibitions: what they state, and what they may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from g7warn.alerts.inhibit import load_inhibit_rules, parse_inhibit_rules
from g7warn.alerts.policy import load_policy, parse_policy
from g7warn.domain.alert import Grade
from g7warn.errors import ConfigurationError


def test_the_policy_in_force_holds_back_no_critical_alert_but_for_approval() -> None:
    policy = load_policy()
    assert policy.cool_down(Grade.CRITICAL) == timedelta()
    assert policy.digest_up_to < Grade.WARNING
    assert policy.approval_grades == {Grade.CRITICAL}
    assert policy.approval_deadline > timedelta()


def test_what_a_grade_is_not_named_for_it_does_not_have() -> None:
    policy = parse_policy("cool_down_hours: {watch: 1}")
    assert policy.cool_down(Grade.WATCH) == timedelta(hours=1)
    assert policy.cool_down(Grade.WARNING) == timedelta()
    assert policy.repeat_after(Grade.WARNING) is None
    assert policy.acknowledge_within(Grade.CRITICAL) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cooldown_hours: {watch: 1}", id="unknown key"),
        pytest.param("cool_down_hours: {loud: 1}", id="unknown grade"),
        pytest.param("cool_down_hours: {watch: -1}", id="negative wait"),
        pytest.param("approval_deadline_minutes: soon", id="no number"),
        pytest.param("[", id="no YAML"),
    ],
)
def test_a_policy_that_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="delivery policy is wrong"):
        parse_policy(text)


def test_no_rule_in_force_mutes_a_warning_or_more() -> None:
    rules = load_inhibit_rules()
    assert rules
    assert max(rule.target.highest for rule in rules) < Grade.WARNING


def test_a_rule_that_is_wrong_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="inhibition rules are wrong"):
        parse_inhibit_rules("- {name: x, source: {families: [moon]}}")
