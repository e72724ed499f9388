"""G1-G13: forecasts, odds and alerts against their goals and peers, on known or unseen series.

    make bench-quality, or: python bench/quality.py [--prices FILE --pool FILE] [--data FOLDER]
                            [--no-peers | --slow-peers] [--seed N] [--json FILE]

Without files: the World Bank metals are scored and all other World Bank commodities are the pool,
so that no figure rests on a series that was trained on.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from g7warn.domain.signal import Direction
from g7warn.feeds.base import Payload, hash_body
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.worldbank import SOURCE
from g7warn.models.kernels.growth import growth_percentile
from g7warn.models.metrics import ranking_area
from g7warn.models.probability import TARGETS
from g7warn.verification.benchmark import NAMES, ODDS_FROM, evaluate_prices
from g7warn.verification.odds_scores import sample_odds
from g7warn.verification.tables import read_price_table

if TYPE_CHECKING:
    from g7warn.verification.tables import PriceMatrix

WORKBOOK = "worldbank/2025-01/CMO-Historical-Data-Monthly.xlsx"
METALS = ("aluminium", "copper", "iron_ore", "lead", "nickel", "tin", "zinc")
METALS += ("gold", "silver", "platinum")
IRON_ORE_SPOT = "2009-01"
"""Before 2009 iron ore was a yearly contract price."""

HORIZONS = ("1", "3", "6", "12")
PEERS_FROM = "2001-12"


def read_world_bank(data: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the development metals and the whole workbook as long tables."""
    body = (data / WORKBOOK).read_bytes()
    payload = Payload(
        address=WORKBOOK,
        body=body,
        sha256=hash_body(body),
        fetched_at=datetime(2025, 1, 3, tzinfo=UTC),
    )
    table = SOURCE.parse(payload, get_dataset("worldbank")).table
    kept = table.loc[table["refusal"] == "", ["series_id", "period", "value", "unit"]]
    mineral = kept["series_id"].str.split(".").str[0]
    is_contract = (mineral == "iron_ore") & (kept["period"] < IRON_ORE_SPOT)
    metals = kept[mineral.isin(METALS) & ~is_contract]
    return metals, kept[~is_contract]


def growth_areas(matrix: PriceMatrix) -> dict[str, float]:
    """Return the AUC of the growth percentile, the simple rule to beat, by target."""
    start = next(k for k, month in enumerate(matrix.months) if month >= ODDS_FROM)
    rank = growth_percentile(matrix.log_prices)
    areas = {}
    for target in TARGETS:
        score = rank if target.direction is Direction.UP else 1.0 - rank
        sample = sample_odds(
            matrix.log_prices, target, probability=score, first_passage=score, first_month=start
        )
        areas[NAMES[target.name]] = ranking_area(sample.probability, sample.happened)
    return areas


def goal_rows(result: dict[str, Any], growth: dict[str, float]) -> list[tuple[str, ...]]:
    """Return goal, reached, peer and verdict of every figure."""
    rows: list[tuple[str, ...]] = []

    def add(name: str, reached: float | None, goal: float, peer: str, *, low: bool = False) -> None:
        is_met = reached is not None and (reached <= goal if low else reached >= goal)
        shown = "-" if reached is None else f"{reached:.3f}"
        sign = "<=" if low else ">="
        rows.append((name, f"{sign} {goal}", shown, peer, "met" if is_met else "missed"))

    goals = zip(HORIZONS, (0.935, 0.960, 0.960, 0.945), (0.948, 0.976, 0.973, 0.966), strict=True)
    for horizon, goal, peer in goals:
        add(f"G1 loss ratio {horizon}m", result["loss_ratio"][horizon], goal, str(peer), low=True)
    for horizon in HORIZONS:
        cover = result["coverage90"][horizon]
        gap = None if cover is None else abs(cover - 0.90)
        add(f"G4 coverage {horizon}m, off 0.90 by", gap, 0.03, "0.03-0.21", low=True)
    worst = result["worst_series"]["6"]
    count = max(len(result["scored"]), 1)
    add("G5 share worse than walk 6m", len(worst) / count, 0.10, "0.35-0.5", low=True)
    add("G5 worst ratio 6m", max([*worst.values(), 0.0]), 1.03, "-", low=True)
    for label, key, area, skill in (
        ("G6", "spike6", 0.89, 0.30),
        ("G7", "crash6", 0.94, 0.42),
        ("G8", "crash12", 0.87, 0.33),
        ("G9", "tail_up", 0.74, 0.08),
        ("G9", "tail_down", 0.76, 0.16),
    ):
        add(f"{label} {key} AUC", result[key]["auc"], area, f"growth {growth[key]:.3f}")
        add(f"{label} {key} Brier skill", result[key]["brier_skill"], skill, "-")
    add("G6 spike6 calibration error", result["spike6"]["calibration_error"], 0.025, "-", low=True)
    for label, key, caught, lead in (("G10", "spike", 0.68, 3), ("G11", "crash", 0.85, 4)):
        record = result["budget"][key]
        chance = record["chance"]
        beside = "-" if chance is None else f"chance {chance:.2f}"
        add(f"{label} {key}s caught", record["caught"], caught, beside)
        floor = record["least_false_alarms"]
        beside = "-" if floor is None else f"floor {floor:.2f}"
        add(f"{label} false alarms", record["false_alarms"], 0.35, beside, low=True)
        add(f"{label} median lead", record["median_lead_months"], lead, "-")
        rate = record["rate_over_budget"]
        off = None if rate is None else abs(rate - 1.0)
        add(f"G12 {key} rate over budget, off 1", off, 0.30, "0-0.7", low=True)
        add(f"G12 {key} highest mineral", record["highest_rate_over_budget"], 3.0, "-", low=True)
    add("G13 spike above first passage", result["spike6"]["above_first_passage"], 0.02, "-")
    add("G13 crash above first passage", result["crash6"]["above_first_passage"], -0.01, "-")
    return rows


def print_peers(matrix: PriceMatrix, *, is_patient: bool) -> None:
    """Print the loss of per-series packages at December origins."""
    from bench.quality_peers import PEERS, SLOW_PEERS, loss_ratios  # noqa: PLC0415 - extra

    origins = np.array(
        [k for k, m in enumerate(matrix.months) if m >= PEERS_FROM and m.endswith("-12")]
    )
    for name, peer in (PEERS | (SLOW_PEERS if is_patient else {})).items():
        ratios, failed = loss_ratios(matrix.log_prices, origins, peer)
        shown = " / ".join(f"{ratio:.3f}" for ratio in ratios)
        print(f"peer {name:18} loss ratio 1/3/6/12 at December origins: {shown}; {failed} failed")


def main() -> None:
    """Print the table; `--json` keeps all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prices", type=Path)
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--slow-peers", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.prices:
        prices, pool = pd.read_csv(arguments.prices), pd.read_csv(arguments.pool)
    else:
        prices, pool = read_world_bank(arguments.data)
    result = evaluate_prices(prices, pool, seed=arguments.seed)
    matrix = read_price_table(prices, name="prices")
    for row in goal_rows(result, growth_areas(matrix)):
        print("{:34} goal {:9} reached {:8} beside {:14} {}".format(*row))
    for name, reason in result["not_scored"].items():
        print(f"not scored: {name} {reason}")
    if not arguments.no_peers:
        print_peers(matrix, is_patient=arguments.slow_peers)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
