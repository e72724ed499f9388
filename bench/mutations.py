"""Damage every real file a thousand times: `python bench/mutations.py [--count N] [--feed NAME]`.

Each damaged payload is parsed and stamped. What may come out is a typed error, or rows that are
finite or refused; anything else is printed with the seed that makes it again. What is read
otherwise than the whole file is then validated as ingest does it, with the whole file as what is
known: how much of the damage passes unseen is the last column. One line a feed; `--into` keeps it.
"""

from __future__ import annotations

import argparse
import collections
import random
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pandas as pd

from g7warn.domain.frames import ObservationFrame
from g7warn.errors import DataError, SourceFormatChanged
from g7warn.feeds.base import Payload, Source, get_source, hash_body
from g7warn.feeds.catalog import Dataset, get_dataset, list_feeds
from g7warn.feeds.requests import fetch_request, plan_requests
from g7warn.feeds.transport import MirrorTransport
from g7warn.feeds.vintage import stamp_known_at
from g7warn.validate import inspect_batch
from g7warn.validate.suites import load_suite
from g7warn.validate.vintage import compare_vintages, find_hold_reason
from tests.support.mutations import mutate

NOW = datetime(2026, 12, 1, tzinfo=UTC)
DATA = Path(__file__).parents[2] / "shared" / "data"
CELL = ["series_id", "period"]
_COLUMNS = {"series_id": "str", "period": "str", "value": "float64", "refusal": "str"}


@dataclass(slots=True)
class Tally:
    """What became of the damages of one feed."""

    feed: str
    files: int = 0
    seconds: float = 0.0
    outcomes: collections.Counter[str] = field(default_factory=collections.Counter)
    judged: collections.Counter[str] = field(default_factory=collections.Counter)

    def __str__(self) -> str:
        """Return the line of the table."""
        parts = ", ".join(f"{name} {count}" for name, count in self.outcomes.most_common())
        seen = ", ".join(f"{name} {count}" for name, count in self.judged.most_common()) or "-"
        total = sum(self.outcomes.values())
        return f"{self.feed:18} {self.files:3} {total:6} {self.seconds:7.0f} s | {parts} | {seen}"


def damage_feed(feed: str, mirror: MirrorTransport, given: argparse.Namespace) -> Tally:
    """Return how often each outcome was seen over all files of a feed."""
    dataset, tally = get_dataset(feed), Tally(feed)
    source, started = get_source(dataset.source), time.perf_counter()
    bodies: dict[str, Payload] = {}
    for request in plan_requests(dataset, mirror, until=NOW):
        payload = fetch_request(mirror, request)
        bodies.setdefault(payload.sha256, payload)
    for sha, payload in bodies.items():
        tally.files += 1
        whole = read_good(payload, dataset, source)
        for seed in range(given.first, given.first + given.count):
            if time.perf_counter() - started > given.seconds:
                break
            body = mutate(payload.body, random.Random(f"{sha}-{seed}"))  # noqa: S311 - damage
            damaged = replace(payload, body=body, sha256=hash_body(body))
            try:
                outcome, table = try_payload(damaged, dataset, source, whole)
            except Exception as error:  # noqa: BLE001 - what must not happen is looked for
                print(f"CRASH {feed} seed {seed} {payload.address}: {error!r}", flush=True)
                outcome, table = "CRASH", whole
            tally.outcomes[outcome] += 1
            if outcome == "read otherwise" and seed % 1000 < given.judge:
                tally.judged[judge(table, whole, dataset)] += 1
    tally.seconds = time.perf_counter() - started
    return tally


def read_good(payload: Payload, dataset: Dataset, source: Source) -> pd.DataFrame:
    """Return the accepted cells of the whole file; empty where the file itself is refused."""
    try:
        table = stamp_known_at(source.parse(payload, dataset), dataset, payload)
    except (SourceFormatChanged, DataError):
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})
    return table[table["refusal"] == ""]


def try_payload(
    damaged: Payload, dataset: Dataset, source: Source, whole: pd.DataFrame
) -> tuple[str, pd.DataFrame]:
    """Return the outcome's name and the table that was read."""
    try:
        table = stamp_known_at(source.parse(damaged, dataset), dataset, damaged)
    except (SourceFormatChanged, DataError) as error:
        return type(error).__name__, whole
    good = table[table["refusal"] == ""]
    if good["value"].isna().any() or table["known_at"].isna().any():
        message = "a hole in the table"
        raise AssertionError(message)
    strays = len(
        good.merge(whole, on=[*CELL, "value"], how="left", indicator=True).query(
            "_merge == 'left_only'"
        )
    )
    if strays:
        return "read otherwise", table
    return ("read the same" if len(good) >= len(whole) else "read less"), table


def judge(table: pd.DataFrame, whole: pd.DataFrame, dataset: Dataset) -> str:
    """Return what ingest would do with what was read otherwise."""
    known = whole.drop_duplicates(CELL)
    report = inspect_batch(table, suite=load_suite(dataset.suite), known=known)
    if report.is_rejected:
        return "batch refused"
    before = ObservationFrame.from_table(known.assign(payload=""))
    if find_hold_reason(compare_vintages(before, report.accepted)):
        return "held"
    merged = report.accepted.merge(known, on=CELL, how="left", suffixes=("", "_known"))
    passed = merged[merged["value"] != merged["value_known"]]
    if passed.empty:
        return "quarantined"
    newest = known.groupby("series_id")["period"].max()
    is_new = passed["period"] >= passed["series_id"].map(newest).fillna("")
    return "passed, newest period" if is_new.any() else "passed, older period"


def main() -> None:
    """Damage the files of all feeds that the mirror has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="damages a file")
    parser.add_argument("--first", type=int, default=0, help="seed to begin with, to go on later")
    parser.add_argument(
        "--judge", type=int, default=50, help="of each thousand validated, where read"
    )
    parser.add_argument("--seconds", type=float, default=36000.0, help="longest time a feed")
    parser.add_argument("--feed", action="append")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--into", type=Path, help="file to which the lines are added")
    given = parser.parse_args()
    mirror = MirrorTransport(given.data / "manifest.csv")
    for feed in given.feed or list_feeds():
        if plan_requests(get_dataset(feed), mirror, until=NOW):
            line = str(damage_feed(feed, mirror, given))
            print(line, flush=True)
            if given.into:
                with given.into.open("a") as out:
                    out.write(line + "\n")


if __name__ == "__main__":
    main()
