"""Channels as the settings have them: one for each kind of endpoint and realm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.deliver.channels.base import open_channel
from g7warn.deliver.links import LinkMaker
from g7warn.deliver.message import ActualMessage, ExerciseMessage
from g7warn.deliver.signing import TokenSigner
from g7warn.domain.marking import Realm
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from g7warn.clock import Clock
    from g7warn.deliver.channels.base import Channel
    from g7warn.deliver.message import Message
    from g7warn.settings import Settings

ACCEPTS: dict[Realm, type[ActualMessage | ExerciseMessage]] = {
    Realm.ACTUAL: ActualMessage,
    Realm.EXERCISE: ExerciseMessage,
}
"""Realm of an endpoint -> the only type of message its channel takes; the desk sends nothing."""


def open_realm_channel(
    kind: str, *, realm: Realm, settings: Settings, clock: Clock
) -> Channel[Message]:
    """Return the channel for endpoints of a kind in one realm.

    Raises:
        ConfigurationError: No such kind, wrong settings, or the realm sends nothing.
    """
    if realm not in ACCEPTS:
        message = f"nothing is sent from the realm {realm}"
        raise ConfigurationError(message, realm=realm)
    options = channel_options(settings).get(kind, {})
    return open_channel(kind, clock=clock, accepts=ACCEPTS[realm], options=options)


def channel_options(settings: Settings) -> dict[str, dict[str, object]]:
    """Return the options of each built-in kind that has any, as its options class documents."""
    email: dict[str, object] = {
        "host": settings.smtp_host,
        "port": settings.smtp_port,
        "security": settings.smtp_security,
        "user": settings.smtp_user,
        "password": settings.smtp_password or "",
        "sender": settings.mail_from or settings.sender,
    }
    return {
        "email": email,
        "file": {"folder": settings.var / "outbox"},
        "slack": {"token": settings.slack_token or "", "base_url": settings.slack_base_url},
        "webhook": {"allows_private": settings.allow_private_addresses},
    }


def open_signer(settings: Settings) -> TokenSigner:
    """Return the signer of links and heartbeats; without a secret key it signs nothing."""
    key = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return TokenSigner(key.encode())


def open_links(settings: Settings) -> LinkMaker | None:
    """Return the maker of links in messages, None without a secret key or an address of ours."""
    if not settings.base_url or settings.secret_key is None:
        return None
    return LinkMaker(base_url=settings.base_url.rstrip("/"), signer=open_signer(settings))
