"""Does damage to a newest price raise a price alert: `python bench/damage_alerts.py [--data DIR]`.

The Pink Sheet of January 2025 is cut at several months. At each the newest prices of a few
unrelated minerals are damaged, one kind at a time; what validation accepts is assessed, and the
grade of every damaged mineral's price is held against those with the true value and without it. A
line a kind: of so many damaged values, how many were refused, told as a doubt, changed nothing,
lowered the grade, or raised it above both. The last is what no damage should reach; each such case
has its line.
"""

from __future__ import annotations

import argparse
import collections
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.damage import DAMAGES, DATA, SHEET
from g7warn.domain.alert import Grade
from g7warn.domain.frames import ObservationFrame
from g7warn.domain.period import Period
from g7warn.domain.signal import Family
from g7warn.feeds.base import Payload, get_source
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.vintage import stamp_known_at
from g7warn.grade.combine import find_stress
from g7warn.grade.rubric import load_rubric
from g7warn.signals.base import compute_signals, list_indicators
from g7warn.signals.panel import build_panel
from g7warn.validate import inspect_batch
from g7warn.validate.suites import load_suite

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MONTHS = ("2006-03", "2012-01", "2019-06", "2022-03")
GROUPS = (
    ("aluminium", "gold", "potash"),
    ("nickel", "iron_ore", "phosphate_rock"),
    ("zinc", "platinum", "tin"),
    ("copper", "silver", "lead"),
)
KINDS = ("times 1.4", "over 1.4", "times 2", "over 2", "times 3", "over 3", "pound for kilogram")


def damage_values(kind: str, values: np.ndarray) -> np.ndarray:
    """Return damaged values; the kinds of `bench/damage.py` and slips of 1.4."""
    if kind.endswith("1.4"):
        return values * 1.4 if kind.startswith("times") else values / 1.4
    return DAMAGES[kind](values)


def grade_prices(table: pd.DataFrame, *, month: str) -> dict[tuple[str, str], Grade]:
    """Return mineral and `price` or `data` -> the highest grade its signals may raise at once."""
    as_of = Period.parse(month).ends_at + timedelta(days=5)
    table = table.assign(payload="", known_at=table["known_at"].clip(upper=as_of))
    panel = build_panel(ObservationFrame.from_table(table), as_of=as_of)
    watched = [one for one in list_indicators() if one.family in {Family.PRICE, Family.DATA}]
    signals = compute_signals(panel, indicators=watched).signals
    grades: dict[tuple[str, str], Grade] = collections.defaultdict(lambda: Grade.NORMAL)
    for fingerprint, finding in find_stress(signals, rubric=load_rubric()).items():
        key = (fingerprint.mineral, fingerprint.family.value)
        grades[key] = max(grades[key], finding.grade)
    return grades


def main() -> None:
    """Damage, validate, assess and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--kind", action="append")
    parser.add_argument("--month", action="append")
    given = parser.parse_args()
    dataset, now = get_dataset("worldbank"), datetime(2025, 1, 3, tzinfo=UTC)
    payload = Payload(
        address="x", body=(given.data / SHEET).read_bytes(), sha256="", fetched_at=now
    )
    table = stamp_known_at(get_source("worldbank").parse(payload, dataset), dataset, payload)
    suite = load_suite(dataset.suite)
    seen: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for month in given.month or MONTHS:
        batch = table[table["period"] <= month].reset_index(drop=True)
        is_newest = batch["period"] == month
        minerals = batch["series_id"].str.split(".").str[0]
        whole = grade_prices(batch, month=month)
        for group in GROUPS:
            hit = is_newest & minerals.isin(group)
            before = grade_prices(batch[~hit], month=month)
            usual = {key: max(whole[key], before[key]) for key in [*whole, *before]}
            for kind in given.kind or KINDS:
                values = batch["value"].to_numpy(copy=True)
                values[hit] = damage_values(kind, values[hit])
                damaged = batch.assign(value=values)
                report = inspect_batch(damaged, suite=suite, known=batch[~is_newest])
                refused = set(report.quarantined["series_id"].str.split(".").str[0])
                found = grade_prices(report.accepted, month=month)
                for mineral in minerals[hit]:
                    price = (mineral, "price")
                    outcome = "same grade"
                    normal = usual.get(price, Grade.NORMAL)
                    if found[price] > normal:
                        outcome = "RAISED"
                        print(f"  {kind} {month} {mineral}: {normal.name} to {found[price].name}")
                    elif mineral in refused:
                        outcome = "refused"
                    elif found[mineral, "data"] > whole[mineral, "data"]:
                        outcome = "doubt"
                    elif found[price] < whole[price]:
                        outcome = "lowered"
                    seen[kind][outcome] += 1
    for kind, counts in seen.items():
        words = ", ".join(f"{name} {count}" for name, count in counts.most_common())
        print(f"{kind:20} {sum(counts.values()):4}  {words}", flush=True)


if __name__ == "__main__":
    main()
