"""Apprise: the long tail of services, title and plain text only. Optional: extra `apprise`."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Generic

from g7warn.deliver.channels.base import (
    ChannelOptions,
    MessageT_contra,
    Receipt,
    UnlockedEndpoint,
    read_options,
    refuse_other_world,
)
from g7warn.deliver.render_text import render_text
from g7warn.errors import ChannelRejected, ChannelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.clock import Clock


class AppriseChannel(Generic[MessageT_contra]):
    """Send through an Apprise address, which holds secrets and is given as the endpoint's secret.

    Apprise tells no reason for a failure and no identifier of a message: a failure counts as worth
    another try, and a repeat cannot be told. Addresses that reach into this machine (files,
    scripts, the local desktop) are refused.
    """

    kind = "apprise"

    _REFUSED = ("exec", "file", "dbus", "gnome", "kde", "macosx", "syslog", "windows", "glib", "qt")

    def __init__(
        self, *, options: Mapping[str, object], clock: Clock, accepts: type[MessageT_contra]
    ) -> None:
        read_options(ChannelOptions, options, kind=self.kind)
        del clock
        self.accepts = accepts

    def send(
        self, message: MessageT_contra, *, endpoint: UnlockedEndpoint, idempotency_key: str
    ) -> Receipt:
        """Send title and text to the address in the endpoint's newest secret.

        Raises:
            ChannelUnavailable: The service did not take it; Apprise does not say why.
            ChannelRejected: No address, one that Apprise does not know or that is refused, or the
                package is not installed.
        """
        refuse_other_world(message, accepts=self.accepts, kind=self.kind)
        address = endpoint.secrets[0].get_secret_value() if endpoint.secrets else ""
        service = _open_library().Apprise()
        if address.split(":")[0].lower().startswith(self._REFUSED) or not service.add(address):
            text = "the endpoint's secret is no Apprise address that may be used"
            raise ChannelRejected(text, channel=self.kind)
        is_taken = service.notify(
            title=message.content.marked_title, body=render_text(message), body_format="text"
        )
        if not is_taken:
            text = f"{address.split(':')[0]} did not take the message"
            raise ChannelUnavailable(text, channel=self.kind)
        return Receipt(reference=idempotency_key, thread=message.content.alert_id)


def _open_library() -> Any:  # noqa: ANN401 - a module of an optional package
    try:
        with warnings.catch_warnings():  # its plugins load modules that Python 3.13 drops
            warnings.simplefilter("ignore", DeprecationWarning)
            import apprise  # noqa: PLC0415 - optional, and it takes half a second

            apprise.Apprise().add("json://localhost")
    except ImportError as error:
        text = "channel 'apprise' needs its package: pip install 'g7warn[apprise]'"
        raise ChannelRejected(text, channel="apprise") from error
    return apprise
