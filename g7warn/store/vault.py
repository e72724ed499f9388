"""Secrets of members: sealed at rest with a key that only the environment holds."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr
from sqlalchemy import delete, insert, select

from g7warn.errors import ConfigurationError
from g7warn.store.delivery_schema import SECRETS
from g7warn.store.engine import begin_reading, begin_writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

SHORTEST_KEY = 16
"""Characters of a key at least. Judgement: below that a dictionary opens it."""


class Vault:
    """Seals and opens secrets.

    Args:
        key: One key, or several joined by commas: the first seals, all open, so that a key can be
            replaced without a stop. A key is a Fernet key or any text that is long enough.

    Raises:
        ConfigurationError: No key, or one that is too short. Its text is in no message.
    """

    def __init__(self, key: SecretStr | None) -> None:
        parts = [p.strip() for p in key.get_secret_value().split(",")] if key else []
        if not parts or any(len(part) < SHORTEST_KEY for part in parts):
            message = (
                f"members' secrets need a key of at least {SHORTEST_KEY} characters: set "
                "G7WARN_SECRET_KEY (`openssl rand -base64 32` makes one)"
            )
            raise ConfigurationError(message)
        self._fernet = MultiFernet([Fernet(_to_fernet_key(part)) for part in parts])

    def __repr__(self) -> str:
        """Show nothing of the key."""
        return "Vault(***)"

    def seal(self, secrets: Sequence[SecretStr]) -> bytes:
        """Return secrets as sealed bytes."""
        plain = json.dumps([secret.get_secret_value() for secret in secrets])
        return self._fernet.encrypt(plain.encode())

    def open(self, sealed: bytes) -> tuple[SecretStr, ...]:
        """Return the secrets of sealed bytes.

        Raises:
            ConfigurationError: They were sealed with another key, or changed since.
        """
        try:
            plain = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            message = (
                "a secret cannot be opened: it was sealed with another G7WARN_SECRET_KEY or "
                "changed since; add the old key after a comma, or set the secret again"
            )
            raise ConfigurationError(message) from None
        return tuple(SecretStr(text) for text in plain)


def _to_fernet_key(text: str) -> bytes:
    try:
        if len(base64.urlsafe_b64decode(text)) == 32:
            return text.encode()
    except ValueError:
        pass
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"g7warn secrets").derive(
        text.encode()
    )
    return base64.urlsafe_b64encode(derived)


def put_secret(
    engine: Engine, secret_ref: str, secrets: Sequence[SecretStr], *, vault: Vault, at: datetime
) -> None:
    """Keep the secrets of one endpoint, newest first; they replace those kept before.

    Raises:
        ConfigurationError: No secret, or no name for it.
    """
    if not secret_ref or not secrets:
        message = f"secret {secret_ref!r}: give it a name and at least one value"
        raise ConfigurationError(message, secret_ref=secret_ref)
    row = {"secret_ref": secret_ref, "sealed": vault.seal(secrets), "changed_at": at}
    with begin_writing(engine) as connection:
        connection.execute(delete(SECRETS).where(SECRETS.c.secret_ref == secret_ref))
        connection.execute(insert(SECRETS), [row])


def read_secret(engine: Engine, secret_ref: str, *, vault: Vault) -> tuple[SecretStr, ...]:
    """Return the secrets kept under a name, newest first.

    Raises:
        ConfigurationError: None is kept, or the key is another one.
    """
    with begin_reading(engine) as connection:
        sealed = connection.execute(
            select(SECRETS.c.sealed).where(SECRETS.c.secret_ref == secret_ref)
        ).scalar_one_or_none()
    if sealed is None:
        message = f"no secret {secret_ref!r} is kept: set it with `g7warn member secret`"
        raise ConfigurationError(message, secret_ref=secret_ref)
    return vault.open(sealed)
