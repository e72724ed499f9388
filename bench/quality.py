"""G1-G13: forecasts, odds and alerts against their goals and peers, on known or unseen series.

    make bench-quality, or: python bench/quality.py [--prices FILE --pool FILE] [--data FOLDER]
                            [--no-folds] [--no-peers] [--peer-step N] [--seed N] [--json FILE]

Without files: the World Bank metals are scored and all other World Bank commodities are the pool,
so that no figure rests on a series that was trained on.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.quality_daily import FOLDER, compare_with_close
from bench.quality_folds import score_unseen
from bench.quality_rules import budget_intervals, score_rules
from g7warn.domain.signal import Direction
from g7warn.feeds.base import Payload, hash_body
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.worldbank import SOURCE
from g7warn.verification.benchmark import LOSS_FROM, ODDS_FROM, describe_trial, forecast_trial
from g7warn.verification.forecast_scores import quarterly_origins
from g7warn.verification.tables import read_price_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.quality_rules import RuleScore
    from g7warn.verification.benchmark import Trial

WORKBOOK = "worldbank/2025-01/CMO-Historical-Data-Monthly.xlsx"
METALS = ("aluminium", "copper", "iron_ore", "lead", "nickel", "tin", "zinc")
METALS += ("gold", "silver", "platinum")
IRON_ORE_SPOT = "2009-01"
"""Before 2009 iron ore was a yearly contract price."""

HORIZONS = ("1", "3", "6", "12")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        name: Goal and figure.
        reached: The product's figure; None where it cannot be computed.
        goal: To be reached.
        is_low: Whether lower is better.
        peer: Best peer's figure and name; None where no peer gives one.
        beside: Interval or floor, as text.
    """

    name: str
    reached: float | None
    goal: float
    is_low: bool = False
    peer: tuple[float, str] | None = None
    beside: str = ""

    @property
    def verdict(self) -> str:
        """met, missed, or either with a peer ahead."""
        if self.reached is None:
            return "not measured"
        sign = -1.0 if self.is_low else 1.0
        verdict = "met" if sign * self.reached >= sign * self.goal else "missed"
        is_behind = self.peer is not None and sign * self.peer[0] > sign * self.reached
        return f"{verdict}, peer ahead" if is_behind else verdict

    def print(self) -> None:
        """Print goal, reached, best peer, verdict and what stands beside."""
        sign = "<=" if self.is_low else ">="
        reached = "-" if self.reached is None else f"{self.reached:.3f}"
        peer = "-" if self.peer is None else f"{self.peer[0]:.3f} {self.peer[1]}"
        goal = f"{sign} {self.goal:g}"
        print(f"{self.name:38} {goal:9} {reached:8} {peer:32} {self.verdict:20} {self.beside}")


def best_of(figures: dict[str, float], *, is_low: bool = False) -> tuple[float, str] | None:
    """Return the best figure with its name, None without any."""
    known = {name: figure for name, figure in figures.items() if np.isfinite(figure)}
    if not known:
        return None
    name = (min if is_low else max)(known, key=lambda one: known[one])
    return known[name], name


def list_forecast_rows(result: dict[str, Any]) -> Iterator[Row]:
    """Yield G1, G4 and G5; peers of G1 are compared at origins of their own, see `print_peers`."""
    for horizon, goal in zip(HORIZONS, (0.935, 0.960, 0.960, 0.945), strict=True):
        interval = result["intervals90"][f"loss_ratio_{horizon}"]
        yield Row(
            name=f"G1 loss ratio {horizon}m",
            reached=result["loss_ratio"][horizon],
            goal=goal,
            is_low=True,
            beside=_word(interval),
        )
    for horizon in HORIZONS:
        cover = result["coverage90"][horizon]
        gap = None if cover is None else abs(cover - 0.90)
        yield Row(name=f"G4 coverage {horizon}m, off 0.90 by", reached=gap, goal=0.03, is_low=True)
    worst = result["worst_series"]["6"]
    share = len(worst) / max(len(result["scored"]), 1)
    yield Row(name="G5 share worse than walk 6m", reached=share, goal=0.10, is_low=True)
    highest = max([*worst.values(), 0.0])
    yield Row(name="G5 worst ratio 6m", reached=highest, goal=1.03, is_low=True)


