"""A real SMTP server on loopback, with STARTTLS, that can be told what to answer."""

from __future__ import annotations

import socket
import ssl
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.certificates import make_loopback_certificate

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path


class MailServer:
    """Use as a context manager; `mails` holds what came in."""

    def __init__(self, folder: Path, *, is_encrypted: bool = True, **answers: str) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.logins: list[str] = []
        self.answers = answers
        self.certificate, key = make_loopback_certificate(folder)
        arguments: dict[str, Any] = {}
        if is_encrypted:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate, key)
            arguments = {"tls_context": context, "require_starttls": True}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=self._authenticate,
            **arguments,
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()

    def options(self, **more: object) -> dict[str, object]:
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "certificates": self.certificate,
            "sender": "alerts@g7.example",
            "timeout_seconds": 20,
            **more,
        }

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if "rcpt" in self.answers:
            return self.answers["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if "data" in self.answers:
            return self.answers["data"]
        self.raw.append(envelope.content)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def _authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)
