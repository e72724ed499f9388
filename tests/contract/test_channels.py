"""What every channel promises."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from g7warn.clock import FixedClock
from g7warn.deliver.channels.base import UnlockedEndpoint, list_channel_kinds, open_channel
from g7warn.deliver.message import ActualMessage, ExerciseMessage
from g7warn.errors import ChannelRejected, ConfigurationError
from tests.support.mail_server import MailServer
from tests.support.messages import SENT_AT, make_exercise, make_message, make_poison
from tests.support.receiver import Receiver
from tests.support.slack_server import SlackServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECRET = "whsec_" + base64.b64encode(b"a very secret token of 32 bytes!").decode()


class Ground:
    """Options and a working endpoint for every kind, all on loopback."""

    def __init__(
        self, folder: Path, slack: SlackServer, mail: MailServer, receiver: Receiver
    ) -> None:
        self.options: dict[str, Mapping[str, object]] = {
            "apprise": {},
            "console": {},
            "feed": {},
            "file": {"folder": folder},
            "slack": {"base_url": slack.base_url, "timeout_seconds": 20},
            "email": mail.options(),
            "webhook": {"allows_private": True},
        }
        secret = (SecretStr(SECRET),)
        self.endpoints = {
            "apprise": UnlockedEndpoint(
                address="any",
                secrets=(SecretStr(f"json://g7:{SECRET[6:-1]}@127.0.0.1:{receiver.port}/hook"),),
            ),
            "console": UnlockedEndpoint(address="desk", secrets=secret),
            "feed": UnlockedEndpoint(address="jp", secrets=secret),
            "file": UnlockedEndpoint(address="jp", secrets=secret),
            "slack": UnlockedEndpoint(address="C1", secrets=secret),
            "email": UnlockedEndpoint(address="duty@meti.example", secrets=secret),
            "webhook": UnlockedEndpoint(address=receiver.url, secrets=secret),
        }


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    with SlackServer() as slack, MailServer(tmp_path) as mail, Receiver() as receiver:
        yield Ground(tmp_path, slack, mail, receiver)


pytestmark = pytest.mark.parametrize("kind", list_channel_kinds())
CLOCK = FixedClock(SENT_AT)


def test_channel_takes_a_message_and_gives_a_receipt(kind: str, ground: Ground) -> None:
    channel = open_channel(kind, clock=CLOCK, options=ground.options[kind])
    receipt = channel.send(make_message(), endpoint=ground.endpoints[kind], idempotency_key="d-1")
    assert receipt.reference


def test_channel_takes_poison_as_it_takes_any_message(kind: str, ground: Ground) -> None:
    channel = open_channel(kind, clock=CLOCK, options=ground.options[kind])
    assert channel.send(make_poison(), endpoint=ground.endpoints[kind], idempotency_key="d-1")


def test_channel_for_real_messages_refuses_practice_and_the_reverse(
    kind: str, ground: Ground
) -> None:
    endpoint = ground.endpoints[kind]
    for accepts, message in (
        (ActualMessage, make_exercise()),
        (ExerciseMessage, make_message()),
    ):
        channel = open_channel(kind, clock=CLOCK, accepts=accepts, options=ground.options[kind])
        with pytest.raises(ChannelRejected, match="nothing was sent"):
            channel.send(message, endpoint=endpoint, idempotency_key="d-1")


def test_channel_shows_no_secret(kind: str, ground: Ground) -> None:
    channel = open_channel(kind, clock=CLOCK, options=ground.options[kind])
    endpoint = ground.endpoints[kind]
    receipt = channel.send(make_message(), endpoint=endpoint, idempotency_key="d-1")
    assert SECRET[6:-1] not in f"{channel!r} {vars(channel)!r} {endpoint!r} {receipt!r}"


def test_channel_names_an_option_it_does_not_know(kind: str, ground: Ground) -> None:
    with pytest.raises(ConfigurationError, match="colour"):
        open_channel(kind, clock=CLOCK, options={**ground.options[kind], "colour": SECRET})
