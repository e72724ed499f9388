"""Heartbeat: a signed message a day on every channel, so that silence can be told from death.

The signature covers who sends it, when, and when the next one is due. A receiver that holds the
installation's public half runs `g7warn heartbeat check` on what it got; anyone can see the fact
lines, only the installation can make them.
Source: RFC 8032 (Ed25519).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from g7warn.deliver.language import open_words
from g7warn.deliver.message import ActualMessage, Content, Fact, MessageKind
from g7warn.domain.alert import Grade
from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from g7warn.deliver.signing import TokenSigner

EVERY = timedelta(days=1)
GRACE = timedelta(hours=6)
"""How late a heartbeat may be before the receiver should ask. Judgement: retries, time zones."""

_TOKEN = re.compile(r"g7hb1\.([A-Za-z0-9_-]{4,600})\.([A-Za-z0-9_-]{86})")


class Pulse(StrEnum):
    """What a receiver learns from the newest heartbeat it has."""

    ALIVE = "alive"
    LATE = "late"
    FORGED = "forged"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatCheck:
    """The receiver's finding.

    Attributes:
        pulse: The finding.
        sent_at: Of the newest genuine heartbeat; None where there is none.
        next_at: When the next one was promised; None likewise.
        sender: Who signed; empty likewise.
    """

    pulse: Pulse
    sent_at: datetime | None = None
    next_at: datetime | None = None
    sender: str = ""


def make_heartbeat(
    signer: TokenSigner, *, sender: str, sent_at: datetime, language: str = "en"
) -> ActualMessage:
    """Return the heartbeat of a day, to be sent on every endpoint of the actual realm.

    Args:
        signer: Of the installation; its key for heartbeats is derived from the secret key.
        sender: CAP sender of the installation.
        sent_at: Present instant, aware.
        language: Of the reader.

    Raises:
        ConfigurationError: The installation has no secret key.
    """
    words = open_words(language)
    next_at = sent_at + EVERY
    token = _make_token(signer, sender=sender, sent_at=sent_at, next_at=next_at)
    promise = words.instant(next_at + GRACE)
    content = Content(
        identifier=f"heartbeat-{sent_at:%Y-%m-%d}",
        alert_id="",
        language=words.language,
        tlp=Tlp.CLEAR,
        status=MessageStatus.SYSTEM,
        grade=Grade.NORMAL,
        sent_at=sent_at,
        title=words.say("heartbeat.title", date=words.date(sent_at)),
        banners=(words.say("banner.system"),),
        summary=words.say("heartbeat.summary", next=promise),
        facts=(
            Fact(label=words.say("label.sender"), value=sender),
            Fact(label=words.say("label.sent"), value=words.instant(sent_at)),
            Fact(label=words.say("label.next"), value=words.instant(next_at)),
            Fact(label=words.say("label.signature"), value=token),
        ),
    )
    body: dict[str, object] = {"sender": sender, "sent": sent_at.isoformat(), "signature": token}
    return ActualMessage(content=content, kind=MessageKind.HEARTBEAT, body=body)


def heartbeat_key(signer: TokenSigner) -> str:
    """Return the public half that receivers keep, as text.

    Raises:
        ConfigurationError: The installation has no secret key.
    """
    public = _open_key(signer).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return "g7hbkey1." + _encode(public)


def check_heartbeat(text: str, *, public_key: str, as_of: datetime) -> HeartbeatCheck:
    """Return what the newest genuine heartbeat in a text says.

    Args:
        text: Anything received: one message, a mailbox, a folder's files joined.
        public_key: What `heartbeat_key` gave, by another way than the heartbeats.
        as_of: Present instant, aware.

    Raises:
        ConfigurationError: The public key is malformed.
    """
    key = _read_key(public_key)
    found = _TOKEN.findall(text)
    genuine = [beat for beat in (_read_token(key, *parts) for parts in found) if beat is not None]
    if not genuine:
        return HeartbeatCheck(pulse=Pulse.FORGED if found else Pulse.MISSING)
    sender, sent_at, next_at = max(genuine, key=lambda beat: beat[1])
    pulse = Pulse.ALIVE if as_of <= next_at + GRACE else Pulse.LATE
    return HeartbeatCheck(pulse=pulse, sent_at=sent_at, next_at=next_at, sender=sender)


def _make_token(signer: TokenSigner, *, sender: str, sent_at: datetime, next_at: datetime) -> str:
    payload = f"{int(sent_at.timestamp())} {int(next_at.timestamp())} {sender}".encode()
    return f"g7hb1.{_encode(payload)}.{_encode(_open_key(signer).sign(payload))}"


def _read_token(
    key: Ed25519PublicKey, head: str, tail: str
) -> tuple[str, datetime, datetime] | None:
    try:
        payload = _decode(head)
        key.verify(_decode(tail), payload)
        sent, due, sender = payload.decode().split(" ", 2)
        return sender, datetime.fromtimestamp(int(sent), UTC), datetime.fromtimestamp(int(due), UTC)
    except (InvalidSignature, ValueError, binascii.Error):
        return None


def _open_key(signer: TokenSigner) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(signer.derive("heartbeat"))


def _read_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(_decode(text.strip().removeprefix("g7hbkey1.")))
    except (ValueError, binascii.Error) as error:
        message = "the heartbeat key is malformed: `g7warn heartbeat key` at the sender prints it"
        raise ConfigurationError(message) from error


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
