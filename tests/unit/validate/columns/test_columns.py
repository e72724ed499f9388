from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from g7warn.errors import ConfigurationError
from g7warn.validate.columns import COLUMNS, add_helper_columns

MONTHS = pd.period_range("2018-01", periods=48, freq="M").astype(str).tolist()
WALK = np.exp(np.cumsum(np.random.default_rng(7).normal(0, 0.05, 48))) * 100


def table(values: list[float], name: str = "nickel.market.price.world.test") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series_id": name,
            "period": MONTHS[: len(values)],
            "value": values,
            "unit": "USD/t",
            "status": "A",
            "conf": "F",
        }
    )


def column(name: str, of: pd.DataFrame, **options: object) -> list[object]:
    return COLUMNS[name](of, options).tolist()


def test_defect_names_what_the_source_said_and_else_what_is_seen() -> None:
    rows = table([1.0, np.nan, np.inf, np.nan]).assign(refusal=["", "", "", "text in a number"])
    assert column("defect", rows) == ["", "not a number", "not finite", "text in a number"]


def test_period_form_is_the_frequency_or_a_question_mark() -> None:
    rows = table([1.0] * 4).assign(period=["2020-01", "2020", "2020-13", "0000-01"])
    assert column("period_form", rows) == ["M", "A", "?", "?"]


def test_repeat_tells_the_same_from_a_conflict() -> None:
    rows = table([1.0] * 5).assign(
        period=["a", "a", "b", "b", "c"], value=[1.0, 1.0, 1.0, 2.0, 3.0]
    )
    assert column("repeat", rows) == ["", "same", "conflict", "conflict", ""]


def test_figure_for_a_period_that_has_not_begun_is_ahead_unless_forecast() -> None:
    rows = table([1.0] * 3).assign(
        period=["2020-01", "2020-03", "2020-03"],
        status=["A", "A", "F"],
        known_at=pd.Timestamp("2020-02-20", tz="UTC"),
    )
    assert column("days_ahead", rows) == [0.0, 10.0, 0.0]


def test_weekday_looks_at_daily_periods_alone() -> None:
    rows = table([1.0] * 3).assign(period=["2022-03-05", "2022-03-07", "2022-03"])
    assert column("weekday", rows) == [5, 0, 0]


def test_own_range_tells_another_series_numbers() -> None:
    rows = pd.concat([table([2.0, 9000.0]), table([2.0], "pork.market.price.world.test")])
    found = column("own_range", rows, ranges={"nickel.*": [500, 60000]})
    assert found == ["below", "inside", "inside"]


def test_spike_is_a_move_undone_at_once_and_a_lasting_move_is_none() -> None:
    assert column("spike_factor", table([10, 10, 100, 10, 10])) == pytest.approx([1, 1, 10, 1, 1])
    assert column("spike_factor", table([10, 10, 100, 100, 90])) == pytest.approx([1, 1, 1, 1, 1])


def test_step_is_measured_from_the_value_before_in_the_same_series() -> None:
    rows = pd.concat([table([10, 40, 20]), table([1000, 1000], "tin.market.price.world.test")])
    assert column("step_factor", rows) == pytest.approx([1, 4, 2, 1, 1])


def test_a_file_of_one_day_is_judged_by_what_is_known_before_it() -> None:
    known = table([10.0, 11.0, 12.0])
    rows = table([12.0, 12.0, 12.0, 24.0]).iloc[3:]
    assert column("step_factor", rows, known=known) == pytest.approx([2])
    assert column("step_factor", rows) == [1]
    restated = table([10.0, 11.0, 12.0, 24.0])
    assert column("step_factor", restated, known=known)[3] == pytest.approx(2)