def list_unseen_rows(unseen: dict[str, dict[str, Any]]) -> Iterator[Row]:
    """Yield G2; the best peers' figures of the goals rest on other series and origins."""
    goals = zip(HORIZONS, (0.920, 0.930, 0.910, 0.850), (0.908, 0.966, 0.955, 0.919), strict=True)
    for horizon, goal, peer in goals:
        found = unseen[horizon]
        yield Row(
            name=f"G2 loss ratio {horizon}m, unseen series",
            reached=found["ratio"],
            goal=goal,
            is_low=True,
            beside=f"{found['worse']} of {found['series']} series worse than the walk; "
            f"best peer of the goals {peer}",
        )


def print_daily(with_close: dict[str, tuple[float, int]]) -> None:
    """Print what can be said of G3: its own measure wants ten years of daily prices."""
    print("G3 (<= 0.80/0.95 of the random walk at 1/3 months): no daily price has ten years here;")
    for months, (ratio, count) in with_close.items():
        print(
            f"  {months}m, minor metals, {count} forecasts: {ratio:.3f} of the loss without close"
        )


def list_odds_rows(result: dict[str, Any], rules: dict[str, RuleScore]) -> Iterator[Row]:
    """Yield G6 to G9 and G13, with the best rule's area beside."""
    for label, key, area, skill in (
        ("G6", "spike6", 0.89, 0.30),
        ("G7", "crash6", 0.94, 0.42),
        ("G8", "crash12", 0.87, 0.33),
        ("G9", "tail_up", 0.74, 0.08),
        ("G9", "tail_down", 0.76, 0.16),
    ):
        peer = best_of({name: rule.areas[key] for name, rule in rules.items()})
        interval = _word(result["intervals90"][f"{key}_auc"])
        auc = result[key]["auc"]
        yield Row(name=f"{label} {key} AUC", reached=auc, goal=area, peer=peer, beside=interval)
        yield Row(name=f"{label} {key} Brier skill", reached=result[key]["brier_skill"], goal=skill)
    error = result["spike6"]["calibration_error"]
    yield Row(name="G6 spike6 calibration error", reached=error, goal=0.025, is_low=True)
    for event, goal in (("spike", 0.02), ("crash", -0.01)):
        above = result[f"{event}6"]["above_first_passage"]
        yield Row(name=f"G13 {event} above first passage", reached=above, goal=goal)


def list_alert_rows(
    result: dict[str, Any], rules: dict[str, RuleScore], intervals: dict[str, Any]
) -> Iterator[Row]:
    """Yield G10 to G12: every rule at the same budget, its thresholds frozen on its own past."""
    for label, event, caught, lead in (("G10", "spike", 0.68, 3), ("G11", "crash", 0.85, 4)):
        ours = result["budget"][event]
        theirs = {name: rule.records[event] for name, rule in rules.items()}
        yield Row(
            name=f"{label} {event} caught",
            reached=ours["caught"],
            goal=caught,
            peer=best_of({name: record.caught for name, record in theirs.items()}),
            beside=f"{_word(intervals[event][0])}, chance {_figure(ours['chance'])}",
        )
        yield Row(
            name=f"{label} {event} false alarms",
            reached=ours["false_alarms"],
            goal=0.35,
            is_low=True,
            peer=best_of({n: record.false_alarms for n, record in theirs.items()}, is_low=True),
            beside=f"{_word(intervals[event][1])}, floor {_figure(ours['least_false_alarms'])}",
        )
        yield Row(
            name=f"{label} {event} median lead, months",
            reached=ours["median_lead_months"],
            goal=lead,
            peer=best_of({name: record.median_lead_months for name, record in theirs.items()}),
        )
        rate = ours["rate_over_budget"]
        off = None if rate is None else abs(rate - 1.0)
        theirs_off = {name: abs(one.rate_over_budget - 1.0) for name, one in theirs.items()}
        yield Row(
            name=f"G12 {event} rate over budget, off 1 by",
            reached=off,
            goal=0.30,
            is_low=True,
            peer=best_of(theirs_off, is_low=True),
        )
        highest = ours["highest_rate_over_budget"]
        yield Row(name=f"G12 {event} highest mineral", reached=highest, goal=3.0, is_low=True)


