"""The evaluation takes any price table, trains on the pool alone and says what it left out."""

import json
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from g7warn.errors import ValidationFailed
from g7warn.models.compiled import FloatArray
from g7warn.models.forecast import EwmaPooledForecaster
from g7warn.models.probability import StressPredictor, UntrainedStressModel
from g7warn.verification.benchmark import evaluate_prices

HORIZONS = ("1", "3", "6", "12")
TARGETS = ("spike6", "crash6", "crash12", "tail_up", "tail_down")


def untrained(log_prices: FloatArray, seed: int) -> StressPredictor:
    del seed
    return UntrainedStressModel(forecaster=EwmaPooledForecaster().fit(log_prices))


def long_table(panel: np.ndarray, names: list[str]) -> pd.DataFrame:
    months = pd.period_range("1990-01", periods=panel.shape[1], freq="M").astype(str)
    parts = [
        pd.DataFrame({"series_id": n, "period": months, "value": np.exp(row), "unit": "USD/t"})
        for n, row in zip(names, panel, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def walk(n_series: int, seed: int, n_months: int = 336) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shocks = rng.standard_t(4, size=(n_series, n_months)) * 0.07
    return np.cumsum(shocks, axis=1) + 5.0


@lru_cache
def evaluated() -> dict[str, Any]:
    scored = walk(4, 1)
    pool = np.vstack([walk(6, 2), scored[:1], scored[1:2] + 0.7])
    prices = long_table(np.vstack([scored, walk(1, 5)]), ["a", "b", "c", "d", "short"])
    is_cut = (prices["series_id"] == "short") & (prices["period"] < "2012-01")
    names = [*(f"pool{k}" for k in range(6)), "a", "other name of b"]
    return evaluate_prices(prices[~is_cut], long_table(pool, names), seed=3, fit=untrained)


def test_the_answer_has_every_figure_and_is_json() -> None:
    result = evaluated()
    assert set(result["loss_ratio"]) == set(result["coverage90"]) == set(HORIZONS)
    for target in TARGETS:
        assert {"auc", "brier_skill", "calibration_error"} <= set(result[target])
    assert {"spike", "crash"} == set(result["budget"])
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_scored_series_and_their_copies_are_not_trained_on() -> None:
    assert evaluated()["pool"]["dropped"] == ["a", "other name of b"]
    assert evaluated()["pool"]["series"] == 6


def test_a_series_without_ten_years_is_named_and_the_others_are_scored() -> None:
    assert "short" in evaluated()["not_scored"]
    assert evaluated()["scored"] == ["a", "b", "c", "d"]


def test_on_a_random_walk_the_loss_is_near_the_random_walks_and_the_coverage_right() -> None:
    for horizon in HORIZONS:
        assert 0.8 < evaluated()["loss_ratio"][horizon] < 1.05
        assert evaluated()["coverage90"][horizon] == pytest.approx(0.90, abs=0.06)


def test_odds_by_first_passage_rank_far_better_than_chance() -> None:
    assert evaluated()["spike6"]["auc"] > 0.8
    assert evaluated()["spike6"]["above_first_passage"] == 0.0


def test_the_past_figures_do_not_change_when_later_months_come_in() -> None:
    scored, pool = walk(3, 7), walk(6, 8)
    names = ["a", "b", "c"]
    others = [f"pool{k}" for k in range(6)]

    def ratios(n_months: int) -> dict[str, float]:
        result = evaluate_prices(
            long_table(scored[:, :n_months], names),
            long_table(pool[:, :n_months], others),
            fit=untrained,
        )
        return dict(result["loss_ratio"])

    wild = scored.copy()
    wild[:, 300:] += 2.0
    before = ratios(300)
    scored = wild
    assert ratios(300) == before


def test_series_that_end_before_the_first_scored_origin_are_named_with_the_reason() -> None:
    prices = long_table(walk(1, 6, n_months=130), ["early"])
    result = evaluate_prices(prices, long_table(walk(3, 7), ["a", "b", "c"]), fit=untrained)
    assert result["scored"] == []
    assert "2001-01" in result["not_scored"]["early"]


def test_rows_without_a_name_and_empty_tables_are_refused_with_the_reason() -> None:
    prices = long_table(walk(2, 8), ["a", "b"])
    prices.loc[prices["series_id"] == "a", "series_id"] = None
    result = evaluate_prices(prices, long_table(walk(3, 7), ["c", "d", "e"]), fit=untrained)
    assert any("without a series_id" in reason for reason in result["not_scored"].values())
    with pytest.raises(ValidationFailed, match="prices table has no rows"):
        evaluate_prices(prices.iloc[:0], prices, fit=untrained)
