"""Signatures of webhooks: Standard Webhooks 1.0.0, symmetric (v1) and asymmetric (v1a).

An endpoint's secrets are listed newest first and every one of them signs, so that a receiver can
change over at any time: rotation without downtime.

Source: Standard Webhooks specification 1.0.0, https://www.standardwebhooks.com, seen 2026-11.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from g7warn.errors import ChannelRejected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pydantic import SecretStr

SYMMETRIC, ASYMMETRIC = "whsec_", "whsk_"
_SHORTEST, _LONGEST = 24, 64
_ED25519 = 32


def sign_webhook(
    body: bytes, *, webhook_id: str, sent_at: datetime, secrets: Sequence[SecretStr]
) -> dict[str, str]:
    """Return the three headers that let a receiver verify a webhook.

    Args:
        body: Exactly the bytes that are sent.
        webhook_id: Same over all attempts; holds no full stop.
        sent_at: Instant of this attempt, aware; receivers refuse one five minutes off.
        secrets: `whsec_` (HMAC-SHA256) or `whsk_` (ed25519) followed by base64; newest first.

    Raises:
        ChannelRejected: No secret, or one that is malformed; its value is not shown.
    """
    if not secrets:
        text = "the webhook has no secret: give the endpoint one (whsec_... or whsk_...)"
        raise ChannelRejected(text, channel="webhook")
    stamp = str(int(sent_at.timestamp()))
    signed = f"{webhook_id}.{stamp}.".encode() + body
    signatures = [_sign(signed, secret.get_secret_value()) for secret in secrets]
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }


def public_key_of(secret: SecretStr) -> str:
    """Return the public half `whpk_...` of an ed25519 secret, which its receiver needs.

    Raises:
        ChannelRejected: The secret is malformed or symmetric.
    """
    value = secret.get_secret_value()
    if not value.startswith(ASYMMETRIC):
        text = "only an ed25519 secret (whsk_...) has a public half"
        raise ChannelRejected(text, channel="webhook")
    public = _open_private(value).public_key()
    return "whpk_" + base64.b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _sign(signed: bytes, secret: str) -> str:
    if secret.startswith(ASYMMETRIC):
        return "v1a," + base64.b64encode(_open_private(secret).sign(signed)).decode()
    key = _decode(secret.removeprefix(SYMMETRIC))
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise _malformed()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _open_private(secret: str) -> Ed25519PrivateKey:
    key = _decode(secret.removeprefix(ASYMMETRIC))
    if len(key) not in {_ED25519, 2 * _ED25519}:
        raise _malformed()
    return Ed25519PrivateKey.from_private_bytes(key[:_ED25519])


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _malformed() from None


def _malformed() -> ChannelRejected:
    text = (
        "a webhook secret is malformed: whsec_ and base64 of 24 to 64 bytes, or whsk_ and base64 "
        "of an ed25519 key"
    )
    return ChannelRejected(text, channel="webhook")
