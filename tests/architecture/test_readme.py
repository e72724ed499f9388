"""Is the building still the drawing? README.md lists what there is, all of it and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from g7warn import errors
from g7warn.domain.alert import Grade
from g7warn.pipeline.plan import list_feeds
from g7warn.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def list_errors() -> list[str]:
    return [
        name
        for name, item in vars(errors).items()
        if isinstance(item, type) and issubclass(item, errors.G7WarnError) and item.branch() != name
    ]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_readme_lists_the_setting(name: str) -> None:
    assert f"`G7WARN_{name.upper()}`" in README


def test_readme_names_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(r"G7WARN_([A-Z_]+)", README))
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("feed", [feed.feed for feed in list_feeds()])
def test_readme_lists_the_feed(feed: str) -> None:
    assert f"`{feed}`" in README


@pytest.mark.parametrize("grade", list(Grade), ids=lambda grade: grade.label)
def test_readme_explains_the_grade(grade: Grade) -> None:
    assert re.search(rf"\b{grade.label}\b", README, re.IGNORECASE)


@pytest.mark.parametrize("name", list_errors())
def test_readme_lists_the_error(name: str) -> None:
    assert f"`{name}`" in README


def test_readme_names_the_two_commands() -> None:
    assert "make demo" in README
    assert "make test" in README
