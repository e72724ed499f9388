"""Heartbeat: a signed sign of life a day to every endpoint, and the receiver's check of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from g7warn.deliver.heartbeat import check_heartbeat, heartbeat_key, make_heartbeat
from g7warn.domain.delivery import Outcome
from g7warn.domain.marking import Realm
from g7warn.errors import G7WarnError, TransientError
from g7warn.pipeline.channels import open_channels, open_signer
from g7warn.pipeline.desk import unlock_endpoint
from g7warn.pipeline.wiring import open_workspace
from g7warn.settings import read_settings
from g7warn.store.heartbeats import name_beat, note_beat, read_beat
from g7warn.store.members import read_members
from g7warn.store.vault import Vault

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.deliver.channels.base import Channel
    from g7warn.deliver.message import ActualMessage
    from g7warn.domain.member import Endpoint, Member
    from g7warn.pipeline.wiring import Workspace
    from g7warn.settings import Settings


def send_heartbeats(*, settings: Settings | None = None) -> dict[str, int]:
    """Send today's heartbeat to every enabled endpoint that has not had it yet.

    One endpoint's trouble stops no other: it is noted, and tried again at the next call. Without a
    secret key nothing can be signed and nothing is sent.

    Args:
        settings: In place of the environment's.

    Returns:
        Counts of delivered, postponed and rejected; empty where there was nothing to do.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    counts: Counter[str] = Counter()
    with open_workspace(settings) as workspace:
        if workspace.settings.secret_key is None:
            return {}
        now = workspace.clock.now()
        channels = open_channels(
            realm=Realm.ACTUAL, settings=workspace.settings, clock=workspace.clock
        )
        for member, endpoint in _list_endpoints(workspace):
            if read_beat(workspace.engine, endpoint.endpoint_id, on=now.date()) is None:
                channel = channels.get(endpoint.channel)
                counts[_beat(workspace, member, endpoint, channel)] += 1
    return dict(counts)


def describe_key(settings: Settings | None = None) -> str:
    """Return the key that receivers keep to check heartbeats.

    Raises:
        ConfigurationError: The installation has no secret key.
    """
    return heartbeat_key(open_signer(settings or read_settings()))


def check_received(text: str, *, public_key: str, as_of: datetime) -> dict[str, Any]:
    """Return what a receiver learns from the heartbeats in a text, JSON-safe.

    Args:
        text: Anything received.
        public_key: What `describe_key` gave at the sender.
        as_of: Present instant, aware.

    Raises:
        ConfigurationError: The public key is malformed.
    """
    found = check_heartbeat(text, public_key=public_key, as_of=as_of)
    return {
        "pulse": str(found.pulse),
        "sender": found.sender,
        "sent_at": found.sent_at.isoformat() if found.sent_at else None,
        "next_at": found.next_at.isoformat() if found.next_at else None,
    }


def _list_endpoints(workspace: Workspace) -> list[tuple[Member, Endpoint]]:
    return [
        (member, endpoint)
        for member in read_members(workspace.engine)
        if member.is_active
        for endpoint in member.endpoints
        if endpoint.is_enabled and endpoint.realm == Realm.ACTUAL
    ]


def _beat(
    workspace: Workspace,
    member: Member,
    endpoint: Endpoint,
    channel: Channel[ActualMessage] | None,
) -> Outcome:
    settings, now = workspace.settings, workspace.clock.now()
    languages = [s.language for s in member.subscriptions if s.endpoint_id == endpoint.endpoint_id]
    outcome, detail = Outcome.DELIVERED, ""
    try:
        if channel is None:
            return Outcome.POSTPONED
        message = make_heartbeat(
            open_signer(settings),
            sender=settings.sender,
            sent_at=now,
            language=languages[0] if languages else "en",
        )
        unlocked = unlock_endpoint(workspace.engine, endpoint, vault=Vault(settings.secret_key))
        key = name_beat(endpoint.endpoint_id, on=now.date())
        channel.send(message, endpoint=unlocked, idempotency_key=key)
    except TransientError as error:
        outcome, detail = Outcome.POSTPONED, error.message
    except G7WarnError as error:
        outcome, detail = Outcome.REJECTED, error.message
    note_beat(workspace.engine, endpoint.endpoint_id, at=now, outcome=outcome, detail=detail)
    return outcome
