"""The record of earlier alerts, on the notice of a new one and in a shell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from g7warn.alerts.lifecycle import advance
from g7warn.cli.app import app
from g7warn.domain.alert import AlertEvent, Assessment, Grade
from g7warn.domain.notice import TrackRecord
from g7warn.domain.signal import Certainty
from g7warn.errors import ConfigurationError
from g7warn.models.artefact import pack_model
from g7warn.pipeline.dispatch import Office, dispatch
from g7warn.pipeline.members import enter_secretariat
from g7warn.pipeline.operating_point import choose, preview
from g7warn.pipeline.record import find_track_record, list_records
from g7warn.pipeline.shelf import MODEL_NAME
from g7warn.settings import Settings
from g7warn.store import alerts, models, notices, observations
from g7warn.store.engine import begin_writing, open_store, upgrade
from g7warn.store.members import read_member
from tests.support.assessments import make_assessment
from tests.support.fitted import FACTS, fitted_model
from tests.support.observing import NICKEL, day, frame, price
from tests.support.signals import build_signal
from tests.unit.verification.test_operating_points import made_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

CRITERION = "price +50 % or more within 6 months"
NOW = datetime(2024, 1, 5, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, like_minded=frozenset())


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """A store with two alerts that have closed, one right and one wrong, and a new one."""
    engine = open_store(settings.store_url)
    upgrade(engine)
    doubled = {"2021-05", "2021-06"}
    months = [f"{year}-{month:02d}" for year in (2021, 2022, 2023) for month in range(1, 13)]
    rows = [price(m, 200.0 if m in doubled else 100.0, f"{m}-28") for m in months]
    with begin_writing(engine) as connection:
        observations.append(connection, frame(rows), released_at=day("2021-01-01"), feed="test")
        alerts.append(connection, live())
    enter_secretariat(engine, at=NOW)
    yield engine
    engine.dispose()


def claim(as_of: datetime, grade: Grade) -> Assessment:
    before = f"{as_of.year - (as_of.month == 1)}-{(as_of.month - 2) % 12 + 1:02d}"
    evidence = replace(build_signal().evidence, series_ids=(NICKEL,), periods=("2021-01", before))
    return make_assessment(
        grade,
        as_of=as_of,
        criterion=CRITERION,
        certainty=Certainty.LIKELY,
        signals=(build_signal(evidence=evidence, criterion=CRITERION),),
    )


def live() -> list[AlertEvent]:
    """Return the events of an alert of March 2021, one of 2022 and one of January 2024."""
    events: list[AlertEvent] = []
    for year, month, grade in (
        (2021, 3, Grade.WARNING),
        (2021, 9, Grade.NORMAL),
        (2022, 6, Grade.WARNING),
        (2023, 2, Grade.NORMAL),
        (2024, 1, Grade.WARNING),
    ):
        as_of = datetime(year, month, 5, tzinfo=UTC)
        events += advance(events, [claim(as_of, grade)], as_of=as_of)
    return events


def test_a_new_alert_carries_the_record_of_its_kind(engine: Engine) -> None:
    new = live()[-1]
    record = find_track_record(engine, new, as_of=NOW)
    assert record == TrackRecord(alerts=2, hits=1, median_lead_months=2.0)
    office = Office(
        sender="g7warn@localhost",
        find_track_record=lambda event: find_track_record(engine, event, as_of=NOW),
    )
    dispatch(engine, office=office, as_of=NOW)
    (told,) = notices.read_earlier(engine, [new.alert_id])[new.alert_id]
    assert told.track_record == record


def test_what_was_not_known_yet_is_in_no_record(engine: Engine) -> None:
    second = live()[2]
    early = datetime(2021, 4, 10, tzinfo=UTC)
    assert find_track_record(engine, second, as_of=early) is None


def test_the_record_of_all_minerals_is_listed_by_rule(engine: Engine, settings: Settings) -> None:
    (row,) = list_records(as_of=NOW, settings=settings)
    assert (row["grade"], row["rule"], row["direction"]) == ("warning", "severe_likely", "up")
    assert (row["alerts"], row["hits"], row["open"]) == (2, 1, 1)


def keep_model(engine: Engine) -> None:
    facts = replace(FACTS, records=(made_up(60, 30, 4),))
    body = pack_model(fitted_model(), facts)
    models.put(engine, body, name=MODEL_NAME, trained_at=NOW, facts={})


def test_a_choice_is_previewed_by_the_fitted_models_record(
    engine: Engine, settings: Settings
) -> None:
    asked = ("secretariat", "all", 0.2)
    assert preview(*asked, as_of=NOW, settings=settings) == []
    keep_model(engine)
    (row,) = preview(*asked, as_of=NOW, settings=settings)
    assert (row["direction"], row["alerts"], row["alerts_per_year"]) == ("up", 30, 0.3)
    assert read_member(engine, "secretariat").subscriptions[0].operating_point == 0.0


@pytest.mark.parametrize(
    ("subscription", "probability"),
    [pytest.param("none", 0.4, id="no such subscription"), pytest.param("all", 1.4, id="no share")],
)
def test_a_choice_that_cannot_be_kept_changes_nothing(
    engine: Engine, settings: Settings, subscription: str, probability: float
) -> None:
    before = read_member(engine, "secretariat")
    with pytest.raises(ConfigurationError):
        choose("secretariat", subscription, probability, as_of=NOW, settings=settings)
    assert read_member(engine, "secretariat") == before


@pytest.mark.parametrize(("answer", "kept"), [("n", 0.0), ("y", 0.2)])
def test_the_shell_shows_the_record_before_it_asks(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch, answer: str, kept: float
) -> None:
    keep_model(engine)
    monkeypatch.setenv("G7WARN_VAR", str(settings.var))
    arguments = ["member", "operating-point", "secretariat", "all", "0.2"]
    result = CliRunner().invoke(app, arguments, input=answer)
    assert "0 of 5 onsets caught" in result.output
    assert "30 alerts (0.30 a price and year), 30 of them false" in result.output
    assert read_member(engine, "secretariat").subscriptions[0].operating_point == kept
