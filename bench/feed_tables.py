"""What the recorded files give, from an empty store: `python bench/feed_tables.py [--data DIR]`.

Ingests every recorded release of every feed, validation on, and prints: (a) a line a feed with its
files, series, rows accepted and in quarantine and why, first and last period, seconds; (b) the
replay of the daily feed in order, with what each version did; (c) the defects that the suites found
in prices, as an operator sees them.
"""

from __future__ import annotations

import argparse
import collections
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from g7warn.clock import SystemClock
from g7warn.feeds.catalog import get_dataset, list_feeds
from g7warn.feeds.requests import plan_requests
from g7warn.feeds.transport import MirrorTransport
from g7warn.pipeline.ingest import ingest_many
from g7warn.pipeline.wiring import open_workspace
from g7warn.settings import Settings
from g7warn.store import observations, quarantine, runs
from g7warn.store.vintages import list_vintages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Engine

DATA = Path(__file__).parents[2] / "shared" / "data"
REPLAYED = "komis"
SHOWN = ("worldbank", "komis", "comtrade", "usgs_mcs")


def print_sources(
    engine: Engine, seconds: Mapping[str, tuple[float, float]], *, now: datetime
) -> None:
    """Print a line a feed."""
    totals = runs.totals(engine)
    print(
        f"{'feed':18} {'files':>5} {'series':>6} {'accepted':>9} {'quar.':>6}  "
        "span, seconds (on the processor), why"
    )
    for feed, (took, worked) in seconds.items():
        table = observations.read(engine, as_of=now, feed=feed).table
        files = len(runs.latest_of_payloads(engine, feed))
        sums = totals.get(feed, {"accepted": 0, "quarantined": 0})
        refused = quarantine.list_rows(engine, feed=feed, limit=1_000_000)
        why = collections.Counter(row.expectation for row in refused).most_common()
        words = ", ".join(f"{name} {count}" for name, count in why) or "-"
        span = f"{table['period'].min()}..{table['period'].max()}" if len(table) else "-"
        print(
            f"{feed:18} {files:5} {table['series_id'].nunique():6} {sums['accepted']:9} "
            f"{sums['quarantined']:6}  {span}, {took:.1f} ({worked:.1f}) s, {words}"
        )
    took, worked = (sum(column) for column in zip(*seconds.values(), strict=True))
    print(f"all feeds: {took:.1f} s, of which {worked:.1f} s on the processor")


def print_replay(engine: Engine) -> None:
    """Print what each recorded version of the daily feed did, oldest first."""
    print(f"\nReplay of {REPLAYED}")
    changes = {vintage.payload: vintage.diff for vintage in list_vintages(engine, REPLAYED)}
    for run in reversed(runs.history(engine, REPLAYED, limit=1000)):
        diff = changes.get(run.payload)
        withdrawn = diff.withdrawn if diff else 0
        when = f"{run.fetched_at:%Y-%m-%d %H:%M}" if run.fetched_at else "?"
        print(
            f"{when}  {run.state:8} new {run.new:5} revised {run.revised:4} "
            f"withdrawn {withdrawn:4} unchanged {run.unchanged:5} "
            f"quarantined {run.quarantined:3}  {run.error[:110]}"
        )


def print_defects(engine: Engine) -> None:
    """Print the first row of each kind of defect found in the feeds shown."""
    print("\nDefects of the real files, as `g7warn quarantine list` shows them")
    for feed in SHOWN:
        rows = quarantine.list_rows(engine, feed=feed, limit=1_000_000)
        first = {row.expectation: row for row in rows}
        for row in first.values():
            print(
                f"{feed:10} {row.key:6} {row.expectation:18} {row.raw[:20]:20} {row.reason[:170]}"
            )


def print_tables(data: Path) -> None:
    """Ingest everything into a store of its own and print the tables."""
    now = SystemClock().now()
    mirror = MirrorTransport(data / "manifest.csv")
    feeds = [name for name in list_feeds() if plan_requests(get_dataset(name), mirror, until=now)]
    seconds: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(var=Path(folder), mirror=data / "manifest.csv", like_minded=frozenset())
        for feed in feeds:
            started, worked = time.perf_counter(), time.process_time()
            (done,) = ingest_many([feed], as_of=now, settings=settings)
            seconds[feed] = time.perf_counter() - started, time.process_time() - worked
            if done["state"] == "failed":
                print(f"{feed} failed: {done['message']}")
        with open_workspace(settings) as workspace:
            print_sources(workspace.engine, seconds, now=now)
            print_replay(workspace.engine)
            print_defects(workspace.engine)


def main() -> None:
    """Print the tables of one folder of recorded files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    print_tables(parser.parse_args().data)


if __name__ == "__main__":
    main()
