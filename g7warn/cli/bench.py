"""`g7warn bench`: how good forecasts, odds and alerts are on any price tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from g7warn.cli.options import AsJson
from g7warn.cli.output import err, print_json, print_table

Table = "CSV series_id,period,value,unit; monthly."


def bench(
    prices: Annotated[Path, typer.Option("--prices", help=f"Series that are scored. {Table}")],
    pool: Annotated[Path, typer.Option("--pool", help=f"Series that are trained on. {Table}")],
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same figures.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Score the product walk-forward on price tables; scored series are never trained on."""
    from g7warn.pipeline.benchmark import benchmark

    err.print("training and scoring walk-forward; this takes minutes")
    result = benchmark(prices, pool, seed=seed)
    if as_json:
        print_json(result)
        return
    scores = [result[name] for name in ("loss_ratio", "coverage90", "mase")]
    print_table(
        "Forecasts: loss over that of the random walk, coverage of the 90 % interval, MASE",
        ["months", "loss ratio", "coverage", "MASE"],
        [(months, *(_show(score[months]) for score in scores)) for months in scores[0]],
    )
    names = ["spike6", "crash6", "spike12", "crash12", "tail_up", "tail_down"]
    print_table(
        "Probabilities",
        ["event", "AUC", "Brier skill", "calibration error"],
        [
            (name, *(_show(result[name].get(key)) for key in _SCORES))
            for name in names
            if name in result
        ],
    )
    for name, reason in result["not_scored"].items():
        err.print(f"not scored: {name} {reason}")


_SCORES = ("auc", "brier_skill", "calibration_error")


def _show(value: Any) -> str:  # noqa: ANN401 - a number or None
    return "-" if value is None else f"{value:.3f}"
