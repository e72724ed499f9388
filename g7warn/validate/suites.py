"""Expectation suites: JSON that an analyst writes, and where it is found."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from g7warn.errors import ConfigurationError

_FOLDERS = (
    Path(__file__).parents[2] / "expectations",  # a clone
    Path(__file__).parents[1] / "expectations",  # an installed wheel
)


class Level(StrEnum):
    """What a failed expectation leads to."""

    CRITICAL = "critical"  # the batch is refused
    WARNING = "warning"  # the rows go to quarantine
    INFO = "info"  # a note in the report


class ExpectationNote(BaseModel):
    """What an expectation means, beside what it checks.

    Attributes:
        defect: Name of the defect, as it stands in the quarantine.
        reason: Sentence about a refused row; `{column}` is filled from it.
        source: Where the threshold comes from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    defect: str
    reason: str
    source: str = ""


class Expectation(BaseModel):
    """One expectation, as Great Expectations reads it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    kwargs: dict[str, Any]
    severity: Level
    meta: ExpectationNote


class SuiteNote(BaseModel):
    """What a suite is for.

    Attributes:
        version: Grows with every change of an expectation.
        title: What the data are.
        notes: What an analyst should know of them.
        columns: Helper column -> its options.
        refused_share_limit: Share of refused rows, 0 to 1, above which the batch is refused: so
            many bad rows mean a bad file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1)
    title: str
    notes: str = ""
    columns: dict[str, dict[str, Any]] = Field(default_factory=dict)
    refused_share_limit: float = Field(gt=0, le=1)


class Suite(BaseModel):
    """The expectations of one dataset."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    expectations: tuple[Expectation, ...] = Field(min_length=1)
    meta: SuiteNote


@cache
def load_suite(name: str) -> Suite:
    """Return the suite of this name.

    Raises:
        ConfigurationError: No such suite, or one that is not well formed.
    """
    for folder in _FOLDERS:
        path = folder / f"{name}.json"
        if path.is_file():
            return parse_suite(path.read_text("utf-8"), name=name)
    message = f"no expectation suite {name!r}: write expectations/{name}.json"
    raise ConfigurationError(message, suite=name)


def parse_suite(text: str, *, name: str) -> Suite:
    """Return the suite of its JSON text.

    Raises:
        ConfigurationError: No JSON, an unknown key, a value of the wrong kind or another name.
    """
    try:
        suite = Suite.model_validate(json.loads(text))
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        message = f"expectation suite {name} is wrong: {'; '.join(faults[:5])}"
        raise ConfigurationError(message, suite=name) from error
    except ValueError as error:
        message = f"expectation suite {name} is no JSON: {error}"
        raise ConfigurationError(message, suite=name) from error
    if suite.name != name:
        message = f"the file of expectation suite {name!r} calls itself {suite.name!r}"
        raise ConfigurationError(message, suite=name)
    return suite


def list_suites() -> tuple[str, ...]:
    """Return the names of all suites, in alphabetical order."""
    return tuple(sorted({path.stem for folder in _FOLDERS for path in folder.glob("*.json")}))
