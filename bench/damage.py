"""How much damage to the newest prices passes unseen: `python bench/damage.py [--data DIR]`.

The Pink Sheet of January 2025 is cut at several months. At each the newest value of every series is
damaged, one kind at a time, and validated with what was known the month before; with `--alone` that
of every tenth series, so that nothing but the series itself tells. A line a kind: how many values
went to quarantine and under which name, and how many passed; undamaged ones must pass.
"""

from __future__ import annotations

import argparse
import collections
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from g7warn.feeds.base import Payload, get_source
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.vintage import stamp_known_at
from g7warn.validate import inspect_batch
from g7warn.validate.suites import load_suite

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[2] / "shared" / "data"
SHEET = "worldbank/2025-01/CMO-Historical-Data-Monthly.xlsx"
MONTHS = ("2004-06", "2008-03", "2008-10", "2012-01", "2016-02", "2020-03", "2022-03", "2024-12")


def slip(factor: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return a damage that multiplies every value."""
    return lambda values: values * factor


def swap_digits(values: np.ndarray) -> np.ndarray:
    """Return each value with its first two digits exchanged."""
    texts = [np.format_float_positional(value, trim="-") for value in values]
    return np.array([float(re.sub(r"(\d)(\.?)(\d)", r"\3\2\1", text, count=1)) for text in texts])


DAMAGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": slip(1.0),
    "sign": slip(-1.0),
    "zero": slip(0.0),
    **{f"times {factor:g}": slip(factor) for factor in (2, 3, 5, 7.2, 10, 100, 1000, 2204.62)},
    **{f"over {factor:g}": slip(1 / factor) for factor in (2, 3, 5, 7.2, 10, 100, 1000, 2204.62)},
    "pound for kilogram": slip(1 / 2.20462),
    "first digits exchanged": swap_digits,
    "the column beside": lambda values: np.roll(values, 1),
}


def main() -> None:
    """Damage the newest month of each cut of the release."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--alone", action="store_true", help="every tenth series alone")
    given = parser.parse_args()
    body = (given.data / SHEET).read_bytes()
    dataset, now = get_dataset("worldbank"), datetime(2025, 1, 3, tzinfo=UTC)
    payload = Payload(address="x", body=body, sha256="", fetched_at=now)
    table = stamp_known_at(get_source("worldbank").parse(payload, dataset), dataset, payload)
    suite = load_suite(dataset.suite)
    for name, damage in DAMAGES.items():
        seen: collections.Counter[str] = collections.Counter()
        for place, month in enumerate(MONTHS):
            batch = table[table["period"] <= month].reset_index(drop=True)
            is_newest = (batch["period"] == month).to_numpy()
            known = batch[~is_newest]
            values = batch["value"].to_numpy(copy=True)
            chosen = slice(place, None, 10) if given.alone else slice(None)
            damaged = np.flatnonzero(is_newest)[chosen]
            values[damaged] = damage(values[is_newest])[chosen]
            report = inspect_batch(batch.assign(value=values), suite=suite, known=known)
            caught = report.quarantined[report.quarantined["period"] == month]
            caught = caught[caught["series_id"].isin(batch["series_id"].iloc[damaged])]
            seen.update(caught["expectation"])
            seen["passed"] += len(damaged) - len(caught)
        passed = seen.pop("passed")
        total = passed + sum(seen.values())
        words = ", ".join(f"{defect} {count}" for defect, count in seen.most_common())
        print(
            f"{name:24} {total:5}  passed {passed:4} ({passed / total:6.1%})  {words}", flush=True
        )


if __name__ == "__main__":
    main()
