"""E-mail over SMTP, encrypted."""

from __future__ import annotations

import smtplib
import ssl
from ipaddress import ip_address
from pathlib import Path  # noqa: TC003 - pydantic resolves annotations
from typing import TYPE_CHECKING, Generic, Literal

from pydantic import Field, SecretStr

from g7warn.deliver.channels.base import (
    ChannelOptions,
    MessageT_contra,
    Receipt,
    UnlockedEndpoint,
    read_options,
    refuse_other_world,
)
from g7warn.deliver.render_email import name_message, render_email
from g7warn.errors import ChannelRejected, ChannelUnavailable, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import EmailMessage

    from g7warn.clock import Clock

_UNKNOWN_MAILBOX = frozenset({550, 551, 553})
"""Replies that say that the mailbox does not exist. Source: RFC 5321, section 4.2.2."""


_PERMANENT = 500
"""From here on a reply is final; 4xx replies ask to come again."""


class EmailOptions(ChannelOptions):
    """Options of e-mail.

    Attributes:
        host: Mail server.
        port: Its port: 587 for STARTTLS, 465 for TLS.
        security: `starttls` and `tls` check the certificate; `none` is for loopback alone.
        user: Login; empty for none.
        password: Of the login.
        sender: Address in From.
        certificates: PEM file of authorities beside the system's, for a private one.
        timeout_seconds: For each step of the conversation.
    """

    host: str = "localhost"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "g7warn@localhost"
    certificates: Path | None = None
    timeout_seconds: float = Field(default=20.0, gt=0, le=300)


class EmailChannel(Generic[MessageT_contra]):
    """Hand each message to the mail server; its Message-ID is the same over all attempts."""

    kind = "email"

    def __init__(
        self, *, options: Mapping[str, object], clock: Clock, accepts: type[MessageT_contra]
    ) -> None:
        self.accepts = accepts
        self._clock = clock
        self._options = read_options(EmailOptions, options, kind=self.kind)
        if self._options.security == "none" and not _is_loopback(self._options.host):
            text = f"mail to {self._options.host} must be encrypted: set security to starttls"
            raise ConfigurationError(text, channel=self.kind)

    def send(
        self, message: MessageT_contra, *, endpoint: UnlockedEndpoint, idempotency_key: str
    ) -> Receipt:
        """Send the message to the mailbox `endpoint.address`.

        Raises:
            ChannelUnavailable: No connection, no encryption that can be trusted, or a 4xx reply.
            ChannelRejected: A 5xx reply, a refused login, or an address that is none.
        """
        refuse_other_world(message, accepts=self.accepts, kind=self.kind)
        name = name_message(idempotency_key, sender=self._options.sender)
        mail = render_email(
            message,
            sender=self._options.sender,
            recipient=endpoint.address,
            message_id=name,
            sent_at=self._clock.now(),
        )
        try:
            self._hand_over(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            raise self._translate(code, reply) from None
        except smtplib.SMTPResponseException as error:
            raise self._translate(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPNotSupportedError as error:
            text = f"mail server {self._options.host} lacks what is asked of it: {error}"
            raise ChannelRejected(text, channel=self.kind) from None
        except (OSError, smtplib.SMTPException) as error:
            where = f"{self._options.host}:{self._options.port}"
            text = f"mail server {where} cannot be used: {type(error).__name__}"
            raise ChannelUnavailable(text, channel=self.kind) from None
        return Receipt(reference=name, thread=message.thread or name, detail="250 accepted")

    def _hand_over(self, mail: EmailMessage) -> None:
        options = self._options
        context = ssl.create_default_context()
        if options.certificates is not None:
            context.load_verify_locations(cafile=options.certificates)
        with self._connect(context) as server:
            if options.security == "starttls":
                server.starttls(context=context)
            if options.user:
                server.login(options.user, options.password.get_secret_value())
            server.send_message(mail)

    def _connect(self, context: ssl.SSLContext) -> smtplib.SMTP:
        options = self._options
        if options.security == "tls":
            return smtplib.SMTP_SSL(
                options.host, options.port, timeout=options.timeout_seconds, context=context
            )
        return smtplib.SMTP(options.host, options.port, timeout=options.timeout_seconds)

    def _translate(self, code: int, reply: bytes | str) -> ChannelUnavailable | ChannelRejected:
        said = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
        first = said.splitlines()[0][:120] if said else ""
        text = f"mail server {self._options.host} answers {code}: {first}"
        if code < _PERMANENT:
            return ChannelUnavailable(text, channel=self.kind, code=code)
        is_gone = code in _UNKNOWN_MAILBOX
        return ChannelRejected(text, channel=self.kind, code=code, is_endpoint_gone=is_gone)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
