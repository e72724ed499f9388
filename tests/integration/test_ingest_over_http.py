"""A feed taken from a real HTTP server with the machine's own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from g7warn.clock import SystemClock
from g7warn.exercise.mirror import write_mirror
from g7warn.exercise.world import load_world
from g7warn.feeds.catalog import Document, get_dataset
from g7warn.feeds.transport import HttpTransport, RoutingTransport
from g7warn.feeds.transport.http import HttpLimits
from g7warn.pipeline.ingest import ingest, ingest_many
from g7warn.settings import Settings
from tests.support.http_publisher import Answer, HttpPublisher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AS_OF = SystemClock().now()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, like_minded=frozenset())


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpPublisher]:
    """Serve the simulated Pink Sheet at the address that the catalogue names."""
    manifest = write_mirror(tmp_path / "files", world=load_world())
    body = next(manifest.parent.glob("*.xlsx")).read_bytes()
    with HttpPublisher(Answer(body=body)) as server:
        document = Document(name="pink_sheet", addresses=(server.url,))
        dataset = get_dataset("worldbank").model_copy(update={"documents": (document,)})
        monkeypatch.setattr("g7warn.pipeline.ingest.get_dataset", lambda _: dataset)
        limits = HttpLimits(is_private_allowed=True, max_bytes=10_000_000, total_seconds=60)
        transport = HttpTransport(SystemClock(), limits=limits, sleep=lambda _: None)
        monkeypatch.setattr(
            "g7warn.pipeline.wiring.open_transport",
            lambda *_: RoutingTransport({"http": transport}),
        )
        yield server


def test_a_feed_is_fetched_stored_and_recognised_again(
    publisher: HttpPublisher, settings: Settings
) -> None:
    first = ingest("worldbank", as_of=AS_OF, settings=settings)
    again = ingest("worldbank", as_of=AS_OF, settings=settings)
    assert (first["state"], first["releases"]) == ("stored", 1)
    assert first["new"] > 0
    assert (again["state"], again["new"]) == ("unchanged", 0)
    assert len(publisher.requests) == 2


def test_a_publisher_that_is_down_is_told_of_and_not_passed_over(
    publisher: HttpPublisher, settings: Settings
) -> None:
    publisher.answers = [Answer(status=503)]
    (result,) = ingest_many(["worldbank"], as_of=AS_OF, settings=settings)
    assert (result["state"], result["branch"]) == ("failed", "TransientError")