def test_only_the_newest_value_can_move_beyond_every_record() -> None:
    names = pd.period_range("2010-01", periods=70, freq="M").astype(str)
    calm = np.r_[np.tile([100.0, 110.0], 34), 100.0]
    rows = pd.DataFrame({"series_id": "x", "period": names, "value": np.r_[calm, 247.5]})
    assert column("record_factor", rows) == pytest.approx([0] * 69 + [2.0], abs=1e-9)
    shaken = rows.assign(value=np.r_[calm[:30], 440.0, calm[31:], 247.5])
    assert column("record_factor", shaken)[-1] == pytest.approx(np.log(2.25) / np.log(4))
    assert set(column("record_factor", rows.iloc[10:])) == {0.0}


def test_ignored_values_make_no_neighbour_look_like_a_jump() -> None:
    rows = table([1e-10, 50.0, np.nan, 60.0])
    assert column("step_factor", rows, ignore_below=0.01) == pytest.approx([1, 1, 1, 1.2])


def test_steps_follow_the_periods_and_not_the_order_of_rows() -> None:
    rows = table([10, 20, 40]).iloc[[2, 0, 1]]
    assert column("step_factor", rows) == pytest.approx([2, 1, 2])
    assert column("is_in_order", rows) == [True, False, True]


def test_straight_line_is_found_with_both_its_ends() -> None:
    rows = table([7.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0])
    assert column("straight_run", rows) == [0, 5, 5, 5, 5, 5, 0]


def test_flat_stretch_is_flat_and_not_straight() -> None:
    rows = table([7.0, 3.0, 3.0, 3.0, 3.0, 4.0])
    assert column("flat_run", rows) == [1, 4, 4, 4, 4, 1]
    assert column("straight_run", rows) == [0] * 6


def test_runs_do_not_reach_from_one_series_into_the_next() -> None:
    rows = pd.concat(
        [table([1.0, 2.0, 3.0]), table([4.0, 5.0, 6.0], "tin.market.price.world.test")]
    )
    assert column("straight_run", rows) == [3] * 6
    assert column("flat_run", pd.concat([table([5.0]), table([5.0], "x")])) == [1, 1]


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0, 5.0]), min_size=1, max_size=12))
def test_runs_equal_those_found_one_by_one(values: list[float]) -> None:
    def longest(place: int, *, is_flat: bool) -> int:
        best = 1 if is_flat else 0
        for start in range(place + 1):
            for stop in range(max(place + 1, start + 2), len(values) + 1):
                steps = set(np.diff(values[start:stop]).tolist())
                if len(steps) == 1 and (0.0 in steps) is is_flat:
                    best = max(best, stop - start)
        return best if is_flat or best > 2 else 0

    rows = table(values)
    places = range(len(values))
    assert column("flat_run", rows) == [longest(place, is_flat=True) for place in places]
    assert column("straight_run", rows) == [longest(place, is_flat=False) for place in places]


def test_copy_and_constant_difference_name_the_other_series() -> None:
    a, b, c, d = (f"{name}.market.price.world.test" for name in ("a", "b", "c", "d"))
    other = WALK[::-1] ** 1.1
    rows = pd.concat(
        [
            table(list(WALK), a),
            table(list(WALK), b),
            table(list(WALK + 5), c),
            table(list(other), d),
        ]
    )
    copies = dict(zip(rows["series_id"], column("copy_of", rows), strict=True))
    assert copies == {a: b, b: a, c: "", d: ""}
    offsets = dict(zip(rows["series_id"], column("offset_from", rows), strict=True))
    assert offsets == {a: "", b: "", c: a, d: ""}


def test_allowed_copies_are_left_alone() -> None:
    a, b = "a.market.price.world.test", "b.market.price.world.test"
    rows = pd.concat([table(list(WALK), a), table(list(WALK), b)])
    assert set(column("copy_of", rows, allow=[[a, b]])) == {""}


