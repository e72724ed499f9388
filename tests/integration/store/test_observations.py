from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from g7warn.domain.frames import ObservationFrame
from g7warn.domain.period import Frequency
from g7warn.errors import ConfigurationError
from g7warn.store import observations
from g7warn.store.engine import begin_reading, begin_writing
from g7warn.store.observations import AppendCounts
from g7warn.store.series import SeriesChoice
from tests.support.observing import LITHIUM, NICKEL, day, frame, price

if TYPE_CHECKING:
    from sqlalchemy import Engine


def append(store: Engine, rows: list[dict[str, object]], released_on: str) -> AppendCounts:
    with begin_writing(store) as connection:
        return observations.append(
            connection, frame(rows), released_at=day(released_on), feed="test"
        )


def values(store: Engine, as_of: str) -> dict[str, float]:
    table = observations.read(store, as_of=day(as_of)).table
    return dict(zip(table["period"], table["value"], strict=True))


def test_frame_comes_back_as_it_was_stored(store: Engine) -> None:
    rows = [
        price("2020-01", 13.5, "2020-02-05", status="E", conf="C", payload="a" * 64),
        price("2020-02", 12.25, "2020-03-05", is_estimated=True),
        price("2020", 11.0, "2021-02-01", unit="USD/kg", series_id=LITHIUM),
        price("2021-W05", 11.0, "2021-03-01", series_id=LITHIUM),
    ]
    append(store, rows, "2021-04-01")
    expected = frame(rows).table.sort_values(["series_id", "period"], ignore_index=True)
    found = observations.read(store, as_of=day("2022-01-01")).table
    assert found.equals(expected)


def test_read_sees_nothing_that_became_known_later(store: Engine) -> None:
    append(
        store,
        [price("2020-01", 1.0, "2020-02-05"), price("2020-02", 2.0, "2020-03-05")],
        "2021-01-01",
    )
    assert values(store, "2020-02-04") == {}
    assert values(store, "2020-02-05") == {"2020-01": 1.0}
    assert values(store, "2020-03-05") == {"2020-01": 1.0, "2020-02": 2.0}


def test_same_release_twice_stores_nothing_twice(store: Engine) -> None:
    rows = [price("2020-01", 1.0, "2020-02-05")]
    assert append(store, rows, "2020-03-01") == AppendCounts(new=1)
    assert append(store, rows, "2020-03-01") == AppendCounts(unchanged=1)
    assert append(store, rows, "2020-04-01") == AppendCounts(unchanged=1)


def test_revision_is_known_from_its_release_on_and_not_before(store: Engine) -> None:
    append(store, [price("2020-01", 1.0, "2020-02-05")], "2020-03-01")
    assert append(store, [price("2020-01", 9.0, "2020-02-05")], "2025-01-03") == AppendCounts(
        revised=1
    )
    assert values(store, "2025-01-02") == {"2020-01": 1.0}
    assert values(store, "2025-01-03") == {"2020-01": 9.0}


def test_noise_in_the_sixteenth_digit_is_no_revision(store: Engine) -> None:
    append(store, [price("2020-01", 0.1 + 0.2, "2020-02-05")], "2020-03-01")
    assert append(store, [price("2020-01", 0.3, "2020-02-05")], "2020-04-01").unchanged == 1


@pytest.mark.parametrize("change", [{"unit": "USD/kg"}, {"status": "P"}, {"conf": "N"}])
def test_another_unit_status_or_confidentiality_is_a_revision(
    store: Engine, change: dict[str, str]
) -> None:
    append(store, [price("2020-01", 1.0, "2020-02-05")], "2020-03-01")
    assert append(store, [price("2020-01", 1.0, "2020-02-05", **change)], "2020-04-01").revised == 1


def test_second_correction_of_one_instant_comes_a_microsecond_later(store: Engine) -> None:
    append(store, [price("2020-01", 1.0, "2020-02-05")], "2020-03-01")
    append(store, [price("2020-01", 2.0, "2020-02-05")], "2020-04-01")
    append(store, [price("2020-01", 3.0, "2020-02-05")], "2020-04-01")
    assert values(store, "2020-04-02") == {"2020-01": 3.0}
    assert values(store, "2020-03-31") == {"2020-01": 1.0}


def test_older_release_that_comes_late_leaves_newer_knowledge(store: Engine) -> None:
    append(store, [price("2020-01", 9.0, "2020-02-05")], "2025-01-03")
    append(store, [price("2020-01", 1.0, "2020-02-05")], "2020-03-03")
    assert values(store, "2020-03-02") == {"2020-01": 9.0}  # as it was before the late one came
    assert values(store, "2022-01-01") == {"2020-01": 1.0}  # what the older release said
    assert values(store, "2026-01-01") == {"2020-01": 9.0}


def test_older_release_that_comes_late_twice_stores_nothing_twice(store: Engine) -> None:
    append(store, [price("2020-01", 9.0, "2020-02-05")], "2025-01-03")
    append(store, [price("2020-01", 1.0, "2020-02-05")], "2020-03-03")
    assert append(store, [price("2020-01", 1.0, "2020-02-05")], "2020-03-03").unchanged == 1


def test_cell_that_an_earlier_release_lacked_is_known_from_the_later_release_on(
    store: Engine,
) -> None:
    first = [price(month, 1.0, "2020-02-05") for month in ("2019-10", "2019-12")]
    append(store, first, "2020-03-01")
    append(store, [*first, price("2019-11", 5.0, "2019-12-05")], "2020-09-01")
    assert values(store, "2020-08-31") == {"2019-10": 1.0, "2019-12": 1.0}
    assert values(store, "2020-09-01")["2019-11"] == 5.0


