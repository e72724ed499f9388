from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import SecretStr
from standardwebhooks import Webhook

from g7warn.clock import FixedClock, SystemClock
from g7warn.deliver.channels.base import UnlockedEndpoint
from g7warn.deliver.channels.webhook import WebhookChannel
from g7warn.deliver.message import ActualMessage, Link, LinkKind
from g7warn.deliver.standard_webhooks import public_key_of
from g7warn.domain.marking import Tlp
from g7warn.errors import ChannelRejected, ChannelUnavailable
from tests.support.certificates import make_loopback_certificate
from tests.support.messages import SENT_AT, make_message, make_poison
from tests.support.receiver import Receiver, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = "whsec_" + base64.b64encode(b"the old secret of 24 byte").decode()
NEW = "whsec_" + base64.b64encode(b"the new secret of 24 byte").decode()
KEY = "whsk_" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


def _open(**options: Any) -> WebhookChannel[ActualMessage]:
    return WebhookChannel(
        options={"allows_private": True, "timeout_seconds": 20} | options,
        clock=SystemClock(),
        accepts=ActualMessage,
    )


def _at(url: str, *secrets: str) -> UnlockedEndpoint:
    return UnlockedEndpoint(address=url, secrets=tuple(SecretStr(s) for s in secrets or (NEW,)))


def test_the_official_library_verifies_every_secret_during_a_rotation(receiver: Receiver) -> None:
    _open().send(make_message(), endpoint=_at(receiver.url, NEW, OLD), idempotency_key="d-1")
    (got,) = receiver.received
    for secret in (NEW, OLD):
        assert Webhook(secret).verify(got.body, got.headers)["type"] == "g7warn.notice"
    assert (got.path, got.headers["webhook-id"]) == ("/hook?a=1", "msg_d-1")


def test_an_asymmetric_secret_is_verified_with_its_public_half(receiver: Receiver) -> None:
    _open().send(make_message(), endpoint=_at(receiver.url, KEY), idempotency_key="d-1")
    (got,) = receiver.received
    public = base64.b64decode(public_key_of(SecretStr(KEY)).removeprefix("whpk_"))
    version, _, signature = got.headers["webhook-signature"].partition(",")
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature), signed)
    assert version == "v1a"
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature), b"other")


def test_a_retry_has_the_same_id_and_a_new_timestamp(receiver: Receiver) -> None:
    clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    channel = WebhookChannel(options={"allows_private": True}, clock=clock, accepts=ActualMessage)
    for _ in range(2):
        channel.send(make_message(), endpoint=_at(receiver.url), idempotency_key="d-1")
        clock.advance(timedelta(minutes=5))
    first, second = receiver.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]


@pytest.mark.parametrize("tlp", [Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED])
def test_a_strict_label_travels_as_a_pointer_without_what_it_is_about(
    receiver: Receiver, tlp: Tlp
) -> None:
    link = Link(kind=LinkKind.FULL_TEXT, label="Fetch", url="https://g7.example/notices/1")
    message = make_message(tlp=tlp, links=(link,), alert_id="a-1", identifier="a-1.1")
    _open().send(message, endpoint=_at(receiver.url), idempotency_key="d-1")
    body = receiver.received[0].body
    assert b"ickel" not in body
    assert json.loads(body)["data"]["url"] == "https://g7.example/notices/1"
    assert json.loads(body)["data"]["tlp"] == tlp.label


def test_no_body_reaches_twenty_kilobytes(receiver: Receiver) -> None:
    _open().send(make_poison(), endpoint=_at(receiver.url), idempotency_key="d-1")
    assert len(receiver.received[0].body) < 20_000


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        pytest.param(Reply(429, {"Retry-After": "12"}), 12.0, id="429"),
        pytest.param(Reply(503, {"Retry-After": "999999999"}), 86_400.0, id="very long"),
        pytest.param(Reply(500), 0.0, id="500"),
        pytest.param(Reply(408), 0.0, id="408"),
        pytest.param(Reply(425), 0.0, id="425"),
        pytest.param(Reply(200, delay_seconds=5), 0.0, id="slow"),
    ],
)
def test_trouble_at_the_receiver_is_worth_another_try(
    receiver: Receiver, reply: Reply, seconds: float
) -> None:
    receiver.script = [reply]
    patience = 0.3 if reply.delay_seconds else 20
    with pytest.raises(ChannelUnavailable) as caught:
        _open(timeout_seconds=patience).send(
            make_message(), endpoint=_at(receiver.url), idempotency_key="d-1"
        )
    assert caught.value.retry_after_seconds == seconds


@pytest.mark.parametrize(("status", "is_gone"), [(410, True), (404, False), (401, False)])
def test_a_refusal_is_final_and_410_means_gone(
    receiver: Receiver, status: int, is_gone: bool
) -> None:
    receiver.script = [Reply(status)]
    with pytest.raises(ChannelRejected) as caught:
        _open().send(make_message(), endpoint=_at(receiver.url), idempotency_key="d-1")
    assert caught.value.is_endpoint_gone is is_gone


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.script = [Reply(307, {"Location": receiver.url})]
    with pytest.raises(ChannelRejected, match="not followed"):
        _open().send(make_message(), endpoint=_at(receiver.url), idempotency_key="d-1")
    assert len(receiver.received) == 1


def test_a_private_address_is_refused_unless_the_operator_allows_it(receiver: Receiver) -> None:
    url = receiver.url.replace("http://", "https://")
    with pytest.raises(ChannelRejected, match="G7WARN_ALLOW_PRIVATE_ADDRESSES"):
        _open(allows_private=False).send(make_message(), endpoint=_at(url), idempotency_key="d-1")
    assert receiver.received == []


def test_the_certificate_is_checked_against_the_name(tmp_path: Path) -> None:
    files = make_loopback_certificate(tmp_path)
    with Receiver(tls=files) as receiver:
        trusting = _open(certificates=files[0])
        assert trusting.send(make_message(), endpoint=_at(receiver.url), idempotency_key="d-1")
        for channel, url in (
            (_open(), receiver.url),
            (trusting, receiver.url.replace("127.0.0.1", "localhost")),
        ):
            with pytest.raises(ChannelUnavailable):
                channel.send(make_message(), endpoint=_at(url), idempotency_key="d-1")
        assert len(receiver.received) == 1


@pytest.mark.parametrize("secret", ["whsec_!!!", "whsec_c2hvcnQ=", "whsk_c2hvcnQ="])
def test_a_malformed_secret_is_refused_and_not_shown(receiver: Receiver, secret: str) -> None:
    with pytest.raises(ChannelRejected, match="malformed") as caught:
        _open().send(make_message(), endpoint=_at(receiver.url, secret), idempotency_key="d-1")
    assert secret.partition("_")[2] not in str(caught.value)


def test_the_timestamp_is_the_clocks() -> None:
    with Receiver() as receiver:
        WebhookChannel(
            options={"allows_private": True}, clock=FixedClock(SENT_AT), accepts=ActualMessage
        ).send(make_message(), endpoint=_at(receiver.url), idempotency_key="d-1")
    assert receiver.received[0].headers["webhook-timestamp"] == str(int(SENT_AT.timestamp()))
