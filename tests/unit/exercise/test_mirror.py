from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import openpyxl
import pytest

from g7warn.exercise.mirror import FEEDS, LICENCE, write_mirror
from g7warn.exercise.pink_sheet import MARK, write_pink_sheet
from g7warn.exercise.production import write_world_production
from g7warn.exercise.world import load_world
from g7warn.feeds.base import get_source
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.transport.mirror import MirrorTransport

if TYPE_CHECKING:
    from pathlib import Path

WORLD = load_world()
UNITS = {"Nickel": "($/mt)", "Gold": "($/troy oz)"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mirror(tmp_path_factory.mktemp("mirror"))


def test_the_workbook_is_the_same_to_the_byte_whenever_it_is_written() -> None:
    body = write_pink_sheet(WORLD, unit_by_name=UNITS)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        core = archive.read("docProps/core.xml").decode()
        dates = {entry.date_time for entry in archive.infolist()}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {f"{WORLD.issued_on}T"}
    assert dates == {(1980, 1, 1, 0, 0, 0)}
    assert write_pink_sheet(WORLD, unit_by_name=UNITS) == body


def test_the_workbook_says_in_itself_that_it_is_simulated() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_pink_sheet(WORLD, unit_by_name=UNITS)))
    texts = [sheet["A3"].value or sheet["A2"].value for sheet in book]
    assert texts == [MARK, MARK]
    assert book.properties.title == MARK


def test_the_table_of_production_says_in_every_row_that_it_is_simulated() -> None:
    rows = list(csv.DictReader(io.StringIO(write_world_production(WORLD).decode("utf-8-sig"))))
    assert rows
    assert {row["PROD_NOTES"][:9] for row in rows} == {"SIMULATED"}


def test_the_total_of_production_is_the_sum_of_the_countries() -> None:
    rows = list(csv.DictReader(io.StringIO(write_world_production(WORLD).decode("utf-8-sig"))))
    nickel = [row for row in rows if row["COMMODITY"] == "Nickel"]
    *countries, total = [float(row["PROD_EST_ 2024"]) for row in nickel]
    assert total == sum(countries)


def test_the_manifest_names_the_licence_of_a_simulation(manifest: Path) -> None:
    with manifest.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(FEEDS)
    assert {row["licence"] for row in rows} == {LICENCE}
    assert all(row["file"].startswith("SIMULATED") for row in rows)


@pytest.mark.parametrize("feed", FEEDS)
def test_the_real_source_reads_the_simulated_payload_without_a_refusal(
    feed: str, manifest: Path
) -> None:
    dataset = get_dataset(feed)
    as_of = datetime.combine(WORLD.as_of, time.min, tzinfo=UTC)
    with manifest.open(encoding="utf-8") as file:
        addresses = {row["url"] for row in csv.DictReader(file)}
    (address,) = addresses & set(dataset.list_addresses())
    payload = MirrorTransport(manifest).fetch(address, as_of=as_of)
    parsed = get_source(dataset.source).parse(payload, dataset)
    assert len(parsed.table) > 30
    assert parsed.table["value"].notna().all()
    assert payload.licence == LICENCE
