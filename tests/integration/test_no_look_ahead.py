"""Nothing known after a day is used for that day: by the whole chain, on other futures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from g7warn.domain.period import parse_as_of
from g7warn.exercise.mirror import write_mirror
from g7warn.exercise.world import Move, World, load_world
from g7warn.pipeline.alerts import list_alerts
from g7warn.pipeline.assess import assess
from g7warn.pipeline.ingest import ingest
from g7warn.settings import Settings
from g7warn.store import observations
from g7warn.store.engine import open_store

if TYPE_CHECKING:
    from pathlib import Path

THEN = parse_as_of("2008-12-15")


def run_chain(folder: Path, world: World) -> list[dict[str, Any]]:
    """Return the alerts that stood at `THEN`, from payloads that hold the whole of a world."""
    settings = Settings(
        var=folder, mirror=write_mirror(folder / "mirror", world=world), like_minded=frozenset()
    )
    ingest("worldbank", as_of=THEN, settings=settings)
    assess(as_of=THEN, settings=settings)
    return list_alerts(as_of=THEN, settings=settings)


def alter_future(world: World) -> World:
    """Return the world in which every move after `THEN` goes the other way, and more happen."""
    prices = dict(world.prices)
    for name, market in prices.items():
        moves = [
            move
            if move.until <= "2010-01"  # such a move may have begun before
            else move.model_copy(update={"change_pct": -0.5 * move.change_pct})
            for move in market.moves
        ]
        crash = {"until": "2012-06", "months": 3, "change_pct": -60.0, "half_life_months": 9.0}
        moves.append(Move.model_validate(crash))
        prices[name] = market.model_copy(update={"moves": tuple(moves)})
    return world.model_copy(update={"prices": prices})


def test_another_future_gives_the_same_alerts(tmp_path: Path) -> None:
    world = load_world()
    alerts = run_chain(tmp_path / "one", world)
    assert alerts
    assert run_chain(tmp_path / "other", alter_future(world)) == alerts


@pytest.mark.data
def test_two_vintages_agree_on_a_past_day_where_the_publisher_did_not_revise(
    tmp_path: Path, data: Path
) -> None:
    """The release of 2020 alone, and both releases, tell the same of 2015."""
    manifest = (data / "manifest.csv").read_text("utf-8").splitlines()
    frames = {}
    for name, keep in (("2020", "worldbank/2020-03"), ("both", "worldbank/")):
        lines = [line for line in manifest[1:] if keep in line]
        mirror = _mirror_of(tmp_path / name, data, [manifest[0], *lines])
        assert lines
        settings = Settings(var=tmp_path / name, mirror=mirror, like_minded=frozenset())
        ingest("worldbank", as_of=datetime(2025, 2, 1, tzinfo=UTC), settings=settings)
        engine = open_store(settings.store_url)
        frames[name] = observations.read(engine, as_of=parse_as_of("2015-06-30")).table
        engine.dispose()
    cell = ["series_id", "period"]
    both = frames["2020"].merge(frames["both"], on=cell, suffixes=("_2020", "_both"))
    assert len(both) == len(frames["2020"])
    assert (both["value_2020"] == both["value_both"]).all()


def _mirror_of(folder: Path, data: Path, lines: list[str]) -> Path:
    folder.mkdir(parents=True)
    for line in lines[1:]:
        name = line.split(",")[1]
        target = folder / "files" / name
        target.parent.mkdir(parents=True)
        target.write_bytes((data / name).read_bytes())
    manifest = folder / "manifest.csv"
    manifest.write_text("\n".join(lines).replace(",worldbank/", ",files/worldbank/"), "utf-8")
    return manifest
