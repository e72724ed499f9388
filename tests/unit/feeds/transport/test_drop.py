from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from g7warn.clock import FixedClock
from g7warn.errors import SourceRejected, SourceUnavailable
from g7warn.feeds.catalog import Document
from g7warn.feeds.transport import DropTransport

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN_AT = datetime(2025, 3, 1, tzinfo=UTC)
LATER = WRITTEN_AT + timedelta(hours=1)
URL = "drop://bgs/x.csv"


def put(folder: Path, name: str, text: str = "data") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    os.utime(file, (WRITTEN_AT.timestamp(), WRITTEN_AT.timestamp()))
    return file


def test_a_complete_file_is_read_and_dated_by_its_last_change(tmp_path: Path) -> None:
    put(tmp_path, "bgs/x.csv")
    payload = DropTransport(tmp_path, clock=FixedClock(LATER)).fetch(URL, as_of=LATER)
    assert (payload.body, payload.fetched_at) == (b"data", WRITTEN_AT)


def test_a_file_that_has_just_changed_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "bgs/x.csv")
    clock = FixedClock(WRITTEN_AT + timedelta(seconds=5))
    drop = DropTransport(tmp_path, clock=clock)
    with pytest.raises(SourceUnavailable):
        drop.fetch(URL, as_of=LATER)
    clock.advance(timedelta(seconds=5))
    assert drop.fetch(URL, as_of=LATER).body == b"data"


@pytest.mark.parametrize("name", ["x.csv.part", ".x.csv", "x.csv.tmp"])
def test_an_unfinished_upload_is_left_alone(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"bgs/{name}")
    drop = DropTransport(tmp_path, clock=FixedClock(LATER))
    with pytest.raises(SourceUnavailable):
        drop.fetch(f"drop://bgs/{name}", as_of=LATER)


def test_a_file_whose_upload_lies_beside_it_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "bgs/x.csv")
    put(tmp_path, "bgs/x.csv.part")
    assert not DropTransport(tmp_path, clock=FixedClock(LATER)).versions(URL, until=LATER)


def test_files_are_found_by_known_address_and_by_pattern(tmp_path: Path) -> None:
    put(tmp_path, "bgs/x.csv")
    put(tmp_path, "bgs/y.csv")
    put(tmp_path, "bgs/z.txt")
    drop = DropTransport(tmp_path, clock=FixedClock(LATER))
    document = Document(name="a", addresses=(URL,), pattern=r"drop://bgs/[^/]+\.csv")
    assert drop.addresses_of(document) == (URL, "drop://bgs/y.csv")


@pytest.mark.parametrize("url", ["drop://../x", "drop:///etc/passwd", "https://a.example/x"])
def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, url: str) -> None:
    with pytest.raises(SourceRejected):
        DropTransport(tmp_path, clock=FixedClock(LATER)).fetch(url, as_of=LATER)


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "bgs/x.csv")
    with pytest.raises(SourceRejected):
        DropTransport(tmp_path, clock=FixedClock(LATER), max_bytes=3).fetch(URL, as_of=LATER)
