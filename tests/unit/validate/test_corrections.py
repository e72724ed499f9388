from __future__ import annotations

import pytest

from g7warn.errors import ConfigurationError, CorrectionOutdated
from g7warn.validate.corrections import apply_corrections, load_corrections, parse_corrections
from tests.support.observing import NICKEL, frame, price

TEXT = f"""
- feed: test
  series_id: {NICKEL}
  period: 2022-03
  expect: 339.24
  value: 33924.0
  reason: decimal point misplaced
  source: publisher's note
  since: 2022-04-21
"""
TABLE = frame(
    [price("2022-02", 24015.0, "2022-03-05"), price("2022-03", 339.24, "2022-04-05")]
).table


def test_correction_mends_its_cell_and_leaves_the_input() -> None:
    before = TABLE.copy()
    done = apply_corrections(TABLE, feed="test", corrections=parse_corrections(TEXT))
    assert done.table["value"].tolist() == [24015.0, 33924.0]
    assert TABLE.equals(before)
    assert "decimal point misplaced" in done.applied[0]


def test_correction_without_a_value_drops_the_row() -> None:
    text = TEXT.replace("  value: 33924.0\n", "")
    done = apply_corrections(TABLE, feed="test", corrections=parse_corrections(text))
    assert done.table["period"].tolist() == ["2022-02"]


def test_correction_of_a_value_the_publisher_has_mended_is_outdated() -> None:
    text = TEXT.replace("339.24", "1.0")
    done = apply_corrections(TABLE, feed="test", corrections=parse_corrections(text))
    assert done.table["value"].tolist() == TABLE["value"].tolist()
    assert isinstance(done.outdated[0], CorrectionOutdated)
    assert "delete the correction" in done.outdated[0].message


def test_corrections_of_other_feeds_and_absent_cells_are_passed_over() -> None:
    corrections = parse_corrections(TEXT)
    assert apply_corrections(TABLE, feed="other", corrections=corrections).applied == ()
    done = apply_corrections(TABLE.iloc[:1], feed="test", corrections=corrections)
    assert (done.applied, done.outdated) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT + "  colour: red\n", id="unknown key"),
        pytest.param(TEXT.replace("publisher's note", "' '"), id="no source"),
        pytest.param(TEXT + TEXT, id="twice"),
        pytest.param("feed: test", id="no list"),
        pytest.param("- [", id="no yaml"),
    ],
)
def test_damaged_corrections_are_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="correction"):
        parse_corrections(text)


def test_corrections_of_this_release_are_well_formed() -> None:
    assert isinstance(load_corrections(), tuple)
