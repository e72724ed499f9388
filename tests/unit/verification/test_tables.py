"""Long tables become matrices; what is wrong with a series is said, and the rest goes on."""

import numpy as np
import pandas as pd
import pytest

from g7warn.errors import ValidationFailed
from g7warn.verification.tables import (
    align_months,
    find_copies,
    join_calendars,
    read_price_table,
)


def long(series_id: str, values: list[object], start: str = "2000-01") -> pd.DataFrame:
    months = pd.period_range(start, periods=len(values), freq="M").astype(str)
    return pd.DataFrame(
        {"series_id": series_id, "period": months, "value": values, "unit": "USD/t"}
    )


GOOD = long("good", [float(k) for k in range(1, 49)])


def test_months_become_columns_and_gaps_stay_missing() -> None:
    matrix = read_price_table(GOOD.drop(index=[5]), name="prices")
    assert matrix.months[0] == "2000-01"
    assert matrix.log_prices.shape == (1, 48)
    assert np.isnan(matrix.log_prices[0, 5])
    np.testing.assert_allclose(matrix.log_prices[0, 9], np.log(10.0))


def test_rows_may_come_in_any_order() -> None:
    shuffled = GOOD.sample(frac=1.0, random_state=3)
    one, two = (read_price_table(table, name="prices") for table in (GOOD, shuffled))
    assert one.months == two.months
    np.testing.assert_array_equal(one.log_prices, two.log_prices)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValidationFailed, match="unit"):
        read_price_table(GOOD.drop(columns="unit"), name="prices")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param(long("bad", [1.0] * 30 + ["n/a"]), "text", id="text in numbers"),
        pytest.param(long("bad", [1.0] * 30 + [0.0]), "above zero", id="zero"),
        pytest.param(long("bad", [1.0] * 30 + [-2.0]), "above zero", id="negative"),
        pytest.param(long("bad", [1.0] * 5), "24 are needed", id="too short"),
        pytest.param(
            pd.concat([long("bad", [1.0] * 30), long("bad", [2.0])]), "twice", id="a month twice"
        ),
        pytest.param(
            long("bad", [1.0] * 30).assign(period=[f"{1990 + k}-01" for k in range(30)]),
            "not monthly",
            id="yearly",
        ),
        pytest.param(long("bad", [1.0] * 30).assign(period="soon"), "no months", id="no date"),
        pytest.param(
            long("bad", [1.0] * 30).assign(unit=["USD/t", "USD/oz"] * 15), "one unit", id="units"
        ),
    ],
)
def test_a_bad_series_is_refused_with_its_reason_and_the_good_one_kept(
    bad: pd.DataFrame, reason: str
) -> None:
    matrix = read_price_table(pd.concat([GOOD, bad], ignore_index=True), name="prices")
    assert matrix.series_ids == ("good",)
    assert reason in matrix.refused["bad"]


def test_a_table_without_any_usable_series_is_refused() -> None:
    with pytest.raises(ValidationFailed, match="no series"):
        read_price_table(long("bad", [1.0] * 3), name="pool")


def test_publishers_month_labels_are_read() -> None:
    labelled = GOOD.assign(period=GOOD["period"].str.replace("-", "M"))
    assert (
        read_price_table(labelled, name="prices").months
        == read_price_table(GOOD, name="prices").months
    )


def test_two_tables_meet_on_one_calendar() -> None:
    later = read_price_table(long("late", [2.0] * 30, start="2003-06"), name="pool")
    early = read_price_table(GOOD, name="prices")
    months = join_calendars(early, later)
    assert (months[0], months[-1]) == ("2000-01", "2005-11")
    assert np.isnan(align_months(later, months)[0, 0])


def test_the_same_price_under_another_name_and_unit_is_a_copy() -> None:
    rng = np.random.default_rng(4)
    scored = np.cumsum(rng.normal(0, 0.05, size=(2, 120)), axis=1)
    noise = rng.normal(0, 0.002, size=120)
    pool = np.vstack([np.cumsum(rng.normal(0, 0.05, size=120)), scored[1] + 3.0 + noise])
    assert find_copies(scored, pool) == [1]
