"""What the pages need from the store, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from pydantic import SecretStr

    from g7warn.archive.query import ArchiveQuery
    from g7warn.archive.search import SearchPage
    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.member import Endpoint, Member
    from g7warn.domain.notice import Notice, TrackRecord
    from g7warn.store.holds import Hold
    from g7warn.store.quarantine import QuarantinedRow
    from g7warn.store.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """An endpoint whose secrets open the pages and the feed to its member.

    Attributes:
        member: Whose.
        endpoint: Which.
        secrets: Newest first; any of them opens.
    """

    member: Member
    endpoint: Endpoint
    secrets: tuple[SecretStr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """What an unsubscription has done.

    Attributes:
        paused: Subscriptions that are paused now.
        mandatory: Subscriptions that stay on because they are mandatory.
    """

    paused: int
    mandatory: int


class Records(Protocol):
    """The store as the pages see it."""

    def find_access(self, endpoint_id: str) -> Access | None:
        """Return an endpoint with its secrets, None where there is no such or it has none."""
        ...

    def find_slack_member(self, channel: str) -> Member | None:
        """Return the member whose Slack endpoint has this channel, None where there is none."""
        ...

    def read_member(self, member_id: str) -> Member | None:
        """Return a member, None where there is no such."""
        ...

    def acknowledge(
        self, alert_id: str, member_id: str, *, at: datetime, by: str, via: str
    ) -> None:
        """Keep an acknowledgement.

        Raises:
            IllegalTransition: The member was never told of such an alert.
        """
        ...

    def mute(self, alert_id: str, member_id: str, *, at: datetime, by: str) -> None:
        """Silence an alert for one member.

        Raises:
            IllegalTransition: The member was never told of such an alert.
        """
        ...

    def pause(self, member_id: str, endpoint_id: str, *, at: datetime) -> Pause:
        """Pause a member's subscriptions at one endpoint, the mandatory ones excepted."""
        ...

    def read_delivered(self, endpoint_id: str, *, limit: int) -> Sequence[tuple[Notice, str]]:
        """Return notices delivered to an endpoint, newest first, with their language."""
        ...

    def read_beat(self, endpoint_id: str, *, on: date) -> datetime | None:
        """Return when an endpoint was given its heartbeat of a day, None where it was not."""
        ...

    def read_notice(self, identifier: str) -> Notice | None:
        """Return a notice as it went out, None where there is no such."""
        ...

    def read_open(self, *, as_of: datetime) -> Sequence[AlertEvent]:
        """Return the events of the alerts that are open at `as_of`, oldest first."""
        ...

    def read_life(self, alert_id: str, *, as_of: datetime) -> Sequence[AlertEvent]:
        """Return the events of one alert, oldest first; none where there is no such."""
        ...

    def search(
        self, query: ArchiveQuery, *, as_of: datetime, viewer: Member | None, cursor: str
    ) -> tuple[SearchPage, dict[str, dict[str, int]]]:
        """Return a page of the archive and its facets' counts, as far as the viewer may see.

        Raises:
            ConfigurationError: The cursor is none.
        """
        ...

    def read_prices(self, series_id: str, *, as_of: datetime) -> Sequence[tuple[str, float, str]]:
        """Return period, value and unit of a series as known at `as_of`, oldest first."""
        ...

    def find_track_record(self, event: AlertEvent, *, as_of: datetime) -> TrackRecord | None:
        """Return how earlier alerts like an event turned out, None where none has closed."""
        ...

    def read_feeds(self, *, as_of: datetime) -> Sequence[Mapping[str, Any]]:
        """Return how each feed of the catalogue stands, by name; see `describe_feeds`."""
        ...

    def read_held(self, feed: str) -> Sequence[Hold]:
        """Return a feed's releases that wait for a person, newest first."""
        ...

    def read_refused(self, feed: str) -> Sequence[QuarantinedRow]:
        """Return a feed's rows that wait in quarantine, newest first."""
        ...

    def read_run_history(self, feed: str) -> Sequence[Run]:
        """Return a feed's runs, newest first."""
        ...

    def read_queue(self) -> dict[str, int]:
        """Return how many deliveries stand in each state."""
        ...
