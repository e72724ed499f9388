"""Every recorded file, through the mirror: what is read, what is refused, and from when to when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from g7warn.domain.series import SeriesId
from g7warn.feeds.base import get_source
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.requests import fetch_request, plan_requests
from g7warn.feeds.transport import MirrorTransport
from g7warn.feeds.vintage import stamp_known_at
from g7warn.validate.corrections import apply_corrections, load_corrections

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def read_feed(data: Path, feed: str) -> pd.DataFrame:
    mirror, dataset = MirrorTransport(data / "manifest.csv"), get_dataset(feed)
    tables = []
    for request in plan_requests(dataset, mirror, until=NOW):
        payload = fetch_request(mirror, request)
        parsed = get_source(dataset.source).parse(payload, dataset)
        tables.append(stamp_known_at(parsed, dataset, payload))
    return pd.concat(tables, ignore_index=True)


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("feed", "series", "refused", "first", "last"),
    [
        ("bgs", 930, 0, "1971", "2023"),
        ("comtrade", 6673, 634, "1993", "2018"),
        ("eu_crm", 1550, 0, "2011", "2023"),
        ("eu_crm_sourcing", 650, 1, "2020", "2020"),
        ("iea_cm", 312, 0, "2022", "2050"),
        ("iea_gevo", 1025, 0, "2010", "2030"),
        ("usgs_ds140", 16, 6, "1900", "2021"),
        ("usgs_mcs", 1042, 9, "2023", "2024"),
        ("usgs_salient", 312, 41, "2020", "2024"),
        ("usitc", 1475, 0, "1993", "2025"),
        ("worldbank", 82, 0, "1960-01", "2024-12"),
    ],
)
def test_a_real_feed_is_read_as_counted(
    data: Path, feed: str, series: int, refused: int, first: str, last: str
) -> None:
    table = read_feed(data, feed)
    good = table[table["refusal"] == ""]
    assert good["series_id"].nunique() == series
    assert len(table) - len(good) == refused
    assert (good["period"].min(), good["period"].max()) == (first, last)
    assert good["unit"].ne("").all()
    assert (good["known_at"] <= pd.Timestamp(NOW)).all()
    for name in good["series_id"].unique():
        SeriesId.parse(name)


@pytest.mark.data
def test_cobalt_of_the_congo_is_the_same_mine_in_two_publishers_files(data: Path) -> None:
    bgs = read_feed(data, "bgs").set_index(["series_id", "period"])["value"]
    usgs = read_feed(data, "usgs_mcs").set_index(["series_id", "period"])["value"]
    here = bgs["cobalt.mine.production.cd.bgs", "2023"]
    there = usgs["cobalt.mine.production.cd.usgs", "2023"]
    assert here == pytest.approx(there, rel=0.3)


@pytest.mark.data
def test_every_correction_still_meets_the_slip_it_was_written_for(data: Path) -> None:
    for feed in {correction.feed for correction in load_corrections()}:
        written = [one for one in load_corrections() if one.feed == feed]
        mended = apply_corrections(read_feed(data, feed), feed=feed)
        assert len(mended.applied) == len(written)
        assert mended.outdated == ()


@pytest.mark.data
def test_a_table_labelled_in_tonnes_that_prints_thousands_is_mended(data: Path) -> None:
    table = apply_corrections(read_feed(data, "usgs_mcs"), feed="usgs_mcs").table
    world = table[table["series_id"] == "titanium.mine.ilmenite.world.usgs"]
    assert world["value"].tolist() == [8_840_000.0, 8_900_000.0]


@pytest.mark.data
def test_what_one_country_does_not_split_is_no_world_of_platinum_metals(data: Path) -> None:
    series = [SeriesId.parse(name) for name in read_feed(data, "bgs")["series_id"].unique()]
    assert not [one for one in series if (one.mineral, one.measure) == ("pgm", "production")]
