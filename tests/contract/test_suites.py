"""Every dataset has a suite, every suite a dataset, and all of them can be read and run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from g7warn.feeds.catalog import load_catalog
from g7warn.validate import inspect_batch
from g7warn.validate.suites import Level, Suite, list_suites, load_suite

if TYPE_CHECKING:
    from pathlib import Path

MAY_BE_EMPTY = {"policy_notices"}
"""Their notices are kept as such; a payload that counts nothing is none the worse."""


def test_every_dataset_has_a_suite_and_every_suite_a_dataset() -> None:
    assert {dataset.suite for dataset in load_catalog().values()} == set(list_suites())


@pytest.fixture(params=list_suites())
def suite(request: pytest.FixtureRequest) -> Suite:
    return load_suite(request.param)


def test_suite_runs_on_an_empty_batch_and_refuses_it_if_it_must_hold_rows(suite: Suite) -> None:
    columns = ["series_id", "period", "value", "unit", "status", "conf"]
    table = pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
    table["value"] = table["value"].astype("float64")
    report = inspect_batch(table, suite=suite)
    must_hold_rows = "empty batch" in {one.meta.defect for one in suite.expectations}
    assert report.is_rejected is must_hold_rows
    json.dumps(report.result, allow_nan=False)


def test_suite_checks_what_every_dataset_can_get_wrong(suite: Suite) -> None:
    defects = {one.meta.defect for one in suite.expectations}
    assert defects >= {"columns", "not a number", "period", "duplicate", "range"}
    assert "empty batch" in defects or suite.name in MAY_BE_EMPTY


def test_suite_uses_every_helper_column_it_computes(suite: Suite) -> None:
    used = {one.kwargs.get("column") for one in suite.expectations}
    assert set(suite.meta.columns) <= used


def test_no_two_expectations_of_a_suite_name_the_same_defect(suite: Suite) -> None:
    defects = [one.meta.defect for one in suite.expectations]
    assert len(defects) == len(set(defects))


def test_row_expectations_say_which_row_they_mean(suite: Suite) -> None:
    for one in suite.expectations:
        if one.severity is Level.WARNING:
            assert "{series_id}" in one.meta.reason, one.meta.defect


REAL = ("usgs_mcs", "bgs", "eu_crm", "eu_crm_sourcing", "usgs_salient", "usgs_ds140", "usitc")


@pytest.mark.data
@pytest.mark.parametrize("feed", [*REAL, "iea_cm", "iea_gevo"])
def test_real_files_are_accepted_but_for_a_few_rows(feed: str, data: Path) -> None:
    from tests.support.ingesting import inspect_feed

    reports = inspect_feed(feed, data=data)
    assert not [report.critical for report in reports if report.is_rejected]
    accepted = sum(len(report.accepted) for report in reports)
    quarantined = sum(len(report.quarantined) for report in reports)
    assert quarantined <= 0.05 * accepted


DEFECTS = [
    pytest.param("worldbank", "range", 84, id="phosphate filled with 1e-10"),
    pytest.param("usgs_ds140", "not a number", 6, id="formulas in place of numbers"),
    pytest.param("iea_gevo", "duplicate", 8, id="rows of India stated twice"),
    pytest.param("usitc", "absurd weight", 200, id="magnets that weigh nothing"),
]


@pytest.mark.data
@pytest.mark.parametrize(("feed", "defect", "at_least"), DEFECTS)
def test_defect_of_the_real_files_is_found_by_its_name(
    feed: str, defect: str, at_least: int, data: Path
) -> None:
    from tests.support.ingesting import inspect_feed

    reports = inspect_feed(feed, data=data)
    found = pd.concat([report.quarantined for report in reports])
    assert int((found["expectation"] == defect).sum()) >= at_least


@pytest.mark.data
def test_real_moves_of_nickel_and_lithium_pass(data: Path) -> None:
    from tests.support.ingesting import inspect_feed

    reports = inspect_feed("worldbank", data=data)
    accepted = pd.concat([report.accepted for report in reports])
    nickel = accepted[accepted["series_id"].str.startswith("nickel.market.price")]
    assert {"2022-02", "2022-03", "2022-04", "2007-05", "2008-10"} <= set(nickel["period"])
    assert not any(report.is_rejected for report in reports)
