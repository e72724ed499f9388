"""The key that signs CAP documents: made once for an installation, kept below `var`.

An installation with a certificate of its own authority puts both files there before it first runs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from g7warn.deliver.signing import CapSigner, make_signer
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from g7warn.settings import Settings


def open_cap_signer(settings: Settings, *, as_of: datetime) -> CapSigner:
    """Return the signer of CAP documents, with a new key where there is none.

    Args:
        settings: `var/cap/key.pem` and `var/cap/certificate.pem` are read, or written.
        as_of: Begin of a new certificate's life.

    Raises:
        ConfigurationError: One of the files is missing, or cannot be read or written.
    """
    folder = settings.var / "cap"
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    try:
        if not key.exists() and not certificate.exists():
            made = make_signer(settings.sender, as_of=as_of)
            folder.mkdir(parents=True, exist_ok=True)
            _write_privately(key, made.key_pem)
            certificate.write_bytes(made.certificate_pem)
        return CapSigner(key.read_bytes(), certificate.read_bytes())
    except OSError as error:
        message = f"CAP documents cannot be signed: {folder} needs key.pem and certificate.pem"
        raise ConfigurationError(message, cause=type(error).__name__) from error


def _write_privately(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
