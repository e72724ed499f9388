"""Is the building still the drawing? Every dataset is licensed, attributed and expected of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from g7warn.feeds.base import list_sources
from g7warn.feeds.catalog import Dataset, load_catalog
from g7warn.pipeline.plan import list_feeds

ROOT = Path(__file__).resolve().parents[2]
DATASETS = sorted(load_catalog().values(), key=lambda dataset: dataset.feed)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.feed)
def test_a_dataset_has_a_suite_that_names_its_expectations(dataset: Dataset) -> None:
    suite = json.loads((ROOT / "expectations" / f"{dataset.suite}.json").read_text("utf-8"))
    assert suite["expectations"]


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.feed)
def test_a_dataset_has_a_licence_an_attribution_and_a_source(dataset: Dataset) -> None:
    assert dataset.licence.strip()
    assert dataset.attribution.strip()
    assert dataset.source in list_sources()


def test_no_suite_is_left_over() -> None:
    suites = {path.stem for path in (ROOT / "expectations").glob("*.json")}
    assert suites == {dataset.suite for dataset in DATASETS}


def test_the_plan_of_the_dags_and_the_catalogue_speak_of_the_same_feeds() -> None:
    assert [feed.feed for feed in list_feeds()] == [dataset.feed for dataset in DATASETS]
    assert [feed.frequency for feed in list_feeds()] == [d.frequency.value for d in DATASETS]
