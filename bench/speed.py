"""G15: score a whole panel, 40,000 series x 240 months, with memory, beside per-series models.

    make bench-speed, or: python bench/speed.py [--series N] [--repeats N] [--peers] [--json FILE]

Indicators are computed for every month of every series, not for the newest alone. The least wall
and the least processor time of some repeats are shown: where other programs run beside it, half of
the processor time is nearer to what two idle processors would take than the wall time is.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from g7warn.models.forecast import predict_quantiles
from g7warn.models.forecast.volatility import DECAY, trace_volatility
from g7warn.models.kernels.alps import score_alps
from g7warn.models.kernels.growth import growth_percentile
from g7warn.models.kernels.ifpa import score_ifpa
from g7warn.models.kernels.moves import largest_move
from g7warn.models.kernels.record import record_age
from g7warn.models.kernels.robust import change_z
from g7warn.models.probability import first_passage_probability

if TYPE_CHECKING:
    from collections.abc import Callable

INDICATORS: dict[str, Callable[[np.ndarray], object]] = {
    "growth percentile": growth_percentile,
    "3-month robust z": change_z,
    "EWMA volatility and its norm": lambda x: trace_volatility(x, DECAY),
    "record age, highs": lambda x: record_age(x, is_high=True),
    "record age, lows": lambda x: record_age(x, is_high=False),
    "ALPS": score_alps,
    "IFPA": score_ifpa,
    "largest rise": lambda x: largest_move(x, is_up=True),
    "largest fall": lambda x: largest_move(x, is_up=False),
}
GOAL_INDICATORS_S, GOAL_ALL_S, GOAL_MEMORY_GIB = 1.0, 5.0, 2.0


def build_panel(series: int, months: int) -> np.ndarray:
    """Random walks with fat tails, 6 % a month."""
    rng = np.random.default_rng(15)
    steps = 0.06 * rng.standard_t(5, size=(series, months)).astype(np.float64)
    return np.cumsum(steps, axis=1) + 7.0


def clock(work: Callable[[], object], repeats: int) -> np.ndarray:
    """Return the least wall and processor seconds of some runs."""
    best = np.full(2, np.inf)
    for _ in range(repeats):
        start = np.array([time.perf_counter(), time.process_time()])
        work()
        best = np.minimum(best, [time.perf_counter(), time.process_time()] - start)
    return best


def peers(months: int) -> None:
    """Print what per-series models would take for 40,000 series, from a sample on one core."""
    from statsforecast.models import AutoARIMA, AutoETS  # noqa: PLC0415 - benchmark extra

    sample = np.exp(build_panel(12, months))
    for model, count in ((AutoETS(season_length=12), 12), (AutoARIMA(season_length=12), 3)):
        model.forecast(y=sample[0], h=12, level=[90])
        start = time.perf_counter()
        for row in sample[:count]:
            model.forecast(y=row, h=12, level=[90])
        hours = (time.perf_counter() - start) / count * 40_000 / 3600 / 2
        print(f"{type(model).__name__:32}{hours:9.1f} h by proportion, 40,000 series on 2 cores")


def main() -> None:
    """Print the table and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=40_000)
    parser.add_argument("--months", type=int, default=240)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    panel = build_panel(arguments.series, arguments.months)
    for kernel in INDICATORS.values():
        kernel(panel[:10].copy())
    total = np.zeros(2)
    print(f"{'':32}{'wall':>9}{'processor':>12}")
    for name, kernel in INDICATORS.items():
        spent = clock(lambda kernel=kernel: kernel(panel), arguments.repeats)  # type: ignore[misc]
        total += spent
        print(f"{name:32}{spent[0]:9.3f}{spent[1]:12.3f} s")
    first_passage_probability(predict_quantiles(panel[:10].copy()))
    everything = total + clock(
        lambda: first_passage_probability(predict_quantiles(panel)), arguments.repeats
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    for name, (wall, own), goal in (
        ("nine indicators", total, GOAL_INDICATORS_S),
        ("with quantiles, probabilities", everything, GOAL_ALL_S),
    ):
        print(f"{name:32}{wall:9.3f}{own:12.3f} s   goal {goal} s wall")
    print(f"{'peak memory':32}{memory:9.2f} GiB goal {GOAL_MEMORY_GIB} GiB")
    if arguments.json:
        record = {
            "goal": [GOAL_INDICATORS_S, GOAL_ALL_S, GOAL_MEMORY_GIB],
            "reached": [total[0], everything[0], memory],
            "processor_s": [total[1], everything[1]],
        }
        arguments.json.write_text(json.dumps({"G15": record}, indent=1), "utf-8")
    if arguments.peers:
        peers(arguments.months)


if __name__ == "__main__":
    main()
