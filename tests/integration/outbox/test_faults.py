"""Faults: killed processes, a database that goes away, a full disk, several workers, poison."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from g7warn.clock import FixedClock
from g7warn.errors import StoreUnavailable
from g7warn.pipeline.dispatch import Office, dispatch
from g7warn.store import alerts
from g7warn.store.engine import begin_writing
from g7warn.store.members import put_members
from g7warn.store.outbox import OutboxQueue
from tests.support.assessments import AS_OF, make_assessment, make_fingerprint, make_member
from tests.support.messages import POISON
from tests.support.notices import make_notice
from tests.support.postmen import START, FakeChannel, make_worker, queue_notices

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parents[3]
MEMBERS = [make_member(f"m{number}") for number in range(8)]
NOTICES = [make_notice(mineral=f"mineral{number}") for number in range(12)]
EVERYTHING = len(MEMBERS) * len(NOTICES)
HOUR = timedelta(hours=1)
BOTH = pytest.mark.parametrize(
    "store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)


def assert_everybody_was_told_once(channel: FakeChannel) -> None:
    assert len(channel.keys) == EVERYTHING
    for member in MEMBERS:
        assert set(channel.taken[member.endpoints[0].endpoint_id]) == {
            notice.identifier for notice in NOTICES
        }


@pytest.mark.slow
def test_killed_workers_and_dispatchers_lose_and_double_nothing(tmp_path: Path) -> None:
    result = tmp_path / "faults.json"
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "bench" / "faults.py"),
            *("--kills", "9", "--quiet-alerts", "5", "--json", result),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    verdict = json.loads(result.read_text())
    assert (verdict["lost"], verdict["doubled"], verdict["unexpected"]) == (0, 0, 0)
    assert verdict["expected"] > 0


@pytest.mark.parametrize(
    "store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def test_several_workers_share_the_queue_and_none_sends_what_another_sends(
    store: str, make_store: Callable[[str], Engine]
) -> None:
    engine = make_store(store)
    queue_notices(engine, NOTICES, MEMBERS)
    channel = FakeChannel()

    def work(number: int) -> int:
        worker = make_worker(engine, {"file": channel}, MEMBERS, owner=f"w{number}", hands=2)
        return worker.drain()["delivered"]

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(work, range(4)))
    assert sum(shares) == EVERYTHING
    assert set(channel.keys.values()) == {1}
    assert_everybody_was_told_once(channel)


@pytest.mark.postgres
def test_a_database_that_restarts_in_the_middle_loses_and_doubles_nothing(
    make_store: Callable[[str], Engine],
) -> None:
    engine = make_store("postgresql")
    queue_notices(engine, NOTICES, MEMBERS)
    sent = Counter[str]()

    def script(_address: str, _title: str) -> None:
        sent["all"] += 1
        if sent["all"] in {5, 40}:  # what a restart does to the clients: every connection ends
            with engine.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )

    clock, channel = FixedClock(START), FakeChannel(script)
    for _ in range(5):
        worker = make_worker(engine, {"file": channel}, MEMBERS, clock=clock)
        try:
            worker.drain()
        except StoreUnavailable:
            engine.dispose()
        clock.advance(HOUR)
    assert_everybody_was_told_once(channel)
    assert OutboxQueue(engine).report().states == {"delivered": EVERYTHING}


def test_a_full_disk_loses_and_doubles_nothing(sqlite_store: Engine) -> None:
    limit = {"pages": 0}

    @event.listens_for(sqlite_store, "begin", insert=True)
    def shrink(connection: Any) -> None:
        pages = limit["pages"] or 1_000_000
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    queue_notices(sqlite_store, NOTICES, MEMBERS[:1])
    with sqlite_store.connect() as connection:
        limit["pages"] = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 1
    clock, channel = FixedClock(START), FakeChannel()
    with pytest.raises(StoreUnavailable, match="has space"):
        queue_notices(sqlite_store, NOTICES, MEMBERS)
    limit["pages"] = 0
    queue_notices(sqlite_store, NOTICES, MEMBERS)
    worker = make_worker(sqlite_store, {"file": channel}, MEMBERS, clock=clock)
    assert worker.drain()["delivered"] == EVERYTHING
    assert_everybody_was_told_once(channel)


def test_a_clock_that_steps_back_loses_and_doubles_nothing(sqlite_store: Engine) -> None:
    clock = FixedClock(START)
    queue_notices(sqlite_store, NOTICES, MEMBERS)
    sent = Counter[str]()

    def script(_address: str, _title: str) -> None:
        sent["all"] += 1
        if sent["all"] % 17 == 0:
            clock.advance(-HOUR)
            message = "worker dies"
            raise KeyboardInterrupt(message)

    channel = FakeChannel(script)
    for _ in range(20):
        worker = make_worker(sqlite_store, {"file": channel}, MEMBERS, clock=clock)
        try:
            worker.drain()
        except KeyboardInterrupt:
            clock.advance(HOUR / 10)
    assert_everybody_was_told_once(channel)


@pytest.mark.parametrize(
    "store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def test_duplicate_triggers_queue_once(store: str, make_store: Callable[[str], Engine]) -> None:
    engine = make_store(store)
    put_members(engine, MEMBERS, at=START)
    found = [
        make_assessment(fingerprint=make_fingerprint(f"mineral{number}")) for number in range(12)
    ]

    def run(_number: int) -> int:
        from g7warn.alerts.lifecycle import advance

        with begin_writing(engine) as connection:
            alerts.append(connection, advance([], found, as_of=AS_OF))
        return dispatch(engine, office=Office(sender="g7warn@example.org"), as_of=AS_OF)["queued"]

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(run, range(4)))
    assert sum(counts) == EVERYTHING
    assert OutboxQueue(engine).report().states == {"pending": EVERYTHING}


def test_a_poison_notice_is_kept_and_stops_no_other(store: Engine) -> None:
    poison = make_notice(mineral="zinc", headline=POISON, criterion=POISON)
    queue_notices(store, [poison, make_notice()], [MEMBERS[0]])

    def choke(_address: str, title: str) -> None:
        if title.startswith("zinc"):
            raise ValueError(POISON)

    channel = FakeChannel(choke)
    counts = make_worker(store, {"file": channel}, MEMBERS).drain()
    assert counts == {"delivered": 1, "postponed": 0, "buried": 1}
    (letter,) = OutboxQueue(store).read_dead_letters()
    assert "\x00" not in letter["detail"]
