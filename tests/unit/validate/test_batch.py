from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from g7warn.errors import ConfigurationError, ValidationFailed
from g7warn.validate import inspect_batch, validate_batch
from g7warn.validate.suites import Suite, load_suite, parse_suite

DATASET = SimpleNamespace(feed="worldbank", suite="worldbank")
WALK = np.exp(np.cumsum(np.random.default_rng(3).normal(0, 0.04, 120))) * 20000


def prices(**cells: float) -> pd.DataFrame:
    """Return ten years of nickel; `cells` replaces values, by month with an underscore."""
    months = pd.period_range("2015-01", periods=120, freq="M").astype(str)
    table = pd.DataFrame(
        {
            "series_id": "nickel.market.price.world.worldbank",
            "period": months,
            "value": WALK,
            "unit": "USD/t",
            "status": "A",
            "conf": "F",
            "raw": [f"{value:.0f}" for value in WALK],
            "refusal": "",
            "known_at": pd.Timestamp("2025-01-03", tz="UTC"),
        }
    )
    for month, value in cells.items():
        table.loc[table["period"] == month.strip("m").replace("_", "-"), "value"] = value
    return table


def test_clean_batch_is_accepted_whole_and_unchanged() -> None:
    table = prices()
    before = table.copy()
    report = validate_batch(table, dataset=DATASET)
    pd.testing.assert_frame_equal(report.accepted, before)
    pd.testing.assert_frame_equal(table, before)
    assert report.quarantined.empty
    assert not report.is_rejected


@pytest.mark.parametrize(
    ("cells", "defect"),
    [
        pytest.param({"m2020_05": np.nan}, "not a number", id="text"),
        pytest.param({"m2020_05": np.inf}, "not a number", id="infinite"),
        pytest.param({"m2020_05": 1e308}, "range", id="absurd"),
        pytest.param({"m2020_05": -1.0}, "range", id="negative"),
        pytest.param({"m2020_05": 120000.0}, "spike", id="slip"),
        pytest.param({"m2024_12": 150000.0}, "jump", id="newest"),
        pytest.param({"m2020_05": 12.0}, "shifted header", id="other series"),
    ],
)
def test_bad_cell_is_quarantined_under_the_name_of_its_defect(
    cells: dict[str, float], defect: str
) -> None:
    report = validate_batch(prices(**cells), dataset=DATASET)
    assert len(report.accepted) == 119
    row = report.quarantined.iloc[0]
    assert row["expectation"] == defect
    assert row["period"] in row["reason"]


def test_duplicate_month_with_two_values_is_quarantined_whole() -> None:
    table = prices()
    table = pd.concat([table, table.tail(1).assign(value=lambda t: t["value"] * 1.1)])
    report = validate_batch(table, dataset=DATASET)
    assert report.quarantined["expectation"].tolist() == ["duplicate", "duplicate"]
    assert len(report.accepted) == 119


def test_straight_line_is_quarantined() -> None:
    table = prices()
    line = pd.Series(np.linspace(20000, 22000, 12), index=table.index[-12:])
    table.loc[table.index[-12:], "value"] = line
    suite = load_suite("worldbank").model_copy(
        update={
            "meta": load_suite("worldbank").meta.model_copy(update={"refused_share_limit": 0.2})
        }
    )
    report = inspect_batch(table, suite=suite)
    assert set(report.quarantined["expectation"]) == {"straight line"}
    assert len(report.quarantined) == 12


def test_too_many_bad_rows_refuse_the_batch() -> None:
    table = prices()
    table.loc[:20, "value"] = np.nan
    with pytest.raises(ValidationFailed, match="too many refused rows: 21 of 120") as caught:
        validate_batch(table, dataset=DATASET)
    report = caught.value.context["report"]
    assert isinstance(report, dict)
    assert report["accepted"] == 0
    json.dumps(caught.value.to_dict())


def test_empty_batch_is_refused() -> None:
    with pytest.raises(ValidationFailed, match="no rows"):
        validate_batch(prices().iloc[:0], dataset=DATASET)


def test_batch_without_a_column_is_refused() -> None:
    with pytest.raises(ValidationFailed, match="unit"):
        validate_batch(prices().drop(columns="unit"), dataset=DATASET)


def test_row_with_two_defects_is_kept_once_with_both_reasons() -> None:
    report = validate_batch(prices(m2020_05=5e6), dataset=DATASET)
    assert len(report.quarantined) == 1
    assert "outside" in report.quarantined["reason"][0]
    assert "stands out" in report.quarantined["reason"][0]


def test_index_of_the_input_does_not_matter() -> None:
    table = prices(m2020_05=np.nan)
    table.index = table.index[::-1]
    report = validate_batch(table, dataset=DATASET)
    assert report.quarantined["period"].tolist() == ["2020-05"]
    assert "2020-05" not in set(report.accepted["period"])


def test_result_is_json_safe_and_counts_every_row() -> None:
    result = validate_batch(prices(m2020_05=np.nan), dataset=DATASET).result
    json.dumps(result, allow_nan=False)
    assert (result["rows"], result["accepted"], result["quarantined"]) == (120, 119, 1)


def test_numbers_known_under_another_name_are_quarantined() -> None:
    known = prices().assign(series_id="pork.market.price.world.worldbank")
    report = inspect_batch(prices(), suite=load_suite("worldbank"), known=known)
    assert report.is_rejected
    assert set(report.quarantined["expectation"]) == {"numbers of another series"}


def test_import_does_not_load_great_expectations() -> None:
    code = "import sys, g7warn.validate; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_validation_leaves_no_files_behind() -> None:
    folder = Path(tempfile.gettempdir())
    before = set(folder.iterdir())
    validate_batch(prices(), dataset=DATASET)
    left = {path.name for path in set(folder.iterdir()) - before}
    assert not [name for name in left if name.startswith(("gx", "great", "tmp"))]


def test_unknown_suite_says_which_file_to_write() -> None:
    with pytest.raises(ConfigurationError, match=r"expectations/moon\.json"):
        load_suite("moon")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no json"),
        pytest.param('{"name": "x", "colour": 1}', id="unknown key"),
        pytest.param("[]", id="no object"),
    ],
)
def test_damaged_suite_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="expectation suite x"):
        parse_suite(text, name="x")


def test_expectation_that_does_not_exist_is_named() -> None:
    suite = load_suite("worldbank")
    odd = suite.expectations[0].model_copy(update={"type": "expect_the_unexpected"})
    broken = Suite(name="worldbank", expectations=(odd,), meta=suite.meta)
    with pytest.raises(ConfigurationError, match="worldbank"):
        inspect_batch(prices(), suite=broken)