def test_only_the_block_that_was_copied_is_named() -> None:
    a, b = "a.market.price.world.test", "b.market.price.world.test"
    mixed = np.r_[WALK[:24], WALK[24:] * 1.5 + np.arange(24)]
    rows = pd.concat([table(list(WALK), a), table(list(mixed), b)])
    assert column("copy_of", rows) == [b] * 24 + [""] * 24 + [a] * 24 + [""] * 24


def test_numbers_known_under_another_name_are_recognised() -> None:
    pork, copper = "pork.market.price.world.test", "copper.market.price.world.test"
    known = pd.concat([table(list(WALK), pork), table(list(WALK * 30), copper)])
    shifted = pd.concat([table(list(WALK), copper), table(list(WALK + 1), pork)])
    assert column("known_as", shifted, known=known) == [pork] * 48 + [""] * 48
    assert set(column("known_as", known, known=known)) == {""}
    assert set(column("known_as", shifted)) == {""}


def test_parts_share_compares_countries_with_the_world() -> None:
    rows = pd.DataFrame(
        [
            ("nickel.mine.production.world.usgs", "2020", 100.0),
            ("nickel.mine.production.id.usgs", "2020", 60.0),
            ("nickel.mine.production.ph.usgs", "2020", 60.0),
            ("nickel.mine.production.id.usgs", "2021", 60.0),
        ],
        columns=["series_id", "period", "value"],
    ).assign(unit="kt", status="A", conf="F")
    assert column("parts_share", rows)[:3] == pytest.approx([1.2, 1.2, 1.2])
    assert np.isnan(column("parts_share", rows)[3])
    assert column("parts_share", rows.assign(value=[0.0, 60.0, 60.0, 1.0]))[0] == np.inf


def test_quote_is_held_against_its_own_low_and_high() -> None:
    rows = pd.DataFrame(
        [
            (f"cobalt.market.{measure}.world.test", f"2020-01-0{day}", value)
            for day, quotes in enumerate([(5, 4, 6), (3, 4, 6), (7, 4, 6), (5, 6, 4)], start=1)
            for measure, value in zip(("price", "price_low", "price_high"), quotes, strict=True)
        ],
        columns=["series_id", "period", "value"],
    ).assign(unit="USD/t", status="A", conf="F")
    found = column("quote_position", rows)
    assert (
        found
        == ["inside"] * 3
        + ["below"]
        + ["inside"] * 2
        + ["above"]
        + ["inside"] * 2
        + ["crossed"] * 3
    )


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_every_helper_keeps_order_and_index_and_takes_odd_rows(name: str) -> None:
    rows = table([1.0, np.nan, -5.0, 0.0, np.inf, 1e308]).assign(
        period=["2020-01", "", "9999-99", "2020-01", "2020", "2020-W01"],
        series_id=["", "a.b", "a.b.c.d.e", "", "a.b.c.d.e", "a.b.c.d.e"],
        known_at=pd.Timestamp("2021-01-01", tz="UTC"),
    )
    rows.index = [5, 3, 9, 1, 0, 2]
    before = rows.copy()
    found = COLUMNS[name](rows, {})
    assert found.index.tolist() == rows.index.tolist()
    pd.testing.assert_frame_equal(rows, before)
    assert len(COLUMNS[name](rows.iloc[:0], {})) == 0


def test_unknown_helper_column_is_a_fault_of_the_suite() -> None:
    with pytest.raises(ConfigurationError, match="moon_phase"):
        add_helper_columns(table([1.0]), {"moon_phase": {}})


def test_absurd_weight_is_found_by_its_value_per_weight() -> None:
    shipments = [(1e6, 100.0), (2e6, 190.0), (1.5e6, 160.0), (242e6, 2.088), (500.0, 0.0)]
    rows = pd.DataFrame(
        [
            (f"nickel.trade.import_{kind}_7501.us_p{number}.test", "2020", amount)
            for number, shipment in enumerate(shipments)
            for kind, amount in zip(("value", "weight"), shipment, strict=True)
        ],
        columns=["series_id", "period", "value"],
    ).assign(unit="", status="A", conf="F")
    factors = column("unit_value_factor", rows, min_value=1e5)
    assert factors[::2] == [1.0] * 5
    assert factors[1] < 2
    assert factors[7] > 1000
    assert factors[9] == 1.0


