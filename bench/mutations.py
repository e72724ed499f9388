"""Damage every real file a thousand times: `python bench/mutations.py [--count N] [--feed NAME]`.

Each damaged payload is parsed and stamped. What may come out is a typed error, or rows that are
finite or refused. Anything else is printed with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import collections
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from g7warn.errors import DataError, SourceFormatChanged
from g7warn.feeds.base import Payload, get_source, hash_body
from g7warn.feeds.catalog import get_dataset, list_feeds
from g7warn.feeds.requests import fetch_request, plan_requests
from g7warn.feeds.transport import MirrorTransport
from g7warn.feeds.vintage import stamp_known_at
from tests.support.mutations import mutate

NOW = datetime(2026, 12, 1, tzinfo=UTC)
DATA = Path(__file__).parents[2] / "shared" / "data"


def damage_feed(feed: str, mirror: MirrorTransport, count: int, seconds: float) -> None:
    """Print one line: how often each outcome was seen over all files of a feed."""
    dataset, outcomes = get_dataset(feed), collections.Counter[str]()
    source, started = get_source(dataset.source), time.perf_counter()
    bodies: dict[str, Payload] = {}
    for request in plan_requests(dataset, mirror, until=NOW):
        payload = fetch_request(mirror, request)
        bodies.setdefault(payload.sha256, payload)
    for sha, payload in bodies.items():
        for seed in range(count):
            if time.perf_counter() - started > seconds:
                outcomes["out of time"] += 1
                break
            generator = random.Random(f"{sha}-{seed}")  # noqa: S311 - damage, not secrets
            body = mutate(payload.body, generator)
            damaged = Payload(
                address=payload.address,
                body=body,
                sha256=hash_body(body),
                fetched_at=payload.fetched_at,
                is_dated=payload.is_dated,
            )
            outcomes[try_payload(damaged, dataset, source, seed)] += 1
    took = time.perf_counter() - started
    parts = ", ".join(f"{name} {number}" for name, number in outcomes.most_common())
    print(f"{feed:18} files {len(bodies):3}  {took:6.1f} s  {parts}", flush=True)


def try_payload(damaged: Payload, dataset: object, source: object, seed: int) -> str:
    """Return the outcome's name; print what must not happen."""
    try:
        parsed = source.parse(damaged, dataset)
        table = stamp_known_at(parsed, dataset, damaged)
    except (SourceFormatChanged, DataError) as error:
        return type(error).__name__
    except Exception as error:  # noqa: BLE001 - what must not happen is what is looked for
        print(f"CRASH {dataset.feed} seed {seed} {damaged.address}: {type(error).__name__} {error}")
        return "CRASH"
    good = table[table["refusal"] == ""]
    if good["value"].isna().any() or table["known_at"].isna().any():
        print(f"HOLE {dataset.feed} seed {seed} {damaged.address}")
        return "HOLE"
    return "read, some refused" if len(good) < len(table) else "read"


def main() -> None:
    """Damage the files of all feeds that the mirror has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="damages a file")
    parser.add_argument("--seconds", type=float, default=3600.0, help="longest time a feed")
    parser.add_argument("--feed", action="append")
    parser.add_argument("--data", type=Path, default=DATA)
    given = parser.parse_args()
    mirror = MirrorTransport(given.data / "manifest.csv")
    for feed in given.feed or list_feeds():
        if plan_requests(get_dataset(feed), mirror, until=NOW):
            damage_feed(feed, mirror, given.count, given.seconds)


if __name__ == "__main__":
    main()
