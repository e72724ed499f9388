"""Channels and links as the settings have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.deliver.channels.base import list_channel_kinds, open_channel
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


def open_channels(*, realm: Realm, settings: Settings, clock: Clock) -> dict[str, Channel[Message]]:
    """Return the channels of one realm by kind: all for which this installation has the means.

    Raises:
        ConfigurationError: Wrong settings, or the realm sends nothing.
    """
    if realm not in ACCEPTS:
        message = f"nothing is sent from the realm {realm}"
        raise ConfigurationError(message, realm=realm)
    return {
        kind: open_channel(kind, clock=clock, accepts=ACCEPTS[realm], options=options)
        for kind, options in channel_options(settings).items()
    }


def channel_options(settings: Settings) -> dict[str, dict[str, object]]:
    """Return the options of each kind for which this installation has the means.

    Channels of other packages take none; Slack needs no token of ours where every endpoint brings
    its own.
    """
    options: dict[str, dict[str, object]] = {kind: {} for kind in list_channel_kinds()}
    options["file"] = {"folder": settings.var / "notices"}
    options["slack"] = {"token": settings.slack_token or "", "base_url": settings.slack_base_url}
    options["webhook"] = {"allows_private": settings.allow_private_addresses}
    if not settings.smtp_host:
        del options["email"]
        return options
    options["email"] = {
        "host": settings.smtp_host,
        "port": settings.smtp_port,
        "security": settings.smtp_security,
        "user": settings.smtp_user,
        "password": settings.smtp_password or "",
        "sender": settings.mail_from or settings.sender,
    }
    return options


def open_signer(settings: Settings) -> TokenSigner:
    """Return the signer of links and heartbeats; without a secret key it signs nothing."""
    key = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return TokenSigner(key.encode())


def open_links(settings: Settings) -> LinkMaker | None:
    """Return the maker of links in messages, None without a secret key or an address of ours."""
    if not settings.base_url or settings.secret_key is None:
        return None
    return LinkMaker(base_url=settings.base_url.rstrip("/"), signer=open_signer(settings))
