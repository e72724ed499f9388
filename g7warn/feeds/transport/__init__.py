"""Where payloads come from: the network, recorded files, a watched folder.

Promise: a payload is complete or there is a typed error; nothing larger than the limit is read.
May import: `feeds.base`, `errors`, `clock`, httpx.
To add a transport, add a file with a class that keeps the promise of `base.Transport`, and let
`open_transport` choose it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from g7warn.feeds.transport.drop import DropTransport
from g7warn.feeds.transport.http import HttpTransport
from g7warn.feeds.transport.mirror import MirrorTransport
from g7warn.feeds.transport.routing import RoutingTransport

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.clock import Clock
    from g7warn.feeds.base import Transport

__all__ = [
    "DropTransport",
    "HttpTransport",
    "MirrorTransport",
    "RoutingTransport",
    "open_transport",
]


class TransportSettings(Protocol):
    """The settings a transport is chosen by; `g7warn.settings.Settings` has them."""

    @property
    def var(self) -> Path:
        """Folder for everything the product writes."""
        ...

    @property
    def mirror(self) -> Path | None:
        """Manifest of recorded payloads served in place of the network."""
        ...

    @property
    def drop(self) -> Path | None:
        """Watched folder."""
        ...


def open_transport(settings: TransportSettings, clock: Clock) -> Transport:
    """Return the transport that the settings ask for.

    A mirror answers for everything; without one, `drop://` addresses are read from the watched
    folder (`var/drop` by default) and all others from the network.
    """
    if settings.mirror is not None:
        return MirrorTransport(settings.mirror)
    drop = DropTransport(settings.drop or settings.var / "drop", clock=clock)
    return RoutingTransport(
        {
            "drop": drop,
            "http": (http := HttpTransport(clock, cache=settings.var / "http-cache")),
            "https": http,
        }
    )
