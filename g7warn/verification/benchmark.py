"""Score the product on any price table: the same code for known and for unseen minerals."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from g7warn.domain.signal import Direction
from g7warn.models.calibrate import probability_to_log_odds
from g7warn.models.compiled import FloatArray, IntArray
from g7warn.models.forecast import HORIZONS_MONTHS
from g7warn.models.probability import TARGETS
from g7warn.verification.alert_budget import score_alerts
from g7warn.verification.bootstrap import year_block_interval
from g7warn.verification.forecast_scores import (
    LEAST_HISTORY_MONTHS,
    HorizonScore,
    quarterly_origins,
    score_horizon,
)
from g7warn.verification.odds_scores import OddsSample, sample_odds
from g7warn.verification.tables import (
    PriceMatrix,
    align_months,
    find_copies,
    join_calendars,
    read_price_table,
)
from g7warn.verification.walk_forward import Fit, PastForecasts, fit_default, walk_forward

LOSS_FROM: Final = "2001-01"
"""Origins of forecasts are scored from here on."""

ODDS_FROM: Final = "2013-01"
"""Probabilities and alerts are scored from here on; 2001-2012 sets the first alert thresholds."""

NAMES: Final = {
    "onset_up_6": "spike6",
    "onset_down_6": "crash6",
    "onset_up_12": "spike12",
    "onset_down_12": "crash12",
    "tail_up_6": "tail_up",
    "tail_down_6": "tail_down",
}


def evaluate_prices(
    prices: pd.DataFrame, pool: pd.DataFrame, *, seed: int = 0, fit: Fit = fit_default
) -> dict[str, Any]:
    """Forecast and score every series of `prices`, learning from `pool` without them.

    Args:
        prices: Scored series, long: `series_id, period, value, unit`, monthly.
        pool: Training series, same columns. A scored series, or a copy of one under another name,
            is dropped from it.
        seed: The same seed gives the same figures.
        fit: How a model is fitted; another one for a peer.

    Returns:
        JSON-safe: `loss_ratio` and `coverage90` by horizon, scores by target, `budget`, series
        refused or not scored with the reason, intervals. What cannot be computed is None.

    Raises:
        ValidationFailed: A column is missing, or no series can be used.
    """
    return describe_trial(forecast_trial(prices, pool, seed=seed, fit=fit), seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """Scored series with what was forecast of them.

    Attributes:
        ours: The scored series, as read.
        theirs: The training series, as read.
        dropped: Rows of `theirs` that are scored series or copies of one: not learned from.
        scored: Series x month, log price, on the calendar of both tables.
        months: Labels of its columns.
        past: Forecasts of every month since 2001.
    """

    ours: PriceMatrix
    theirs: PriceMatrix
    dropped: frozenset[int]
    scored: FloatArray
    months: tuple[str, ...]
    past: PastForecasts


def forecast_trial(
    prices: pd.DataFrame, pool: pd.DataFrame, *, seed: int = 0, fit: Fit = fit_default
) -> Trial:
    """Forecast every series of `prices`, learning from `pool` without them.

    Args:
        prices: As of `evaluate_prices`.
        pool: Likewise.
        seed: The same seed gives the same forecasts.
        fit: How a model is fitted.

    Raises:
        ValidationFailed: A column is missing, or no series can be used.
    """
    ours = read_price_table(prices, name="prices")
    theirs = read_price_table(pool, name="pool")
    months = join_calendars(ours, theirs)
    scored, others = align_months(ours, months), align_months(theirs, months)
    dropped = {k for k, name in enumerate(theirs.series_ids) if name in set(ours.series_ids)}
    dropped |= set(find_copies(scored, others))
    kept = np.array([k for k in range(len(others)) if k not in dropped], dtype=np.int64)
    first = next((k for k, label in enumerate(months) if label >= LOSS_FROM), len(months))
    past = walk_forward(scored, others[kept], first_month=max(first - 1, 0), seed=seed, fit=fit)
    return Trial(
        ours=ours,
        theirs=theirs,
        dropped=frozenset(dropped),
        scored=scored,
        months=months,
        past=past,
    )


def describe_trial(trial: Trial, *, seed: int = 0) -> dict[str, Any]:
    """Return all scores of a trial, JSON-safe; see `evaluate_prices`."""
    ours, theirs, scored = trial.ours, trial.theirs, trial.scored
    result = summarise(scored, trial.months, trial.past, seed=seed)
    history = (~np.isnan(scored)).sum(axis=1)
    result["scored"] = [
        name
        for name, count in zip(ours.series_ids, history, strict=True)
        if count > LEAST_HISTORY_MONTHS
    ]
    result["not_scored"] = ours.refused | {
        name: f"has {int(count)} months; {LEAST_HISTORY_MONTHS} are needed before the first origin"
        for name, count in zip(ours.series_ids, history, strict=True)
        if count <= LEAST_HISTORY_MONTHS
    }
    result["pool"] = {
        "series": len(theirs.series_ids) - len(trial.dropped),
        "dropped": sorted(theirs.series_ids[k] for k in trial.dropped),
        "refused": theirs.refused,
    }
    result["worst_series"] = {
        horizon: {ours.series_ids[int(row)]: ratio for row, ratio in ratios.items()}
        for horizon, ratios in result["worst_series"].items()
    }
    safe: dict[str, Any] = _json_safe(result)
    return safe


def summarise(
    scored: FloatArray, months: tuple[str, ...], past: PastForecasts, *, seed: int
) -> dict[str, Any]:
    """Return all scores of past forecasts; rows of `worst_series` are numbers here."""
    origins = quarterly_origins(months, first=LOSS_FROM)
    years = np.array([int(label[:4]) for label in months])
    result: dict[str, Any] = {"loss_ratio": {}, "coverage90": {}}
    intervals: dict[str, Any] = {}
    worst: dict[str, dict[str, float]] = {}
    for k, horizon in enumerate(HORIZONS_MONTHS):
        score = score_horizon(scored, past.log_quantiles[:, :, k], months=horizon, origins=origins)
        result["loss_ratio"][str(horizon)] = score.ratio()
        result["coverage90"][str(horizon)] = score.coverage()
        intervals[f"loss_ratio_{horizon}"] = _ratio_interval(score, years, seed)
        ranked = sorted(score.ratio_by_series().items(), key=lambda item: -item[1])
        worst[str(horizon)] = {str(row): ratio for row, ratio in ranked if ratio > 1.0}
    odds_from = next((k for k, label in enumerate(months) if label >= ODDS_FROM), len(months))
    early = next((k for k, label in enumerate(months) if label >= LOSS_FROM), len(months))
    since: dict[str, Any] = {}
    reliability: dict[str, Any] = {}
    for target in TARGETS:
        name = NAMES[target.name]
        given = {
            "probability": past.probability[target.name],
            "first_passage": past.first_passage[target.name],
        }
        sample = sample_odds(scored, target, first_month=odds_from, **given)
        result[name] = sample.scores()
        reliability[name] = sample.reliability()
        intervals[f"{name}_auc"] = _auc_interval(sample, years, seed)
        since[name] = sample_odds(scored, target, first_month=early, **given).scores()
    result["budget"] = {
        "spike": asdict(
            score_alerts(
                scored, alert_score(past, Direction.UP), Direction.UP, first_month=odds_from
            )
        ),
        "crash": asdict(
            score_alerts(
                scored, alert_score(past, Direction.DOWN), Direction.DOWN, first_month=odds_from
            )
        ),
    }
    result |= {
        "since_2001": since,
        "reliability": reliability,
        "intervals90": intervals,
        "worst_series": worst,
        "odds_scored_from": ODDS_FROM,
    }
    return result


def alert_score(past: PastForecasts, direction: Direction) -> FloatArray:
    """Return the score that alerts are raised on, in log odds.

    Spikes: an onset within 6 months. Crashes: the mean with an onset within 12, because projects
    need the longer notice: a month more of lead at the same catches. Chosen on the commodities that
    are no metals, where the mean caught 0.69 of the spikes and the nearer odds alone 0.77.
    """
    near = probability_to_log_odds(past.probability[f"onset_{direction}_6"])
    if direction is Direction.UP:
        return near
    return (near + probability_to_log_odds(past.probability[f"onset_{direction}_12"])) / 2.0


def _ratio_interval(score: HorizonScore, years: IntArray, seed: int) -> tuple[float, float]:
    def ratio(chosen: IntArray) -> float:
        part = HorizonScore(
            series=score.series[chosen],
            month=score.month[chosen],
            loss=score.loss[chosen],
            walk_loss=score.walk_loss[chosen],
            is_covered=score.is_covered[chosen],
        )
        return part.ratio()

    return year_block_interval(years[score.month], ratio, seed=seed)


def _auc_interval(sample: OddsSample, years: IntArray, seed: int) -> tuple[float, float]:
    def area(chosen: IntArray) -> float:
        part = OddsSample(
            series=sample.series[chosen],
            month=sample.month[chosen],
            probability=sample.probability[chosen],
            first_passage=sample.first_passage[chosen],
            happened=sample.happened[chosen],
        )
        return part.scores()["auc"]

    return year_block_interval(years[sample.month], area, seed=seed)


def _json_safe(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {str(key): _json_safe(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_json_safe(entry) for entry in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
