"""G14: change points on the Turing data, one setting for all series, side by side with peers.

    make bench-anomaly, or: python bench/anomaly.py [--data FOLDER] [--json FILE]

Every detector gets the raw series (peers: standardised, as their manuals ask) and its own default
or published penalty. Our level shift has one setting for all series, but its design (penalty,
shortest segment, grid of correlations) was chosen while looking at these twelve: its figures are
not held out.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import ruptures as rpt
from pyod.models.ecod import ECOD
from pyod.models.iforest import IForest
from tcpd import Annotated, covering, f1, read_series

from g7warn.models.anomaly.level_shift import partition_levels
from g7warn.models.kernels.robust import robust_z
from g7warn.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    Finder = Callable[[np.ndarray], list[int]]

GOAL = (0.71, 0.65, 5.0)


def standardise(values: np.ndarray) -> np.ndarray:
    """Return the values with mean 0 and standard deviation 1."""
    return (values - values.mean()) / values.std()


def find_level_shifts(values: np.ndarray) -> list[int]:
    """The product's own detector."""
    return partition_levels(values).starts.tolist()


def find_jumps(values: np.ndarray) -> list[int]:
    """Robust z of differences beyond three, first of each run."""
    scores = robust_z(np.diff(values)[None], min_history=12)[0]
    hits = np.flatnonzero(np.abs(scores) >= 3.0) + 1
    return [int(hit) for hit in hits if hit - 1 not in hits]


def find_with_pelt(model: str, penalty: Callable[[np.ndarray], float]) -> Finder:
    """PELT of ruptures on the standardised series."""

    def find(values: np.ndarray) -> list[int]:
        x = standardise(values)
        return rpt.Pelt(model=model, min_size=2, jump=1).fit(x).predict(pen=penalty(x))[:-1]

    return find


def find_with_kernel(values: np.ndarray) -> list[int]:
    """Exact kernel partition of ruptures (rbf) with the same penalty as PELT."""
    x = standardise(values)
    return rpt.KernelCPD(kernel="rbf", min_size=2).fit(x).predict(pen=np.log(x.size))[:-1]


def find_outlier_runs(model: Callable[[], object]) -> Finder:
    """First place of each run of outliers of level and difference, for detectors of outliers."""

    def find(values: np.ndarray) -> list[int]:
        x = standardise(values)
        features = np.column_stack([x[1:], np.diff(x)])
        labels = model().fit(features).labels_  # type: ignore[attr-defined]
        hits = np.flatnonzero(np.diff(np.r_[0, labels]) == 1) + 1
        return [int(hit) for hit in hits]

    return find


FINDERS: dict[str, Finder] = {
    "g7warn level_shift": find_level_shifts,
    "g7warn robust z >= 3": find_jumps,
    "none (one segment)": lambda _: [],
    "ruptures PELT rbf, log n": find_with_pelt("rbf", lambda x: float(np.log(x.size))),
    "ruptures PELT rbf, 3 log n": find_with_pelt("rbf", lambda x: 3.0 * float(np.log(x.size))),
    "ruptures PELT l2, 3 log n": find_with_pelt("l2", lambda x: 3.0 * float(np.log(x.size))),
    "ruptures KernelCPD rbf, log n": find_with_kernel,
    "pyod ECOD": find_outlier_runs(lambda: ECOD(contamination=0.05)),
    "pyod IsolationForest": find_outlier_runs(lambda: IForest(contamination=0.05, random_state=0)),
}


def measure(find: Finder, data: list[Annotated]) -> tuple[float, float, float]:
    """Return mean F1, mean covering and milliseconds a series (first call left out)."""
    find(data[0].values)
    start = time.perf_counter()
    found = [find(series.values) for series in data]
    spent = 1000.0 * (time.perf_counter() - start) / len(data)
    scores = [
        (f1(one, points), covering(one, points)) for one, points in zip(data, found, strict=True)
    ]
    mean_f1, mean_cover = np.mean(scores, axis=0)
    return float(mean_f1), float(mean_cover), spent


def main() -> None:
    """Print the table and the verdict, and write both as JSON where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=read_settings().data or Path("../shared/data"))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    data = read_series(arguments.data / "tcpd")
    print(f"{'detector':32}{'F1':>7}{'cover':>8}{'ms/series':>11}")
    table = {}
    for name, find in FINDERS.items():
        table[name] = measure(find, data)
        print(f"{name:32}{table[name][0]:7.3f}{table[name][1]:8.3f}{table[name][2]:11.2f}")
    own = table["g7warn level_shift"]
    peers = {name: row for name, row in table.items() if not name.startswith("g7warn")}
    best = max(peers, key=lambda name: peers[name][0])
    is_reached = own[0] >= GOAL[0] and own[1] >= GOAL[1] and own[2] <= GOAL[2]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    verdict = "reached" if is_reached else "missed"
    print(f"G14 goal {GOAL}: {verdict}; best peer {best}; peak memory {memory:.0f} MiB")
    if arguments.json:
        record = {"goal": GOAL, "reached": own, "best_peer": best, "verdict": verdict}
        arguments.json.write_text(json.dumps({"G14": record, "table": table}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
