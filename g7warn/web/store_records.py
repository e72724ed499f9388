"""The pages' records, kept in the store."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from g7warn.archive.facets import count_facets
from g7warn.archive.search import search
from g7warn.archive.timeline import read_timeline
from g7warn.domain.delivery import Silence
from g7warn.errors import ConfigurationError, IllegalTransition
from g7warn.pipeline.record import find_track_record
from g7warn.pipeline.status import describe_feeds
from g7warn.store import (
    alerts,
    delivered,
    desk,
    heartbeats,
    holds,
    members,
    quarantine,
    runs,
)
from g7warn.store.deliveries import read_log
from g7warn.store.outbox import OutboxQueue
from g7warn.store.prices import read_prices
from g7warn.store.quarantine import QuarantineState
from g7warn.store.vault import Vault, read_secret
from g7warn.web.records import Access, Pause

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Engine

    from g7warn.archive.query import ArchiveQuery
    from g7warn.archive.search import SearchPage
    from g7warn.domain.alert import AlertEvent
    from g7warn.domain.member import Member
    from g7warn.domain.notice import Notice, TrackRecord
    from g7warn.settings import Settings
    from g7warn.store.holds import Hold
    from g7warn.store.quarantine import QuarantinedRow
    from g7warn.store.runs import Run

PAGE_SIZE = 50

MUTE_DAYS = 30
"""Days for which a muted alert stays quiet. Judgement: the life of the link that mutes it."""

_HISTORY = 100
_REFUSED = 5000


class StoreRecords:
    """Records kept in the store.

    Args:
        engine: The store.
        settings: For the key that opens endpoints' secrets.

    Raises:
        ConfigurationError: No engine was given, or the secret key is too short.
    """

    def __init__(self, engine: Engine | None, settings: Settings) -> None:
        if engine is None:
            message = "the pages need a store: give create_app an engine"
            raise ConfigurationError(message)
        self._engine = engine
        self._vault = Vault(settings.secret_key) if settings.secret_key else None

    def find_access(self, endpoint_id: str) -> Access | None:
        """Return an endpoint with its secrets, None where there is no such or it has none."""
        for member in members.read_members(self._engine):
            for endpoint in member.endpoints:
                if endpoint.endpoint_id == endpoint_id and endpoint.secret_ref and self._vault:
                    try:
                        kept = read_secret(self._engine, endpoint.secret_ref, vault=self._vault)
                    except ConfigurationError:
                        return None
                    return Access(member=member, endpoint=endpoint, secrets=kept)
        return None

    def find_slack_member(self, channel: str) -> Member | None:
        """Return the member whose Slack endpoint has this channel, None where there is none."""
        for member in members.read_members(self._engine):
            for endpoint in member.endpoints:
                if (endpoint.channel, endpoint.address) == ("slack", channel):
                    return member
        return None

    def read_member(self, member_id: str) -> Member | None:
        """Return a member, None where there is no such."""
        known = {member.member_id: member for member in members.read_members(self._engine)}
        return known.get(member_id)

    def acknowledge(
        self, alert_id: str, member_id: str, *, at: datetime, by: str, via: str
    ) -> None:
        """Keep an acknowledgement.

        Raises:
            IllegalTransition: The member was never told of such an alert.
        """
        desk.acknowledge(self._engine, alert_id, member_id, at=at, by=by, via=via)

    def mute(self, alert_id: str, member_id: str, *, at: datetime, by: str) -> None:
        """Silence an alert for one member; muting it again adds nothing.

        Raises:
            IllegalTransition: The member was never told of such an alert.
        """
        told = {line.member_id for line in read_log(self._engine, alert_ids=[alert_id])}
        if member_id not in told:
            message = f"{member_id!r} was told of no alert {alert_id!r}: nothing to mute"
            raise IllegalTransition(message, alert=alert_id, member=member_id)
        name = hashlib.sha256(f"{member_id}\n{alert_id}\n{at.date()}".encode()).hexdigest()[:16]
        silence = Silence(
            silence_id=f"mute-{name}",
            author=by or member_id,
            reason="muted by the member",
            starts_at=at,
            ends_at=at + timedelta(days=MUTE_DAYS),
            member_id=member_id,
            alert_id=alert_id,
        )
        desk.put_silence(self._engine, silence)

    def pause(self, member_id: str, endpoint_id: str, *, at: datetime) -> Pause:
        """Pause a member's subscriptions at one endpoint, the mandatory ones excepted."""
        member = members.read_member(self._engine, member_id)
        here = [s for s in member.subscriptions if s.endpoint_id == endpoint_id]
        wishes = tuple(
            replace(s, is_paused=True) if s in here and not s.is_mandatory else s
            for s in member.subscriptions
        )
        if wishes != member.subscriptions:
            members.put_members(self._engine, [replace(member, subscriptions=wishes)], at=at)
        mandatory = sum(s.is_mandatory for s in here)
        return Pause(paused=len(here) - mandatory, mandatory=mandatory)

    def read_delivered(self, endpoint_id: str, *, limit: int) -> Sequence[tuple[Notice, str]]:
        """Return notices delivered to an endpoint, newest first, with their language."""
        return delivered.read_delivered(self._engine, endpoint_id, limit=limit)

    def read_beat(self, endpoint_id: str, *, on: date) -> datetime | None:
        """Return when an endpoint was given its heartbeat of a day, None where it was not."""
        return heartbeats.read_beat(self._engine, endpoint_id, on=on)

    def read_notice(self, identifier: str) -> Notice | None:
        """Return a notice as it went out, None where there is no such."""
        return delivered.read_notice(self._engine, identifier)

    def read_open(self, *, as_of: datetime) -> Sequence[AlertEvent]:
        """Return the events of the alerts that are open at `as_of`, oldest first."""
        return alerts.read_events(self._engine, as_of=as_of, open_only=True)

    def read_life(self, alert_id: str, *, as_of: datetime) -> Sequence[AlertEvent]:
        """Return the events of one alert, oldest first; none where there is no such."""
        try:
            return read_timeline(self._engine, alert_id, as_of=as_of)
        except ConfigurationError:
            return ()

    def search(
        self, query: ArchiveQuery, *, as_of: datetime, viewer: Member | None, cursor: str
    ) -> tuple[SearchPage, dict[str, dict[str, int]]]:
        """Return a page of the archive and its facets' counts, as far as the viewer may see.

        Raises:
            ConfigurationError: The cursor is none.
        """
        page = search(
            self._engine, query, as_of=as_of, viewer=viewer, limit=PAGE_SIZE, cursor=cursor
        )
        return page, count_facets(self._engine, query, as_of=as_of, viewer=viewer)

    def read_prices(self, series_id: str, *, as_of: datetime) -> Sequence[tuple[str, float, str]]:
        """Return period, value and unit of a series as known at `as_of`, oldest first."""
        return read_prices(self._engine, series_id, as_of=as_of)

    def find_track_record(self, event: AlertEvent, *, as_of: datetime) -> TrackRecord | None:
        """Return how earlier alerts like an event turned out, None where none has closed."""
        return find_track_record(self._engine, event, as_of=as_of)

    def read_feeds(self, *, as_of: datetime) -> Sequence[Mapping[str, Any]]:
        """Return how each feed of the catalogue stands, by name; see `describe_feeds`."""
        return describe_feeds(self._engine, as_of=as_of)

    def read_held(self, feed: str) -> Sequence[Hold]:
        """Return a feed's releases that wait for a person, newest first."""
        return holds.list_holds(self._engine, feed=feed)

    def read_refused(self, feed: str) -> Sequence[QuarantinedRow]:
        """Return a feed's rows that wait in quarantine, newest first."""
        waiting = QuarantineState.QUARANTINED
        return quarantine.list_rows(self._engine, feed=feed, state=waiting, limit=_REFUSED)

    def read_run_history(self, feed: str) -> Sequence[Run]:
        """Return a feed's runs, newest first."""
        return runs.history(self._engine, feed, limit=_HISTORY)

    def read_queue(self) -> dict[str, int]:
        """Return how many deliveries stand in each state."""
        return OutboxQueue(self._engine).report().states
