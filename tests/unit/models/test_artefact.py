"""A packed model comes back the same, and a file that was touched does not come back at all."""

import json
from functools import lru_cache

import numpy as np
import pytest

from g7warn.errors import ValidationFailed
from g7warn.models.artefact import ModelFacts, pack_model, unpack_model
from g7warn.models.probability import StressModel, fit_stress_model

FACTS = ModelFacts(
    training_cutoff="2024-12",
    data_vintage="worldbank 2025-01",
    seed=3,
    series_ids=("a", "b"),
    scores={"loss_ratio_6": 0.95},
)


def build_panel() -> np.ndarray:
    rng = np.random.default_rng(5)
    return np.cumsum(rng.standard_t(4, size=(30, 240)) * 0.06, axis=1)


@lru_cache
def fitted() -> StressModel:
    return fit_stress_model(build_panel(), seed=3)


def test_a_model_comes_back_bit_for_bit_with_its_facts() -> None:
    model, facts = unpack_model(pack_model(fitted(), FACTS))
    panel = build_panel()
    before, after = fitted().predict(panel), model.predict(panel)
    assert facts == FACTS
    assert np.array_equal(before.forecast.log_quantiles, after.forecast.log_quantiles)
    for name, odds in before.odds.items():
        assert np.array_equal(odds.probability, after.odds[name].probability)


def test_the_same_model_gives_the_same_bytes() -> None:
    again = fit_stress_model(build_panel(), seed=3)
    assert pack_model(again, FACTS) == pack_model(fitted(), FACTS)


def test_a_changed_figure_is_noticed() -> None:
    body = json.loads(pack_model(fitted(), FACTS))
    body["facts"]["seed"] = 4
    with pytest.raises(ValidationFailed, match="SHA-256"):
        unpack_model(json.dumps(body).encode())


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x80\x04K\x01.", id="a pickle"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"{}", id="no checksum"),
    ],
)
def test_what_is_no_artefact_is_refused(payload: bytes) -> None:
    with pytest.raises(ValidationFailed):
        unpack_model(payload)


def test_a_cut_artefact_is_refused() -> None:
    payload = pack_model(fitted(), FACTS)
    with pytest.raises(ValidationFailed):
        unpack_model(payload[: len(payload) // 2])
