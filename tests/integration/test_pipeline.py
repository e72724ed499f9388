"""The chain on simulated payloads: feeds to alerts, as known on a day."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from g7warn.domain.marking import Tlp
from g7warn.domain.period import parse_as_of
from g7warn.errors import IllegalTransition, SourceFormatChanged
from g7warn.exercise.mirror import write_mirror
from g7warn.exercise.world import load_world
from g7warn.feeds.catalog import load_catalog
from g7warn.pipeline.alerts import list_alerts, show_alert
from g7warn.pipeline.assess import assess
from g7warn.pipeline.held import decide_held, list_held
from g7warn.pipeline.ingest import ingest, ingest_many
from g7warn.pipeline.notify import notify
from g7warn.pipeline.shards import list_shards
from g7warn.pipeline.status import read_feed_status
from g7warn.settings import Settings
from g7warn.store import alerts, codec, series, signals
from g7warn.store.engine import open_store

if TYPE_CHECKING:
    from pathlib import Path

WORLD = load_world()
AS_OF = parse_as_of(WORLD.as_of.isoformat())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, mirror=write_mirror(tmp_path / "mirror"), like_minded=frozenset())


def test_a_feed_is_stored_once_however_often_it_is_ingested(settings: Settings) -> None:
    first = ingest("worldbank", as_of=AS_OF, settings=settings)
    again = ingest("worldbank", as_of=AS_OF, settings=settings)
    assert first["state"] == "stored"
    assert first["new"] > 0
    assert (again["state"], again["new"], again["revised"]) == ("unchanged", 0, 0)


def test_the_simulated_squeeze_is_graded_and_explained(settings: Settings) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    assess(as_of=AS_OF, settings=settings)
    alerts = list_alerts(as_of=AS_OF, settings=settings)
    nickel = next(a for a in alerts if (a["mineral"], a["direction"]) == ("nickel", "up"))
    assert nickel["grade"] in {"warning", "critical"}
    assert "Nickel" in nickel["headline"]
    shown = show_alert(nickel["alert_id"], as_of=AS_OF, settings=settings)
    evidence = shown["events"][0]["signals"][0]["evidence"]
    assert evidence["series_ids"] == ["nickel.market.price.world.worldbank"]
    assert evidence["vintage_at"] <= AS_OF.isoformat()


def test_assessing_again_appends_nothing(settings: Settings) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    first = assess(as_of=AS_OF, settings=settings)
    again = assess(as_of=AS_OF, settings=settings)
    assert first["events"]["raised"] > 0
    assert again["events"] == {}


def test_a_day_before_an_alerts_events_is_refused_and_says_what_to_do(settings: Settings) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    assess(as_of=AS_OF, settings=settings)
    before = list_alerts(as_of=AS_OF, settings=settings)
    with pytest.raises(IllegalTransition, match="in a store of their own"):
        assess(as_of=AS_OF - timedelta(days=20), settings=settings)
    assert list_alerts(as_of=AS_OF, settings=settings) == before
    assert list_alerts(as_of=AS_OF - timedelta(days=20), settings=settings) == []


def test_a_day_on_which_nothing_happened_may_be_looked_at_later(settings: Settings) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    assess(as_of=AS_OF, settings=settings)
    early = AS_OF.replace(year=AS_OF.year - 20)
    assert assess(as_of=early, settings=settings)["events"] == {}


def test_an_assessment_that_was_overtaken_in_a_queue_tells_nothing_twice(
    settings: Settings,
) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    first = assess(as_of=AS_OF, settings=settings)
    late = assess(as_of=AS_OF - timedelta(seconds=20), settings=settings)
    assert first["events"]["raised"] > 0
    assert (late["as_of"], late["events"]) == (AS_OF.isoformat(), {})


def test_before_anything_was_known_nothing_is_seen(settings: Settings) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    early = datetime(1950, 1, 1, tzinfo=UTC)
    assert assess(as_of=early, settings=settings)["signals"] == 0
    assert list_alerts(as_of=early, settings=settings) == []


def test_a_feed_that_fails_leaves_the_others_unharmed(settings: Settings) -> None:
    results = ingest_many(["nosuch", "worldbank"], as_of=AS_OF, settings=settings)
    assert results[0]["branch"] == "PermanentError"
    assert "nosuch" in results[0]["message"]
    assert results[1]["state"] == "stored"


def test_a_damaged_payload_is_refused_whole_and_noted(settings: Settings) -> None:
    assert settings.mirror is not None
    workbook = next(settings.mirror.parent.glob("*.xlsx"))
    workbook.write_bytes(workbook.read_bytes()[:5000])
    results = ingest_many(["worldbank"], as_of=AS_OF, settings=settings)
    assert results[0]["error"] == "SourceFormatChanged"
    assert assess(as_of=AS_OF, settings=settings)["signals"] == 0


def test_a_replay_is_told_as_a_test_to_exercise_endpoints_alone(settings: Settings) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    assess(as_of=AS_OF, settings=settings)
    first = notify(as_of=AS_OF, settings=settings)
    again = notify(as_of=AS_OF, settings=settings)
    assert first["delivered"] == first["queued"] > 0
    assert (again["queued"], again["delivered"]) == (0, 0)
    notices = settings.var / "notices"
    assert [folder.name for folder in notices.iterdir()] == ["secretariat-exercise"]
    texts = [file.read_text() for file in notices.rglob("*.txt")]
    assert len(texts) == first["delivered"]
    assert all("TEST" in text.upper() for text in texts)


def test_feed_status_names_what_came_and_how_old_it_is(settings: Settings) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    rows = {row["feed"]: row for row in read_feed_status(as_of=AS_OF, settings=settings)}
    assert rows["worldbank"]["state"] == "fresh"
    assert rows["worldbank"]["last_period"] == "2024-12"
    assert rows["worldbank"]["accepted"] > 0
    late = read_feed_status(as_of=parse_as_of("2026-06-01"), settings=settings)
    assert {row["feed"]: row["state"] for row in late}["worldbank"] == "suspended"


def add_release(settings: Settings, *, body: bytes, retrieved_at: str) -> None:
    """Record another release of the address that the mirror serves."""
    assert settings.mirror is not None
    address = settings.mirror.read_text("utf-8").splitlines()[1].split(",")[0]
    name = f"release-{retrieved_at}.xlsx"
    (settings.mirror.parent / name).write_bytes(body)
    with settings.mirror.open("a", encoding="utf-8") as manifest:
        manifest.write(f"{address},{name},{retrieved_at}T00:00:00+00:00,simulated\n")


def test_a_damaged_older_release_does_not_stop_a_newer_one(settings: Settings) -> None:
    add_release(settings, body=b"no workbook", retrieved_at="2024-12-20")
    done = ingest("worldbank", as_of=AS_OF, settings=settings)
    assert (done["state"], done["releases"], done["refused"]) == ("stored", 1, 1)


def test_a_damaged_newest_release_is_an_error_and_what_was_known_stays(settings: Settings) -> None:
    add_release(settings, body=b"no workbook", retrieved_at="2025-02-04")
    with pytest.raises(SourceFormatChanged):
        ingest("worldbank", as_of=AS_OF, settings=settings)
    assert assess(as_of=AS_OF, settings=settings)["signals"] > 0


def test_a_fault_of_one_feed_stops_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(feed: str, **_: object) -> dict[str, object]:
        if feed == "usgs_mcs":
            raise ZeroDivisionError
        return ingest(feed, as_of=AS_OF, settings=settings)

    monkeypatch.setattr("g7warn.pipeline.ingest.ingest", fail)
    results = ingest_many(["usgs_mcs", "worldbank"], as_of=AS_OF, settings=settings)
    assert [row["state"] for row in results] == ["failed", "stored"]
    assert results[0]["branch"] == "Bug"


def test_an_alert_carries_the_label_of_the_feed_that_its_evidence_came_from(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    dataset = load_catalog()["worldbank"].model_copy(update={"tlp": Tlp.RED})
    monkeypatch.setattr("g7warn.pipeline.assess.load_catalog", lambda: {"worldbank": dataset})
    assess(as_of=AS_OF, settings=settings)
    alerts = list_alerts(as_of=AS_OF, settings=settings)
    assert alerts
    assert {alert["tlp"] for alert in alerts} == {"TLP:RED"}


def test_a_release_that_goes_back_waits_for_a_person_and_passes_on_its_word(
    settings: Settings,
) -> None:
    ingest("worldbank", as_of=AS_OF, settings=settings)
    older = WORLD.model_copy(update={"last_month": "2024-06"})
    manifest = write_mirror(settings.var / "older", world=older)
    body = next(manifest.parent.glob("*.xlsx")).read_bytes()
    add_release(settings, body=body, retrieved_at="2025-02-04")
    assert ingest("worldbank", as_of=AS_OF, settings=settings)["state"] == "held"
    (hold,) = list_held(settings=settings)
    assert "2024-06" in hold["reason"]
    assert ingest("worldbank", as_of=AS_OF, settings=settings)["releases"] == 0
    assess(as_of=AS_OF + timedelta(days=40), settings=settings)
    doubts = list_doubts(settings, days=40)
    assert "2024-06" in doubts["nickel"]["reasons"][0]
    assert {alert["grade"] for alert in doubts.values()} == {"watch"}
    decide_held(hold["key"], is_released=True, reason="checked", by="duty", settings=settings)
    assert ingest("worldbank", as_of=AS_OF, settings=settings)["state"] == "stored"
    assert list_held(settings=settings) == []
    ended = assess(as_of=AS_OF + timedelta(days=41), settings=settings)["events"]["ended"]
    assert ended >= len(doubts)
    assert not list_doubts(settings, days=41)


def list_doubts(settings: Settings, *, days: int) -> dict[str, dict[str, Any]]:
    """Return the open alerts that say the data are in doubt, by mineral."""
    alerts = list_alerts(as_of=AS_OF + timedelta(days=days), settings=settings)
    chosen = [a for a in alerts if (a["family"], a["direction"]) == ("data", "up")]
    return {alert["mineral"]: alert for alert in chosen}


def test_supply_is_out_of_sight_once_its_only_source_is_past_its_calendar(
    settings: Settings,
) -> None:
    ingest("usgs_mcs", as_of=AS_OF, settings=settings)
    assess(as_of=AS_OF, settings=settings)
    assert not list_blind(AS_OF, settings)
    later = parse_as_of("2026-03-20")
    assess(as_of=later, settings=settings)
    blind = list_blind(later, settings)
    assert "usgs stale" in blind["nickel"]["reasons"][0]


def list_blind(as_of: datetime, settings: Settings) -> dict[str, dict[str, Any]]:
    alerts = list_alerts(as_of=as_of, settings=settings)
    return {alert["mineral"]: alert for alert in alerts if alert["grade"] == "blind"}


def test_parts_of_a_panel_append_what_one_piece_would(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest_many(["worldbank", "usgs_mcs"], as_of=AS_OF, settings=settings)
    begun = AS_OF - timedelta(days=70)
    assess(as_of=begun, settings=settings)
    address = SecretStr(f"sqlite:///{settings.var / 'copy.sqlite'}")
    copy = settings.model_copy(update={"database_url": address})
    shutil.copy(settings.var / "g7warn.sqlite", settings.var / "copy.sqlite")
    whole = assess(as_of=AS_OF, settings=settings)

    known = read_counts(copy)
    monkeypatch.setattr("g7warn.pipeline.shards.SERIES_A_SHARD", known // 3 + 1)
    shards = list_shards(as_of=AS_OF, settings=copy)
    counts = [assess(as_of=AS_OF, settings=copy, shard=shard) for shard in reversed(shards)]
    assert len(shards) == 3
    assert whole["months"] == counts[0]["months"] > 1
    assert whole["events"]
    for name in ("signals", "assessments"):
        assert sum(count[name] for count in counts) == whole[name]
    assert read_kept(copy) == read_kept(settings)


def read_counts(settings: Settings) -> int:
    """Return how many series the store holds."""
    engine = open_store(settings.store_url)
    counts = series.count_by_mineral(engine)
    engine.dispose()
    return sum(counts.values())


def read_kept(settings: Settings) -> tuple[set[str], set[str]]:
    """Return all events and the signals of the newest assessment, as text."""
    engine = open_store(settings.store_url)
    events = {codec.encode(event) for event in alerts.read_events(engine, as_of=AS_OF)}
    found = {codec.encode(signal) for signal in signals.read(engine, as_of=AS_OF)}
    engine.dispose()
    return events, found
