"""Drop: whether files wait in the watched folder that were never tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from g7warn.errors import SourceRejected, SourceUnavailable
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.requests import fetch_request, plan_requests
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import runs

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.settings import Settings


@dataclass(slots=True, kw_only=True)
class DropWatch:
    """Looks for new files of one feed, and reads each file once.

    Attributes:
        feed: Name in the catalogue.
        settings: In place of the environment's.
    """

    feed: str
    settings: Settings | None = None
    _tried: set[tuple[str, datetime]] = field(default_factory=set)

    def look(self) -> list[str]:
        """Return the addresses of complete files whose bytes the feed never tried, oldest first.

        A file that was refused counts as tried: it is taken again once it is replaced.

        Raises:
            ConfigurationError: No such feed, or a setting is wrong.
            StoreUnavailable: The database does not answer.
        """
        waiting = []
        with open_workspace(self.settings) as workspace:
            transport = workspace.open_transport()
            now = workspace.clock.now()
            for request in plan_requests(get_dataset(self.feed), transport, until=now):
                if (request.address, request.as_of) in self._tried:
                    continue
                try:
                    payload = fetch_request(transport, request)
                except (SourceUnavailable, SourceRejected):
                    continue  # it changed just now, or ingest will say what is wrong with it
                if runs.has_run(workspace.engine, payload.sha256, self.feed):
                    self._tried.add((request.address, request.as_of))
                else:
                    waiting.append(request.address)
        return waiting
