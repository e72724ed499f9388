"""The stress model: same seed, same bits; odds that obey arithmetic; shards equal the whole."""

from functools import lru_cache

import numpy as np
import pytest

from g7warn.errors import InsufficientHistory, ValidationFailed
from g7warn.models.kernels import rows
from g7warn.models.probability import (
    ODDS_FEATURES,
    StressModel,
    UntrainedStressModel,
    fit_stress_model,
    fit_stress_or_fall_back,
)


def build_panel(n_series: int = 30, n_months: int = 300, seed: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shocks = rng.standard_t(4, size=(n_series, n_months)) * 0.05
    return np.cumsum(shocks + 0.4 * np.roll(shocks, 1, axis=1), axis=1)


@lru_cache
def fitted() -> StressModel:
    return fit_stress_model(build_panel(), seed=2)


def test_a_refit_with_the_same_seed_gives_the_same_bits() -> None:
    panel = build_panel(seed=6)
    one, two = fitted().predict(panel), fit_stress_model(build_panel(), seed=2).predict(panel)
    for name, odds in one.odds.items():
        assert np.array_equal(odds.probability, two.odds[name].probability)
    assert np.array_equal(one.forecast.log_quantiles, two.forecast.log_quantiles)


def test_odds_are_probabilities_and_never_fall_with_the_horizon() -> None:
    odds = fitted().predict(build_panel(seed=7)).odds
    for entry in odds.values():
        assert ((entry.probability >= 0) & (entry.probability <= 1)).all()
    for direction in ("up", "down"):
        near, far = odds[f"onset_{direction}_6"], odds[f"onset_{direction}_12"]
        assert (far.probability >= near.probability).all()


def test_a_running_spike_has_no_odds_of_an_onset_and_gives_no_reasons() -> None:
    panel = build_panel(seed=8)
    panel[0, -1] = panel[0, -13] + np.log(1.8)
    odds = fitted().predict(panel).odds["onset_up_6"]
    assert odds.probability[0] == 0.0
    assert np.isnan(odds.needed_log_move[0])
    assert (odds.terms[0] == 0.0).all()
    assert odds.terms.shape == (30, len(ODDS_FEATURES))


def test_what_the_whole_panel_did_is_a_reason_for_a_spike_and_none_for_a_crash() -> None:
    panel, calm = build_panel(seed=9), build_panel(seed=13)
    broad = calm.copy()
    broad[:, -12:] += 0.05 * np.arange(1, 13)
    one, two = (fitted().predict(panel, context=context).odds for context in (calm, broad))
    for name, is_reason in (("onset_up_6", True), ("onset_down_6", False)):
        assert np.array_equal(one[name].terms, two[name].terms) != is_reason


def test_a_shard_with_context_gives_what_one_piece_gives() -> None:
    panel = build_panel(seed=9)
    whole = fitted().predict(panel)
    shard = fitted().predict(panel[10:15], context=panel)
    np.testing.assert_allclose(
        shard.odds["onset_up_12"].probability,
        whole.odds["onset_up_12"].probability[10:15],
        atol=1e-12,
    )
    np.testing.assert_allclose(
        shard.forecast.log_quantiles, whole.forecast.log_quantiles[10:15], atol=1e-12
    )


def test_blocks_of_a_large_panel_join_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = build_panel(seed=11)
    whole = fitted().predict(panel)
    monkeypatch.setattr(rows, "BLOCK_ROWS", 7)
    blocks = fitted().predict(panel)
    np.testing.assert_allclose(
        blocks.forecast.log_quantiles, whole.forecast.log_quantiles, atol=1e-12
    )
    for name, odds in whole.odds.items():
        np.testing.assert_allclose(blocks.odds[name].probability, odds.probability, atol=1e-12)


def test_a_series_without_a_recent_price_gets_no_odds() -> None:
    panel = build_panel(seed=10)
    panel[3, -8:] = np.nan
    answer = fitted().predict(panel)
    assert all(np.isnan(entry.probability[3]) for entry in answer.odds.values())
    assert not np.isnan(answer.odds["onset_up_6"].probability[4])


def test_a_pool_too_small_to_learn_from_is_refused_and_has_a_stated_fallback() -> None:
    small = build_panel(n_series=3, n_months=80)
    with pytest.raises(InsufficientHistory, match="add series"):
        fit_stress_model(small, seed=1)
    model = fit_stress_or_fall_back(small, seed=1)
    assert isinstance(model, UntrainedStressModel)
    assert np.isfinite(model.predict(small).odds["onset_up_6"].probability).all()


def test_an_infinite_log_price_is_refused() -> None:
    panel = build_panel()
    panel[0, 5] = -np.inf
    with pytest.raises(ValidationFailed, match="no logarithm"):
        fitted().predict(panel)
