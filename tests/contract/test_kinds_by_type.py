"""The types refuse what must never happen: mypy is run on lines that mix the two kinds."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).resolve().parents[2]
PREAMBLE = """
from g7warn.deliver.channels.base import Channel, UnlockedEndpoint
from g7warn.deliver.message import ActualMessage, ExerciseMessage
from g7warn.deliver.outbox import Carriers
from g7warn.domain.notice import ActualNotice, ExerciseNotice, require_kind

def carry(real: Channel[ActualMessage], message: {message}, endpoint: UnlockedEndpoint) -> None:
    real.send(message, endpoint=endpoint, idempotency_key="k")

def open_carriers(channel: Channel[{message}]) -> Carriers:
    return Carriers(actual={{"file": channel}})

def mark(notice: {notice}) -> {notice}:
    return notice

def use(notice: ActualNotice) -> None:
    mark(notice)
"""


def check(folder: Path, message: str, notice: str) -> str:
    """Return what mypy says about the lines above with these types in them."""
    snippet = folder / f"{message.lower()}.py"
    snippet.write_text(PREAMBLE.format(message=message, notice=notice))
    report, trouble, _ = api.run(["--config-file", str(ROOT / "pyproject.toml"), str(snippet)])
    assert not trouble
    return report


@pytest.mark.slow
def test_an_exercise_on_an_actual_channel_does_not_pass_the_type_checker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert "Success" in check(tmp_path, "ActualMessage", "ActualNotice")
    report = check(tmp_path, "ExerciseMessage", "ExerciseNotice")
    assert report.count("error:") == 3
    assert 'expected "ActualMessage"' in report
    assert 'expected "ExerciseNotice"' in report
