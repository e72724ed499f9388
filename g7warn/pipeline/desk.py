"""The desk of the outbox's worker: finds readers in the store, and writes their messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING

from g7warn.deliver.channels.base import UnlockedEndpoint
from g7warn.deliver.compose import compose_digest, compose_message
from g7warn.errors import ConfigurationError
from g7warn.store.alerts import read_events
from g7warn.store.members import read_members
from g7warn.store.prices import read_prices
from g7warn.store.vault import read_secret

if TYPE_CHECKING:
    from pydantic import SecretStr
    from sqlalchemy import Engine

    from g7warn.clock import Clock
    from g7warn.deliver.links import LinkMaker
    from g7warn.deliver.message import Chart, LinkKind, Message
    from g7warn.domain.delivery import Parcel
    from g7warn.domain.member import Endpoint, Member
    from g7warn.domain.notice import Notice
    from g7warn.pipeline.charts import ChartDrawer
    from g7warn.store.vault import Vault

PICTURED = frozenset({"slack", "email"})
"""Channels whose messages carry a chart."""

FRESH_FOR = timedelta(seconds=10)
"""How long members are kept in memory: a change reaches a running worker after that."""


class StoreDesk:
    """Whom a parcel is for, by the store.

    Args:
        engine: The store.
        clock: Tells the present.
        vault: Opens endpoints' secrets; None where the installation has no key.
        links: Makes the links in messages; None for messages without.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Clock,
        vault: Vault | None = None,
        links: LinkMaker | None = None,
    ) -> None:
        self._engine, self._clock, self._vault, self._links = engine, clock, vault, links
        self._members: dict[str, Member] = {}
        self._read_at: datetime | None = None
        self._lock = Lock()
        self._drawer: ChartDrawer | None = None

    def find(self, parcel: Parcel) -> tuple[Member, Endpoint, UnlockedEndpoint]:
        """Return the member, its endpoint, and the endpoint with its secrets.

        Raises:
            ConfigurationError: The member or the endpoint is no more, or a secret cannot be read.
        """
        member, endpoint = self._look_up(parcel)
        unlocked = unlock_endpoint(self._engine, endpoint, vault=self._vault)
        return member, endpoint, unlocked

    def write(self, parcel: Parcel) -> Message:
        """Return the message in the reader's language."""
        if parcel.is_digest:
            return compose_digest(
                parcel.notices,
                language=parcel.language,
                sent_at=parcel.created_at,
                identifier=f"digest-{parcel.delivery_id}",
                urls=self._make_digest_links(parcel),
            )
        (notice,) = parcel.notices
        return compose_message(
            notice,
            language=parcel.language,
            urls=self._make_links(parcel, notice),
            chart=self._draw(parcel, notice),
            thread=parcel.thread,
        )

    def _draw(self, parcel: Parcel, notice: Notice) -> Chart | None:
        if parcel.channel not in PICTURED:
            return None
        from g7warn.pipeline.charts import ChartDrawer  # noqa: PLC0415 - loads matplotlib

        with self._lock:
            if self._drawer is None:
                self._drawer = ChartDrawer(
                    lambda name, as_of: read_prices(self._engine, name, as_of=as_of)
                )
        events = read_events(self._engine, as_of=notice.sent, fingerprint=notice.fingerprint)
        life = [event for event in events if event.alert_id == notice.alert_id]
        told = [event for event in life if event.sequence <= notice.sequence]
        return self._drawer.draw(told, language=parcel.language) if told else None

    def _make_digest_links(self, parcel: Parcel) -> dict[LinkKind, str]:
        if self._links is None:
            return {}
        return self._links.make_unsubscribe(
            member_id=parcel.member_id, endpoint_id=parcel.endpoint_id, as_of=self._clock.now()
        )

    def _make_links(self, parcel: Parcel, notice: Notice) -> dict[LinkKind, str]:
        if self._links is None:
            return {}
        _, endpoint = self._look_up(parcel)
        return self._links.make(
            notice,
            member_id=parcel.member_id,
            endpoint_id=parcel.endpoint_id,
            contact_id=endpoint.contact_id,
            as_of=self._clock.now(),
        )

    def _look_up(self, parcel: Parcel) -> tuple[Member, Endpoint]:
        now = self._clock.now()
        with self._lock:
            if self._read_at is None or not timedelta() <= now - self._read_at < FRESH_FOR:
                self._members = {m.member_id: m for m in read_members(self._engine)}
                self._read_at = now
            member = self._members.get(parcel.member_id)
        if member is None:
            message = f"member {parcel.member_id!r} of a queued notice is no more"
            raise ConfigurationError(message, member=parcel.member_id)
        return member, member.endpoint(parcel.endpoint_id)


def unlock_endpoint(engine: Engine, endpoint: Endpoint, *, vault: Vault | None) -> UnlockedEndpoint:
    """Return an endpoint with its secrets at hand.

    Raises:
        ConfigurationError: It has a secret and there is no vault, or the secret cannot be read.
    """
    secrets: tuple[SecretStr, ...] = ()
    if endpoint.secret_ref:
        if vault is None:
            message = (
                f"endpoint {endpoint.endpoint_id!r} has a secret and the installation no key: "
                "set G7WARN_SECRET_KEY"
            )
            raise ConfigurationError(message, endpoint=endpoint.endpoint_id)
        secrets = read_secret(engine, endpoint.secret_ref, vault=vault)
    return UnlockedEndpoint(
        address=endpoint.address, secrets=secrets, options=dict(endpoint.options)
    )
