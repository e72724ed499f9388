"""Wiring: what a use case needs from the outside world, built from the settings in one place."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from g7warn.clock import Clock, SystemClock
from g7warn.feeds.transport import open_transport
from g7warn.settings import Settings, read_settings
from g7warn.store.engine import open_store, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from g7warn.feeds.base import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """What a use case works with.

    Attributes:
        settings: What the installation decides.
        clock: The only source of the present instant.
        engine: The store, at the newest schema.
    """

    settings: Settings
    clock: Clock
    engine: Engine

    def open_transport(self) -> Transport:
        """Return the way payloads come in: a mirror, or the network and the drop folder."""
        return open_transport(self.settings, self.clock)


@contextmanager
def open_workspace(
    settings: Settings | None = None, *, clock: Clock | None = None
) -> Iterator[Workspace]:
    """Give a workspace with the store brought to the newest schema, and close it afterwards.

    Raises:
        ConfigurationError: A setting is wrong.
        StoreUnavailable: The database does not answer.
    """
    settings = settings or read_settings()
    engine = open_store(settings.store_url)
    try:
        upgrade(engine)
        yield Workspace(settings=settings, clock=clock or SystemClock(), engine=engine)
    finally:
        engine.dispose()
