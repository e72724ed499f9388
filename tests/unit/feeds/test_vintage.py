from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd

from g7warn.feeds.base import ParsedPayload
from g7warn.feeds.catalog import KnownAtRule, get_dataset
from g7warn.feeds.rows import ObservationRows
from g7warn.feeds.vintage import stamp_known_at
from tests.support.payloads import make_payload

DATASET = get_dataset("worldbank")


def stamp(
    periods: dict[str, str],
    *,
    rule: KnownAtRule = KnownAtRule.ESTIMATE,
    released_at: datetime | None = None,
    fetched_at: datetime = datetime(2022, 4, 20, tzinfo=UTC),
    is_dated: bool = True,
) -> pd.DataFrame:
    rows = ObservationRows()
    for period, status in periods.items():
        rows.add("a.b.c.d.e", period=period, cell=1, unit="t", ref="", status=status)
    parsed = ParsedPayload(table=rows.to_table(), released_at=released_at)
    dataset = DATASET.model_copy(update={"known_at_rule": rule})
    payload = make_payload("x", fetched_at=fetched_at, is_dated=is_dated)
    return stamp_known_at(parsed, dataset, payload).set_index("period")


def test_an_old_month_is_known_at_its_end_plus_the_lag_and_marked_as_estimated() -> None:
    table = stamp({"2022-03": "A", "1960-01": "A"})
    assert table.loc["2022-03", "known_at"] == pd.Timestamp("2022-04-05", tz="UTC")
    assert table["is_estimated"].tolist() == [True, True]


def test_an_estimate_is_never_later_than_the_release_that_held_the_value() -> None:
    table = stamp({"2022-04": "A"})
    assert table.loc["2022-04", "known_at"] == pd.Timestamp("2022-04-20", tz="UTC")
    assert not table.loc["2022-04", "is_estimated"]


def test_under_the_release_rule_history_is_known_from_the_release_on() -> None:
    table = stamp({"2010": "A", "2022": "A", "2030": "F"}, rule=KnownAtRule.RELEASE)
    assert table.loc["2010", "known_at"] == pd.Timestamp("2022-04-20", tz="UTC")
    assert table.loc["2022", "known_at"] == pd.Timestamp("2023-01-01", tz="UTC")
    assert table.loc["2030", "known_at"] == pd.Timestamp("2022-04-20", tz="UTC")


def test_a_file_of_unknown_date_counts_from_the_release_date_found_inside() -> None:
    released = datetime(2022, 1, 31, tzinfo=UTC)
    table = stamp({"2021": "A"}, rule=KnownAtRule.RELEASE, released_at=released, is_dated=False)
    assert table.loc["2021", "known_at"] == pd.Timestamp(released)


def test_a_row_without_a_real_period_carries_the_release() -> None:
    table = stamp({"2022-13": "A"})
    assert table.loc["2022-13", "known_at"] == pd.Timestamp("2022-04-20", tz="UTC")


def test_the_splice_of_cobalt_is_stored_as_a_break_that_the_publisher_does_not_mark() -> None:
    rows = ObservationRows()
    for series_id in ("cobalt.market.price.world.imf", "tin.market.price.world.imf"):
        for period in ("2002-12", "2003-01", "2003-02"):
            rows.add(series_id, period=period, cell=1, unit="USD/t", ref="")
    parsed = ParsedPayload(table=rows.to_table())
    payload = make_payload("x", fetched_at=datetime(2022, 4, 20, tzinfo=UTC))
    stamped = stamp_known_at(parsed, get_dataset("imf_pcps"), payload)
    assert stamped["status"].tolist() == ["A", "B", "A", "A", "A", "A"]
