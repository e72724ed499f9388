"""What a panel holds, and what it leaves out."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from g7warn.domain.frames import ObservationFrame
from g7warn.domain.marking import Tlp
from g7warn.signals.panel import build_panel
from tests.support.panels import AS_OF, build_frame, build_rows, calm_prices, price_id, price_panel


def test_the_last_month_counts_from_the_day_it_is_known() -> None:
    frame = build_frame(build_rows(price_id("nickel"), [10.0, 11.0, 12.0]))
    before = build_panel(frame, as_of=datetime(2022, 4, 4, 23, tzinfo=UTC))
    after = build_panel(frame, as_of=datetime(2022, 4, 5, tzinfo=UTC))
    assert before.monthly.periods[-1] == "2022-02"
    assert after.monthly.periods[-1] == "2022-03"


def test_a_revision_replaces_the_older_vintage_once_it_is_known() -> None:
    first = build_rows(price_id("tin"), [10.0, 20.0])
    revised = first.assign(value=[10.0, 30.0], known_at=AS_OF + timedelta(days=30))
    frame = build_frame(first, revised)
    assert build_panel(frame, as_of=AS_OF).monthly.price(0, 1) == pytest.approx(20.0)
    later = build_panel(frame, as_of=AS_OF + timedelta(days=31))
    assert later.monthly.price(0, 1) == pytest.approx(30.0)


def test_a_month_without_a_price_is_a_missing_column_and_not_a_skipped_one() -> None:
    panel = price_panel(tin=[10.0, np.nan, 12.0])
    assert panel.monthly.periods == ("2022-01", "2022-02", "2022-03")
    assert np.isnan(panel.monthly.log_prices[0, 1])


def test_prices_at_or_below_zero_are_left_out_and_the_row_says_so() -> None:
    panel = price_panel(tin=[10.0, 0.0, -3.0, 12.0])
    assert np.isnan(panel.monthly.log_prices[0, 1:3]).all()
    assert any("2 prices at or below zero" in note for note in panel.monthly.rows[0].notes)


def test_history_before_a_break_of_series_is_left_out_and_the_row_says_so() -> None:
    rows = build_rows(price_id("cobalt"), [1.0, 2.0, 30.0, 31.0])
    rows["status"] = ["A", "A", "B", "A"]
    panel = build_panel(build_frame(rows), as_of=AS_OF)
    assert np.isnan(panel.monthly.log_prices[0, :2]).all()
    assert panel.monthly.span(0) == ("2022-02", "2022-03")
    assert any("break" in note for note in panel.monthly.rows[0].notes)


def test_months_that_begin_after_the_instant_are_left_out() -> None:
    rows = build_rows(price_id("tin"), [1.0, 2.0, 3.0], last="2022-06", lag_days=-200)
    panel = build_panel(build_frame(rows), as_of=AS_OF)
    assert panel.monthly.periods[-1] == "2022-04"
    assert panel.monthly.rows[0].notes == ("2 prices of periods that have not begun were left out",)


def test_a_price_stated_twice_with_one_date_counts_once_and_the_row_says_so() -> None:
    rows = build_rows(price_id("tin"), [1.0, 2.0, 3.0])
    again = rows.iloc[[1]].assign(value=2.5)
    panel = build_panel(build_frame(rows, again), as_of=AS_OF)
    assert panel.monthly.price(0, 1) == pytest.approx(2.5)
    assert panel.monthly.rows[0].notes == (
        "1 prices are stated twice with one date: the last one given counts",
    )


def test_the_benchmark_is_the_world_series_with_the_newest_month() -> None:
    frame = build_frame(
        build_rows(price_id("nickel", source="old"), calm_prices(), last="2021-12"),
        build_rows(price_id("nickel", source="new"), [5.0, 6.0]),
        build_rows(price_id("nickel", area="cn", source="home"), calm_prices()),
        build_rows(price_id("cocoa"), [5.0, 6.0]),
    )
    panel = build_panel(frame, as_of=AS_OF)
    assert list(panel.benchmarks) == ["nickel"]
    assert panel.monthly.rows[panel.benchmarks["nickel"]].series_id == price_id(
        "nickel", source="new"
    )


def test_an_old_price_is_no_current_benchmark() -> None:
    frame = build_frame(
        build_rows(price_id("tin"), [1.0, 2.0], last="2021-12"),
        build_rows(price_id("zinc"), [1.0, 2.0], last="2021-11"),
    )
    panel = build_panel(frame, as_of=AS_OF)
    assert list(panel.current_benchmarks()) == ["tin"]
    assert panel.age_months(panel.benchmarks["tin"]) == 4


def build_daily(series_id: str, *, days: int, last: datetime) -> pd.DataFrame:
    dates = [last - timedelta(days=k) for k in range(days)][::-1]
    return pd.DataFrame(
        {
            "series_id": series_id,
            "period": [date.date().isoformat() for date in dates],
            "value": np.linspace(100.0, 200.0, days),
            "unit": "USD/kg",
            "known_at": [date + timedelta(hours=20) for date in dates],
        }
    )


def test_daily_prices_stand_in_as_means_of_complete_months_and_the_row_says_so() -> None:
    rows = build_daily(price_id("neodymium"), days=100, last=AS_OF - timedelta(days=1))
    panel = build_panel(build_frame(rows), as_of=AS_OF)
    assert panel.daily.log_prices.shape == (1, 100)
    assert panel.monthly.periods == ("2022-01", "2022-02", "2022-03")
    march = rows[rows["period"].str.startswith("2022-03")]["value"].mean()
    assert panel.monthly.price(0, 2) == pytest.approx(march)
    assert "monthly means of daily prices" in panel.monthly.rows[0].notes


def test_labels_come_from_the_confidentiality_and_from_the_source() -> None:
    frame = build_frame(
        build_rows(price_id("tin"), [1.0], conf="C"),
        build_rows(price_id("zinc", source="agency"), [1.0]),
        build_rows(price_id("lead"), [1.0], conf="?"),
    )
    panel = build_panel(frame, as_of=AS_OF, tlp_by_source={"agency": Tlp.GREEN})
    labels = {row.mineral: row.tlp for row in panel.monthly.rows}
    assert labels == {"tin": Tlp.AMBER_STRICT, "zinc": Tlp.GREEN, "lead": Tlp.AMBER_STRICT}


def test_other_measures_are_facts() -> None:
    frame = build_frame(
        build_rows("tin.mine.production.cn.usgs", [5.0, 6.0], last="2021", unit="t"),
        build_rows("tin.mine.reserves.cn.usgs", [5.0], last="2021", unit="t"),
    )
    panel = build_panel(frame, as_of=AS_OF)
    assert panel.facts_on("production")["value"].tolist() == [5.0, 6.0]
    assert panel.facts_on("production", stage="refine").empty


def test_an_empty_frame_gives_an_empty_panel() -> None:
    panel = build_panel(ObservationFrame.empty(), as_of=AS_OF)
    assert panel.monthly.rows == ()
    assert dict(panel.benchmarks) == {}
