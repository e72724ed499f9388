"""Waits and limits on the way to members, as `policy.yaml` states them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from g7warn.domain.alert import Grade
from g7warn.errors import ConfigurationError


def _read_grade(value: object) -> object:
    return (
        Grade[value.upper()]
        if isinstance(value, str) and value.upper() in Grade.__members__
        else value
    )


GradeName = Annotated[Grade, BeforeValidator(_read_grade)]
Hours = dict[GradeName, Annotated[float, Field(gt=0)]]


class Policy(BaseModel):
    """Waits and limits.

    Attributes:
        cool_down_hours: Wait of an easing after the last notice, by its grade.
        repeat_after_hours: When an open, unacknowledged alert is told again, by grade.
        approval_grades: Grades that wait for a duty officer.
        approval_deadline_minutes: How long they wait.
        acknowledge_within_hours: Length of a step of the escalation chain, by grade.
        digest_up_to: Highest grade a digest may hold back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cool_down_hours: Hours = {}
    repeat_after_hours: Hours = {}
    approval_grades: frozenset[GradeName] = frozenset()
    approval_deadline_minutes: Annotated[float, Field(ge=0)] = 30
    acknowledge_within_hours: Hours = {}
    digest_up_to: GradeName = Grade.ADVISORY

    def cool_down(self, grade: Grade) -> timedelta:
        """Return the wait before an easing to `grade` is told; zero for none."""
        return timedelta(hours=self.cool_down_hours.get(grade, 0))

    def repeat_after(self, grade: Grade) -> timedelta | None:
        """Return after how long a notice of `grade` is repeated; None for never."""
        hours = self.repeat_after_hours.get(grade)
        return None if hours is None else timedelta(hours=hours)

    def acknowledge_within(self, grade: Grade) -> timedelta | None:
        """Return how long a member has to acknowledge `grade`; None where it need not."""
        hours = self.acknowledge_within_hours.get(grade)
        return None if hours is None else timedelta(hours=hours)

    @property
    def approval_deadline(self) -> timedelta:
        """How long a notice waits for a duty officer."""
        return timedelta(minutes=self.approval_deadline_minutes)


def parse_policy(text: str) -> Policy:
    """Return the policy that a YAML text states.

    Raises:
        ConfigurationError: Unknown keys, unknown grades or waits that are no numbers.
    """
    try:
        return Policy.model_validate(yaml.safe_load(text) or {})
    except (ValidationError, yaml.YAMLError) as error:
        message = f"the delivery policy is wrong: {error}"
        raise ConfigurationError(message) from None


@cache
def load_policy() -> Policy:
    """Return the policy of `policy.yaml`."""
    return parse_policy(resources.files("g7warn.alerts").joinpath("policy.yaml").read_text("utf-8"))