def _word(interval: list[float | None]) -> str:
    low, high = interval
    return f"{_figure(low)}-{_figure(high)}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def print_rules(rules: dict[str, RuleScore]) -> None:
    """Print what each rule reaches at the budget."""
    for name, rule in rules.items():
        parts = [
            f"{event} caught {record.caught:.2f}, false {record.false_alarms:.2f}, "
            f"lead {record.median_lead_months:g}, rate {record.rate_over_budget:.2f}"
            for event, record in rule.records.items()
        ]
        print(f"rule {name:24} {'; '.join(parts)}")


def print_peers(trial: Trial, *, step: int) -> None:
    """Print the loss of per-series packages and our own at the same origins."""
    from bench.quality_peers import PEERS, score_peer, score_quantiles  # noqa: PLC0415 - extra

    origins = quarterly_origins(trial.months, first=LOSS_FROM)[::step]
    ours = score_quantiles(trial.scored, origins, trial.past.log_quantiles)
    print(
        f"loss ratio 1/3/6/12 months, all series, {len(origins)} of the quarters since {LOSS_FROM}:"
    )
    print(f"  {'g7warn':18} {' / '.join(f'{ratio:.3f}' for ratio in ours)}")
    for name, peer in PEERS.items():
        started = time.perf_counter()
        ratios, failed = score_peer(trial.scored, origins, peer)
        shown = " / ".join(f"{ratio:.3f}" for ratio in ratios)
        print(f"  {name:18} {shown}; {failed} failed; {time.perf_counter() - started:.0f} s")


def main() -> None:
    """Print the table; `--json` keeps all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prices", type=Path)
    parser.add_argument("--pool", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-folds", action="store_true", help="leave out G2, minutes of refits")
    parser.add_argument("--no-peers", action="store_true", help="leave out the slow packages")
    # Seven: the origins fall into every quarter of the year in turn.
    parser.add_argument("--peer-step", type=int, default=7, help="quarters between their origins")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.prices:
        prices, pool = pd.read_csv(arguments.prices), pd.read_csv(arguments.pool)
    else:
        prices, pool = read_world_bank(arguments.data)
    seed = arguments.seed
    trial = forecast_trial(prices, pool, seed=seed)
    result = describe_trial(trial, seed=seed)
    start = next(k for k, month in enumerate(trial.months) if month >= ODDS_FROM)
    rules = score_rules(trial.scored, first_month=start)
    intervals = {
        event: budget_intervals(trial, way, first_month=start, seed=seed)
        for event, way in (("spike", Direction.UP), ("crash", Direction.DOWN))
    }
    result["with_close"], result["unseen"] = {}, {}
    wide = read_price_table(pool, name="pool")
    if (arguments.data / FOLDER).exists():
        result["with_close"] = compare_with_close(arguments.data, wide)
    if not arguments.no_folds:
        result["unseen"] = score_unseen(wide, seed=seed)
    print(f"{'':38} {'goal':9} {'reached':8} {'best peer':32} {'verdict':20} 90 % interval, beside")
    for row in (
        *list_forecast_rows(result),
        *(list_unseen_rows(result["unseen"]) if result["unseen"] else ()),
        *list_odds_rows(result, rules),
        *list_alert_rows(result, rules, intervals),
    ):
        row.print()
    print_daily(result["with_close"])
    print_rules(rules)
    for name, reason in result["not_scored"].items():
        print(f"not scored: {name} {reason}")
    if not arguments.no_peers:
        print_peers(trial, step=arguments.peer_step)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
