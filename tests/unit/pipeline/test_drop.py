"""The watch on the drop folder: what waits, and what does not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from g7warn.feeds.sources.member_submission import COLUMNS
from g7warn.pipeline.drop import DropWatch
from g7warn.pipeline.ingest import ingest_many
from g7warn.settings import Settings
from tests.support.observing import day

if TYPE_CHECKING:
    from pathlib import Path

FEED = "member_submission"
ADDRESS = "drop://members/jp.csv"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path)


def drop(settings: Settings, body: str, *, name: str = "jp.csv", minutes: int = 0) -> None:
    """Put a file there that was last touched on a day long settled."""
    file = settings.var / "drop" / "members" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(body)
    touched = day("2025-03-01").timestamp() + 60 * minutes
    os.utime(file, (touched, touched))


def submission(value: str) -> str:
    return f"{','.join(COLUMNS)}\nnickel,stock,level,JP,JP,KT,2025-01,{value},A,C"


def test_a_file_waits_until_it_is_taken_and_again_when_it_is_replaced(settings: Settings) -> None:
    watch = DropWatch(feed=FEED, settings=settings)
    assert watch.look() == []
    drop(settings, submission("12.5"))
    assert watch.look() == [ADDRESS]
    ingest_many([FEED], as_of=day("2025-03-02"), settings=settings)
    assert watch.look() == []
    assert DropWatch(feed=FEED, settings=settings).look() == []
    drop(settings, submission("13.5"), minutes=5)
    assert watch.look() == [ADDRESS]


def test_a_refused_file_does_not_wait_again(settings: Settings) -> None:
    drop(settings, "no submission")
    assert DropWatch(feed=FEED, settings=settings).look() == [ADDRESS]
    (row,) = ingest_many([FEED], as_of=day("2025-03-02"), settings=settings)
    assert row["state"] == "failed"
    assert DropWatch(feed=FEED, settings=settings).look() == []


@pytest.mark.parametrize("name", ["jp.csv.part", ".jp.csv", "~jp.csv", "jp.txt"])
def test_a_half_written_or_foreign_file_does_not_wait(settings: Settings, name: str) -> None:
    drop(settings, submission("12.5"), name=name)
    assert DropWatch(feed=FEED, settings=settings).look() == []


def test_a_file_touched_just_now_does_not_wait(settings: Settings) -> None:
    drop(settings, submission("12.5"))
    os.utime(settings.var / "drop" / "members" / "jp.csv")
    assert DropWatch(feed=FEED, settings=settings).look() == []
