from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from g7warn.clock import FixedClock
from g7warn.deliver.channels.base import UnlockedEndpoint
from g7warn.deliver.channels.file import FileChannel
from g7warn.deliver.message import ActualMessage
from g7warn.errors import ChannelRejected, ChannelUnavailable
from tests.support.messages import SENT_AT, make_message

if TYPE_CHECKING:
    from pathlib import Path


def _open(folder: Path) -> FileChannel[ActualMessage]:
    return FileChannel(options={"folder": folder}, clock=FixedClock(SENT_AT), accepts=ActualMessage)


def test_a_repeat_replaces_the_files_by_equal_content(tmp_path: Path) -> None:
    def send() -> dict[str, bytes]:
        endpoint = UnlockedEndpoint(address="jp")
        _open(tmp_path).send(make_message(), endpoint=endpoint, idempotency_key="d-1")
        return {path.name: path.read_bytes() for path in (tmp_path / "jp").iterdir()}

    first, second = send(), send()
    assert first == second
    assert set(first) == {"d-1.json", "d-1.txt"}
    assert json.loads(first["d-1.json"])["tlp"] == "TLP:GREEN"


@pytest.mark.parametrize("name", ["../jp", "/etc", "a/b", "", ".hidden", "x" * 200, "a\x00b"])
def test_an_address_that_leaves_the_drop_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ChannelRejected, match="plain file name"):
        _open(tmp_path).send(
            make_message(), endpoint=UnlockedEndpoint(address=name), idempotency_key="d-1"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_worth_another_try(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(ChannelUnavailable, match="does not take files"):
        _open(blocked).send(
            make_message(), endpoint=UnlockedEndpoint(address="jp"), idempotency_key="d-1"
        )