def test_file_of_other_years_does_not_count_as_covering_these(store: Engine) -> None:
    append(store, [price("2018", 1.0, "2019-06-01")], "2024-01-01")
    append(store, [price("1993", 2.0, "1994-06-01")], "2024-01-02")
    assert values(store, "1995-01-01") == {"1993": 2.0}


def test_years_that_a_release_adds_before_a_series_began_are_known_from_it_on(
    store: Engine,
) -> None:
    since_2020 = [price("2020-01", 1.0, "2020-02-05"), price("2020-02", 2.0, "2020-03-05")]
    lithium = price("2020-02", 9.0, "2020-03-05", series_id=LITHIUM)
    append(store, [*since_2020, lithium], "2020-04-01")
    earlier = price("2020-01", 8.0, "2020-02-05", series_id=LITHIUM)
    append(store, [*since_2020, earlier, lithium], "2020-05-01")
    for day_read, periods in (("2020-04-30", ["2020-02"]), ("2020-05-01", ["2020-01", "2020-02"])):
        table = observations.read(store, as_of=day(day_read), series_ids=[LITHIUM]).table
        assert sorted(table["period"]) == periods


def test_frame_with_several_versions_of_a_cell_keeps_them_all(store: Engine) -> None:
    rows = [price("2020-01", 2.0, "2020-06-01"), price("2020-01", 1.0, "2020-02-05")]
    assert append(store, rows, "2020-02-05") == AppendCounts(new=1, revised=1)
    assert values(store, "2020-05-31") == {"2020-01": 1.0}
    assert values(store, "2020-06-01") == {"2020-01": 2.0}


def test_failed_append_leaves_nothing_of_the_batch(store: Engine) -> None:
    good, bad = price("2020-01", 1.0, "2020-02-05"), price("2020-13", 1.0, "2020-02-05")
    with pytest.raises(ConfigurationError, match="2020-13"):
        append(store, [good, bad], "2020-03-01")
    with begin_reading(store) as connection:
        for table in ("observations", "series", "series_releases", "texts"):
            count = connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert count.scalar_one() == 0


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_value_that_is_no_number_is_refused(store: Engine, value: float) -> None:
    with pytest.raises(ConfigurationError, match="finite"):
        append(store, [price("2020-01", value, "2020-02-05")], "2020-03-01")


def test_series_id_of_another_form_is_refused(store: Engine) -> None:
    with pytest.raises(ConfigurationError, match="Nickel"):
        append(store, [price("2020-01", 1.0, "2020-02-05", series_id="Nickel")], "2020-03-01")


def test_empty_frame_appends_nothing(store: Engine) -> None:
    with begin_writing(store) as connection:
        counts = observations.append(
            connection, ObservationFrame.empty(), released_at=day("2020-01-01")
        )
    assert counts == AppendCounts()


def test_read_takes_only_the_series_asked_for(store: Engine) -> None:
    rows = [price("2020-01", 1.0, "2020-02-05")]
    append(store, [*rows, price("2020-01", 2.0, "2020-02-05", series_id=LITHIUM)], "2020-03-01")
    now = day("2021-01-01")
    assert set(observations.read(store, as_of=now, mineral="lithium").table["value"]) == {2.0}
    assert set(observations.read(store, as_of=now, series_ids=[NICKEL]).table["value"]) == {1.0}
    assert len(observations.read(store, as_of=now, feed="test")) == 2
    assert len(observations.read(store, as_of=now, feed="other")) == 0
    assert len(observations.read(store, as_of=now, series_ids=[])) == 0


def test_matrix_has_a_column_for_every_month_and_nan_where_nothing_is_known(
    store: Engine,
) -> None:
    rows = [
        price("2020-01", 1.0, "2020-02-05", is_estimated=True),
        price("2020-04", 4.0, "2020-05-05"),
        price("2020", 99.0, "2020-05-05"),
    ]
    append(store, rows, "2020-06-01")
    matrix = observations.read_matrix(
        store,
        as_of=day("2020-05-05"),
        frequency=Frequency.MONTHLY,
        series_ids=["absent.market.price.world.test", NICKEL],
        start="2019-12",
    )
    assert matrix.periods == ("2019-12", "2020-01", "2020-02", "2020-03", "2020-04")
    assert matrix.series_ids == ("absent.market.price.world.test", NICKEL)
    assert [None if math.isnan(v) else v for v in matrix.values[1]] == [None, 1.0, None, None, 4.0]
    assert all(math.isnan(v) for v in matrix.values[0])
    assert matrix.is_estimated[1].tolist() == [False, True, False, False, False]
    assert str(matrix.known_at[1, 1]) == "2020-02-05T00:00:00.000000"
    assert matrix.units == ("", "USD/t")


def test_matrix_of_a_choice_holds_the_known_series_sorted(store: Engine) -> None:
    rows = [price("2020-01", 1.0, "2020-02-05")]
    append(store, [*rows, price("2020-01", 2.0, "2020-02-05", series_id=LITHIUM)], "2020-03-01")
    matrix = observations.read_matrix(
        store,
        as_of=day("2021-01-01"),
        frequency=Frequency.MONTHLY,
        choice=SeriesChoice(measure="price"),
    )
    assert matrix.series_ids == (LITHIUM, NICKEL)
    assert matrix.values.ravel().tolist() == [2.0, 1.0]


def test_matrix_where_nothing_is_known_is_empty(store: Engine) -> None:
    matrix = observations.read_matrix(store, as_of=day("2021-01-01"), frequency=Frequency.MONTHLY)
    assert matrix.values.shape == (0, 0)


def test_matrix_refuses_a_start_of_another_frequency(store: Engine) -> None:
    with pytest.raises(ConfigurationError, match="frequency"):
        observations.read_matrix(
            store, as_of=day("2021-01-01"), frequency=Frequency.MONTHLY, start="2020"
        )