def ten_series(newest: list[float]) -> pd.DataFrame:
    tables = [
        table([*(WALK[:20] + n), value], f"metal{n}.market.price.world.test")
        for n, value in enumerate(newest)
    ]
    return pd.concat(tables, ignore_index=True)


def test_many_series_that_jump_at_once_are_counted_among_those_that_end_with_them() -> None:
    rows = ten_series([200.0, 200.0, 200.0, *[WALK[20]] * 7])
    share = pd.Series(column("joint_share", rows))
    assert set(share[rows["period"] == MONTHS[20]]) == {0.3}
    assert set(share[rows["period"] != MONTHS[20]]) == {0.0}
    few = rows[rows["series_id"] < "metal7"]
    assert set(column("joint_share", few)) == {0.0}


def test_known_values_stand_before_a_file_of_one_month() -> None:
    rows = ten_series([200.0] * 10)
    is_newest = rows["period"] == MONTHS[20]
    assert set(column("joint_share", rows[is_newest], known=rows[~is_newest])) == {1.0}


def test_a_jump_to_the_very_number_of_another_series_is_named() -> None:
    rows = ten_series([185.25, 185.25, *[WALK[20]] * 8])
    rows.loc[rows["series_id"] == "metal1.market.price.world.test", "value"] += 80.0
    rows.loc[rows["period"] == MONTHS[20], "value"] = [185.25, 185.25, *[WALK[20]] * 8]
    named = pd.Series(column("newest_of", rows))
    assert named[named != ""].tolist() == ["metal1.market.price.world.test"]
    assert set(column("newest_of", rows.assign(value=rows["value"].round(-1)))) == {""}


def test_one_wild_year_long_ago_excuses_no_jump_today() -> None:
    months = pd.period_range("2000-01", periods=140, freq="M").astype(str)
    calm = np.full(140, 100.0)
    calm[1::2] = 110.0
    calm[20:24] = 500.0
    calm[-1] = 270.0
    rows = table([100.0] * 48).iloc[np.zeros(140, int)].assign(period=months, value=calm)
    rows = rows.reset_index(drop=True)
    assert column("record_factor", rows)[-1] < 1.0
    assert column("lull_factor", rows)[-1] == pytest.approx(np.log(270 / 110) / np.log(1.5))


def test_a_number_of_another_cell_lies_far_from_its_own_other_years() -> None:
    rows = table([10.0, 11.0, 800.0, 9.0, 0.0])
    limited = column("own_distance", rows, limits={"*.market.*": 8})
    assert limited[2] == pytest.approx(np.log(80.0) / np.log(8))
    assert max(limited[:2]) < 0.2
    assert limited[4] == 0.0
    assert set(column("own_distance", rows, limits={"*.mine.*": 8})) == {0.0}
    assert set(column("own_distance", rows[:2], limits={"*": 8})) == {0.0}


def test_a_move_across_a_hole_may_be_longer_than_one_of_a_month() -> None:
    months = pd.period_range("2000-01", periods=140, freq="M").astype(str)
    other = table([100.0] * 48).iloc[np.zeros(140, int)].assign(period=months)
    holed = other.assign(series_id="tin.market.price.world.test")
    holed = holed[~holed["period"].isin(months[-4:-1])]
    holed["value"] = [100.0] * (len(holed) - 1) + [200.0]
    both = pd.concat([other, holed], ignore_index=True)
    month = np.log(2) / np.log(1.5)
    assert column("record_factor", both)[-1] == pytest.approx(month / 2)
    assert column("record_factor", holed.reset_index(drop=True))[-1] == pytest.approx(month)
