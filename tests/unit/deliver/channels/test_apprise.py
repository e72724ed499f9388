from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from g7warn.clock import FixedClock
from g7warn.deliver.channels.apprise import AppriseChannel
from g7warn.deliver.channels.base import UnlockedEndpoint
from g7warn.deliver.message import ActualMessage
from g7warn.errors import ChannelRejected, ChannelUnavailable
from tests.support.messages import SENT_AT, make_message
from tests.support.receiver import Receiver, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("apprise", reason="the optional extra `apprise` is not installed")
CHANNEL = AppriseChannel(options={}, clock=FixedClock(SENT_AT), accepts=ActualMessage)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def _at(address: str) -> UnlockedEndpoint:
    return UnlockedEndpoint(address="any", secrets=(SecretStr(address),))


def test_title_and_text_arrive_with_the_label_first(receiver: Receiver) -> None:
    endpoint = _at(f"json://127.0.0.1:{receiver.port}/")
    CHANNEL.send(make_message(), endpoint=endpoint, idempotency_key="d-1")
    body = json.loads(receiver.received[0].body)
    assert body["title"].startswith("[TLP:GREEN]")
    assert body["message"].startswith("TLP:GREEN")


def test_a_service_that_refuses_is_worth_another_try(receiver: Receiver) -> None:
    receiver.script = [Reply(500)]
    endpoint = _at(f"json://g7:password@127.0.0.1:{receiver.port}/")
    with pytest.raises(ChannelUnavailable) as caught:
        CHANNEL.send(make_message(), endpoint=endpoint, idempotency_key="d-1")
    assert "password" not in str(caught.value)


@pytest.mark.parametrize("address", ["", "nonsense", "file:///etc/passwd", "syslog://", "EXEC://x"])
def test_an_address_into_this_machine_or_none_is_refused(address: str) -> None:
    with pytest.raises(ChannelRejected):
        CHANNEL.send(make_message(), endpoint=_at(address), idempotency_key="d-1")
