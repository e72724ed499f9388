"""Training and its use: on what was known, by nobody earlier, and never in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from g7warn.domain.marking import Tlp
from g7warn.domain.period import parse_as_of
from g7warn.domain.signal import Direction
from g7warn.errors import InsufficientHistory
from g7warn.exercise.mirror import write_mirror
from g7warn.exercise.world import load_world
from g7warn.models.artefact import unpack_model
from g7warn.pipeline.assess import assess
from g7warn.pipeline.ingest import ingest
from g7warn.pipeline.shelf import MODEL_NAME, ModelShelf
from g7warn.pipeline.train import train
from g7warn.settings import Settings
from g7warn.store import models, signals
from g7warn.store.engine import begin_writing, open_store
from g7warn.store.schema import MODELS
from tests.support.fitted import fitted_model, packed_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    import numpy as np
    from sqlalchemy import Engine

    from g7warn.models.probability import StressModel

AS_OF = parse_as_of(load_world().as_of.isoformat())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, mirror=write_mirror(tmp_path / "mirror"), like_minded=frozenset())


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The store with the simulated prices."""
    ingest("worldbank", as_of=AS_OF, settings=settings)
    engine = open_store(settings.store_url)
    yield engine
    engine.dispose()


def keep_model(engine: Engine, trained_at: datetime) -> None:
    models.put(engine, packed_model(), name=MODEL_NAME, trained_at=trained_at, facts={})


def notes_of(engine: Engine, indicator: str) -> set[str]:
    found = [s for s in signals.read(engine, as_of=AS_OF) if s.indicator == indicator]
    assert found
    return {
        note
        for signal in found
        for note in signal.evidence.notes
        if note.startswith(("fitted model", "no fitted forecaster"))
    }


def test_training_keeps_a_model_of_what_was_known_once(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools = []

    def fit(log_prices: np.ndarray, *, seed: int) -> StressModel:
        pools.append(log_prices)
        return fitted_model()

    monkeypatch.setattr("g7warn.pipeline.train.fit_stress_model", fit)
    early = AS_OF - timedelta(days=200)
    first = train(as_of=early, settings=settings)
    again = train(as_of=early, settings=settings)
    later = train(as_of=AS_OF, settings=settings)
    assert (first["state"], again["state"], later["state"]) == ("stored", "unchanged", "stored")
    assert first["digest"] == again["digest"]
    # Once on the years before those that the record judges, once on all.
    assert [pool.shape[1] for pool in pools[:2]] == [first["months"] - 120, first["months"]]
    assert pools[1].shape[0] == first["series"]
    assert first["training_cutoff"] < early.strftime("%Y-%m") < later["training_cutoff"]
    kept = models.read_newest(engine, name=MODEL_NAME, as_of=AS_OF - timedelta(days=1))
    assert kept is not None
    assert kept.note.digest == first["digest"]
    _, facts = unpack_model(kept.body)
    assert facts.data_vintage <= early.isoformat()
    assert len(facts.series_ids) == first["series"]


def test_a_model_brings_its_record_and_the_bounds_of_the_budget(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fit(_prices: np.ndarray, *, seed: int) -> StressModel:
        return fitted_model()

    monkeypatch.setattr("g7warn.pipeline.train.fit_stress_model", fit)
    train(as_of=AS_OF, settings=settings)
    model = ModelShelf.open(engine, as_of=AS_OF).find(AS_OF)
    assert model is not None
    assert {record.direction for record in model.records} == set(Direction)
    assert 0.0 < model.scores["loss_ratio_6"] < 3.0
    assert model.records[0].last_month < model.training_cutoff
    bounds = model.budget_bounds["up"]
    assert 0.0 < bounds["possible"] <= bounds["likely"] <= 1.0
    assess(as_of=AS_OF, settings=settings)
    onset = next(s for s in signals.read(engine, as_of=AS_OF) if s.indicator == "price_onset")
    assert "likely_within_budget_share" in onset.evidence.thresholds


def test_without_prices_there_is_nothing_to_learn_from(settings: Settings) -> None:
    with pytest.raises(InsufficientHistory, match="g7warn ingest"):
        train(as_of=AS_OF, settings=settings)


def test_prices_that_are_not_public_are_not_learned_from(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine
    monkeypatch.setattr(
        "g7warn.pipeline.train.label_sources", lambda _engine: {"worldbank": Tlp.AMBER}
    )
    with pytest.raises(InsufficientHistory, match="no public price"):
        train(as_of=AS_OF, settings=settings)


def test_an_assessment_uses_the_fitted_model_and_its_evidence_names_it(
    settings: Settings, engine: Engine
) -> None:
    keep_model(engine, AS_OF)
    result = assess(as_of=AS_OF, settings=settings)
    assert result["failures"] == {}
    expected = f"fitted model {result['model'][:12]}, trained on prices up to 2021-12"
    assert notes_of(engine, "price_forecast") == {expected}
    assert notes_of(engine, "price_onset") == {expected}


def test_a_model_trained_later_is_not_used(settings: Settings, engine: Engine) -> None:
    keep_model(engine, AS_OF + timedelta(microseconds=1))
    assert assess(as_of=AS_OF, settings=settings)["model"] == ""
    (note,) = notes_of(engine, "price_onset")
    assert note.startswith("no fitted forecaster")


def test_a_damaged_model_is_told_and_the_assessment_goes_on_untrained(
    settings: Settings, engine: Engine
) -> None:
    keep_model(engine, AS_OF)
    with begin_writing(engine) as connection:
        connection.execute(MODELS.update().values(body=b"damaged"))
    result = assess(as_of=AS_OF, settings=settings)
    (message,) = result["failures"].values()
    assert "g7warn train" in message
    assert result["signals"] > 0
    (note,) = notes_of(engine, "price_forecast")
    assert note.startswith("no fitted forecaster")
