"""Critical notices wait for a duty officer, who is asked once and whose word is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from g7warn.exercise.mirror import write_mirror
from g7warn.exercise.world import load_world
from g7warn.pipeline import approve
from g7warn.pipeline import notify as notify_module
from g7warn.pipeline.assess import assess
from g7warn.pipeline.ingest import ingest
from g7warn.pipeline.notify import notify
from g7warn.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = datetime.combine(load_world().as_of, datetime.max.time(), tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return an installation that takes the simulated day for the present."""
    monkeypatch.setattr(notify_module, "REPLAY_AFTER", timedelta(days=100_000))
    settings = Settings(
        var=tmp_path, mirror=write_mirror(tmp_path / "mirror"), like_minded=frozenset()
    )
    ingest("worldbank", as_of=AS_OF, settings=settings)
    assess(as_of=AS_OF, settings=settings)
    notify(as_of=AS_OF, settings=settings)
    return settings


def read_sent(settings: Settings) -> list[str]:
    return [file.read_text() for file in (settings.var / "notices").rglob("*.txt")]


def answer(option: str, **changes: Any) -> dict[str, Any]:
    person = {"id": "duty", "name": "Duty Officer"}
    plain = {"chosen_options": [option], "params_input": {}, "responded_by_user": person}
    return {**plain, **changes}


def test_one_question_is_asked_about_each_notice(settings: Settings) -> None:
    first = approve.claim_waiting(as_of=AS_OF, asker="run 1", settings=settings)
    again = approve.claim_waiting(as_of=AS_OF, asker="run 2", settings=settings)
    assert first
    assert again == []
    assert all(waiting["subject"].startswith("Critical: ") for waiting in first)


def test_an_approved_notice_goes_out_and_a_rejected_one_does_not(settings: Settings) -> None:
    waiting = approve.claim_waiting(as_of=AS_OF, asker="run", settings=settings)
    before = len(read_sent(settings))
    yes, *others = waiting
    approve.record_answer(yes, answer("Approve"), as_of=AS_OF, settings=settings)
    for other in others:
        approve.record_answer(other, answer("Hold back"), as_of=AS_OF, settings=settings)
    notify(as_of=AS_OF, settings=settings)
    sent = read_sent(settings)
    assert len(sent) == before + 1
    assert any("Reviewed by a duty officer" in text for text in sent)
    late = AS_OF + timedelta(days=1)
    notify(as_of=late, settings=settings)
    assert approve.list_waiting(as_of=late, settings=settings) == []


def test_without_an_answer_it_goes_out_past_the_deadline_marked_as_such(
    settings: Settings,
) -> None:
    (waiting, *_) = approve.claim_waiting(as_of=AS_OF, asker="run", settings=settings)
    silent = answer("Approve", responded_by_user=None)
    state = approve.record_answer(waiting, silent, as_of=AS_OF, settings=settings)
    assert state == "waiting"
    assert notify(as_of=AS_OF + timedelta(minutes=119), settings=settings)["queued"] == 0
    assert notify(as_of=AS_OF + timedelta(minutes=121), settings=settings)["queued"] > 0
    assert any("not reviewed" in text for text in read_sent(settings))
