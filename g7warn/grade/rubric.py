"""The rubric's schema and reader."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from g7warn.domain.alert import Grade
from g7warn.domain.place import WORLD
from g7warn.domain.signal import Certainty, Family, Severity
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.domain.signal import Signal

T = TypeVar("T")
_STRICT = ConfigDict(extra="forbid", frozen=True)


class Cited(BaseModel, Generic[T]):
    """A number or name of the rubric with where it comes from."""

    model_config = _STRICT

    value: T
    source: str = Field(min_length=4)


class CertaintyBounds(BaseModel):
    """Lower bounds of the certainty classes, probabilities."""

    model_config = _STRICT

    possible: Cited[float]
    likely: Cited[float]

    @model_validator(mode="after")
    def _check_order(self) -> CertaintyBounds:
        if not 0 < self.possible.value < self.likely.value <= 1:
            message = "certainty bounds must rise: 0 < possible < likely <= 1"
            raise ValueError(message)
        return self


class Rubric(BaseModel):
    """The whole rubric; see `rubric.yaml` for what each part means."""

    model_config = _STRICT

    version: int
    certainty: CertaintyBounds
    budget: dict[Literal["possible", "likely"], Cited[float]]
    matrix: dict[str, dict[str, str]]
    ceiling: dict[Family, Cited[str]]
    area_ceiling: dict[Family, Cited[str]]
    persistence: dict[str, Cited[int]]
    hysteresis: Cited[float]
    replay_steps: Cited[int]
    rearm_months: Cited[int]
    response: dict[str, str]

    @model_validator(mode="after")
    def _check_complete(self) -> Rubric:
        for severity in list(Severity)[1:]:
            for certainty in Certainty:
                Grade[self.matrix[severity.name.lower()][certainty.name.lower()].upper()]
        return self

    def classify(
        self, signal: Signal, *, relief: float = 0.0, has_budget: bool = True
    ) -> Certainty:
        """Return the certainty class of a signal; a NaN probability counts as unlikely.

        Args:
            signal: One finding.
            relief: By how much the bounds are lowered (hysteresis).
            has_budget: Whether the budget of alerts counts: it holds a grade down, but 61 % stay
                likely in words.
        """
        if signal.is_observed:
            return Certainty.OBSERVED
        for certainty in (Certainty.LIKELY, Certainty.POSSIBLE):
            bound = self.bound_of(certainty, signal, has_budget=has_budget)
            if signal.probability >= bound - relief:
                return certainty
        return Certainty.UNLIKELY

    def bound_of(self, certainty: Certainty, signal: Signal, *, has_budget: bool = True) -> float:
        """Return the probability from which on a forecast is of a class.

        That is the rubric's own bound, or the one that keeps the budget of alerts if it is higher.
        """
        if certainty not in {Certainty.POSSIBLE, Certainty.LIKELY}:
            return 0.0
        name = certainty.name.lower()
        own: Cited[float] = getattr(self.certainty, name)
        budgeted = signal.evidence.thresholds.get(f"{name}_within_budget_share", 0.0)
        return max(own.value, budgeted) if has_budget else own.value

    def cell_of(self, signal: Signal, *, relief: float = 0.0) -> Grade:
        """Return the grade of a signal as it stands.

        Args:
            signal: One finding.
            relief: By how much the bounds are lowered (hysteresis).
        """
        return self.grade_of(signal, self.classify(signal, relief=relief))

    def grade_of(self, signal: Signal, certainty: Certainty) -> Grade:
        """Return the grade of a signal's cell, held below the ceilings of its family and area."""
        severity = signal.severity
        if severity == Severity.NONE:
            return Grade.NORMAL
        cell = Grade[self.matrix[severity.name.lower()][certainty.name.lower()].upper()]
        ceilings = [self.ceiling.get(signal.family)]
        ceilings += [self.area_ceiling.get(signal.family)] if signal.area != WORLD else []
        return min([cell, *(Grade[one.value.upper()] for one in ceilings if one)])

    def persistence_of(self, grade: Grade) -> int:
        """Return in how many consecutive steps a grade must be reached before it is raised."""
        entry = self.persistence.get(grade.label)
        return entry.value if entry else 1


def parse_rubric(text: str) -> Rubric:
    """Return the rubric of a YAML text.

    Raises:
        ConfigurationError: A key is unknown or missing, or a number is out of order.
    """
    try:
        return Rubric.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError, KeyError) as error:
        message = f"the rubric is wrong: {error}"
        raise ConfigurationError(message) from error


@cache
def load_rubric(path: Path | None = None) -> Rubric:
    """Return the rubric of a file, or the one that comes with the package."""
    if path is not None:
        return parse_rubric(path.read_text("utf-8"))
    return parse_rubric(resources.files("g7warn.grade").joinpath("rubric.yaml").read_text("utf-8"))
