from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from g7warn.domain.frames import ObservationFrame
from g7warn.validate.vintage import compare_vintages, find_hold_reason
from tests.support.observing import LITHIUM, frame, price

KNOWN = frame([price(f"2020-0{month}", float(month), "2020-09-01") for month in range(1, 7)])


def release(values: dict[str, float]) -> ObservationFrame:
    return frame([price(period, value, "2020-09-01") for period, value in values.items()])


def test_release_is_told_into_new_revised_withdrawn_and_unchanged() -> None:
    after = release({"2020-04": 4.0, "2020-05": 9.0, "2020-07": 7.0})
    diff = compare_vintages(KNOWN, after.table)
    assert (diff.new, diff.revised, diff.withdrawn, diff.unchanged) == (1, 1, 1, 1)
    assert {(one.period, one.before) for one in diff.changes} == {
        ("2020-05", 5.0),
        ("2020-06", 6.0),
    }
    assert math.isnan(next(one.after for one in diff.changes if one.period == "2020-06"))
    assert not diff.has_gone_back


def test_release_that_ends_earlier_is_held() -> None:
    diff = compare_vintages(KNOWN, release({"2020-04": 4.0, "2020-05": 5.0}).table)
    assert diff.has_gone_back
    assert "ends in 2020-05, the last one in 2020-06" in find_hold_reason(diff)


def test_release_that_revises_more_than_the_share_is_held() -> None:
    values = {f"2020-0{month}": month * 1000.0 for month in range(1, 7)}
    diff = compare_vintages(KNOWN, release(values).table)
    assert "100%" in find_hold_reason(diff)
    assert find_hold_reason(diff, revised_share_limit=1.0) == ""


def test_usual_release_passes() -> None:
    values = {f"2020-0{month}": float(month) for month in range(1, 8)}
    assert find_hold_reason(compare_vintages(KNOWN, release(values).table)) == ""


def test_first_release_is_all_new_and_passes() -> None:
    diff = compare_vintages(ObservationFrame.empty(), KNOWN.table)
    assert (diff.new, diff.revised, diff.revised_share) == (6, 0, 0.0)
    assert find_hold_reason(diff) == ""


def test_series_that_the_release_does_not_hold_are_left_out() -> None:
    other = frame([price("2020-01", 1.0, "2020-09-01", series_id=LITHIUM)])
    diff = compare_vintages(KNOWN, other.table)
    assert (diff.new, diff.withdrawn, diff.shortened) == (1, 0, ())


CELLS = st.dictionaries(
    st.sampled_from([f"2020-0{m}" for m in range(1, 10)]), st.sampled_from([1.0, 2.0])
)


@settings(max_examples=40, deadline=None)
@given(before=CELLS, after=CELLS)
def test_every_cell_is_counted_once(before: dict[str, float], after: dict[str, float]) -> None:
    known = release(before) if before else ObservationFrame.empty()
    held = release(after) if after else ObservationFrame.empty()
    diff = compare_vintages(known, held.table)
    assert diff.new == len(set(after) - set(before))
    assert diff.revised == sum(before[p] != after[p] for p in set(before) & set(after))
    assert diff.new + diff.revised + diff.unchanged == len(after)
    lost = set(before) - set(after)
    inside = [p for p in lost if not after or min(after) <= p <= max(after)]
    assert diff.withdrawn == len(inside)


def test_a_release_that_holds_nothing_waits_for_a_person() -> None:
    diff = compare_vintages(KNOWN, ObservationFrame.empty().table)
    assert diff.withdrawn == len(KNOWN)
    assert "holds nothing" in find_hold_reason(diff)
    assert find_hold_reason(compare_vintages(ObservationFrame.empty(), KNOWN.table)) == ""
