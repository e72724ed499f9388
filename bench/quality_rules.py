"""Simple rules and outlier detectors as alert rules, at the product's budget (G6-G12)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyod.models.ecod import ECOD
from pyod.models.iforest import IForest

from g7warn.domain.signal import Direction
from g7warn.models.kernels.alps import score_alps
from g7warn.models.kernels.growth import growth_percentile, log_change
from g7warn.models.kernels.ifpa import score_ifpa
from g7warn.models.kernels.record import record_age
from g7warn.models.kernels.robust import robust_z
from g7warn.models.metrics import ranking_area
from g7warn.models.probability import TARGETS, mark_running
from g7warn.verification.alert_budget import (
    BUDGET_PER_YEAR,
    WINDOW_MONTHS,
    AlertRecord,
    freeze_thresholds,
    match_leads,
    raise_alerts,
    score_alerts,
)
from g7warn.verification.benchmark import NAMES, alert_score
from g7warn.verification.bootstrap import year_block_interval
from g7warn.verification.events import date_episodes
from g7warn.verification.odds_scores import sample_odds

if TYPE_CHECKING:
    from collections.abc import Callable

    from g7warn.verification.benchmark import Trial

    Rule = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]

SPANS = (1, 3, 6, 12)


def mirrored(score: Callable[[np.ndarray], np.ndarray]) -> Rule:
    """Return a rule of a signed score: high foretells spikes, low foretells crashes."""

    def both(log_prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        found = score(log_prices)
        return found, -found

    return both


def records(log_prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The record rule of humanitarian price monitoring: months since a price as high, as low."""
    return record_age(log_prices, is_high=True), record_age(log_prices, is_high=False)


def outliers(build: Callable[[], object], *, first_month: int) -> Rule:
    """Return a rule of an unsigned detector, fitted on the months before `first_month`.

    It sees the changes over 1, 3, 6 and 12 months in standard deviations of their own past months;
    its score counts in the direction of the six-month change.
    """

    def both(log_prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        changes = [log_change(log_prices, periods=span) for span in SPANS]
        rows = np.stack([c / expanding_spread(c) for c in changes], axis=2)
        known = np.isfinite(rows).all(axis=2)
        past = known.copy()
        past[:, first_month:] = False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = build().fit(rows[past])
            score = np.full(log_prices.shape, np.nan)
            score[known] = model.decision_function(rows[known])
        is_rise = changes[2] > 0.0
        lowest = np.nanmin(score)
        up = np.where(known, np.where(is_rise, score, lowest), np.nan)
        return up, np.where(known, np.where(is_rise, lowest, score), np.nan)

    return both


def expanding_spread(values: np.ndarray) -> np.ndarray:
    """Return the standard deviation of a row's values up to each column; NaN before two years."""
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    count = np.cumsum(known, axis=1)
    mean = np.cumsum(filled, axis=1) / np.maximum(count, 1)
    square = np.cumsum(filled**2, axis=1) / np.maximum(count, 1)
    spread = np.sqrt(np.maximum(square - mean**2, 1e-12))
    return np.where(count >= 24, spread, np.nan)


def list_rules(*, first_month: int) -> dict[str, Rule]:
    """Return every rule by name; detectors are fitted on the months before `first_month`."""
    return {
        "growth percentile": mirrored(lambda prices: growth_percentile(prices) - 0.5),
        "ALPS": mirrored(score_alps),
        "IFPA": mirrored(score_ifpa),
        "robust z, 3 months": mirrored(lambda p: robust_z(log_change(p, periods=3))),
        "record age (HDX)": records,
        "ECOD (pyod)": outliers(ECOD, first_month=first_month),
        "IsolationForest (pyod)": outliers(
            lambda: IForest(random_state=0), first_month=first_month
        ),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleScore:
    """What one rule reaches.

    Attributes:
        areas: Name of the target -> AUC.
        records: `spike` and `crash` -> its alerts at the budget.
    """

    areas: dict[str, float]
    records: dict[str, AlertRecord]


def score_rules(log_prices: np.ndarray, *, first_month: int) -> dict[str, RuleScore]:
    """Return every rule's scores from `first_month` on; its thresholds are frozen on its past."""
    found = {}
    for name, rule in list_rules(first_month=first_month).items():
        up, down = rule(log_prices)
        by_way = {Direction.UP: up, Direction.DOWN: down}
        areas = {}
        for target in TARGETS:
            score = by_way[target.direction]
            sample = sample_odds(
                log_prices, target, probability=score, first_passage=score, first_month=first_month
            )
            areas[NAMES[target.name]] = ranking_area(sample.probability, sample.happened)
        ways = {"spike": Direction.UP, "crash": Direction.DOWN}
        kept = {
            event: score_alerts(log_prices, by_way[way], way, first_month=first_month)
            for event, way in ways.items()
        }
        found[name] = RuleScore(areas=areas, records=kept)
    return found


def budget_intervals(
    trial: Trial, direction: Direction, *, first_month: int, seed: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return 90 % intervals of the product's share caught and false alarms, whole years drawn.

    An episode belongs to the year of its onset, an alert to its own; it is false when no onset of
    its series follows within the window.

    Args:
        trial: Prices and forecasts.
        direction: Spikes or crashes.
        first_month: First month in which alerts count.
        seed: Fixes the draws.
    """
    log_prices, score = trial.scored, alert_score(trial.past, direction)
    running = mark_running(log_prices, direction)
    thresholds = freeze_thresholds(score, running, first_month=first_month, budget=BUDGET_PER_YEAR)
    alerts = raise_alerts(score, running, thresholds)
    alerts[:, :first_month] = False
    onsets = [e for e in date_episodes(log_prices, direction) if e.onset > first_month]
    caught = np.array([lead > 0 for lead in match_leads(alerts, onsets)], dtype=float)
    labels = np.array([int(month[:4]) for month in trial.months])
    years = labels - labels[0]
    by_year = np.zeros((4, years[-1] + 1))
    for onset, is_caught in zip(onsets, caught, strict=True):
        by_year[:2, years[onset.onset]] += (1.0, is_caught)
    is_due = np.zeros(alerts.shape, dtype=bool)
    for onset in onsets:
        is_due[onset.series, max(0, onset.onset - WINDOW_MONTHS) : onset.onset] = True
    np.add.at(by_year[2], years[np.nonzero(alerts)[1]], 1.0)
    np.add.at(by_year[3], years[np.nonzero(alerts & is_due)[1]], 1.0)
    judged = np.arange(years[first_month], years[-1] + 1)
    table = by_year[:, judged]

    def share(chosen: np.ndarray) -> float:
        episodes, hits = table[:2, chosen].sum(axis=1)
        return float(hits / episodes) if episodes else np.nan

    def false(chosen: np.ndarray) -> float:
        raised, right = table[2:, chosen].sum(axis=1)
        return float(1.0 - right / raised) if raised else np.nan

    return (
        year_block_interval(judged, share, seed=seed),
        year_block_interval(judged, false, seed=seed),
    )
