"""Notify: from alert events to notices in readers' hands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pydantic import SecretStr

from g7warn.deliver.channels.base import open_channel
from g7warn.deliver.message import ActualMessage, ExerciseMessage
from g7warn.deliver.outbox import Carriers, Worker
from g7warn.pipeline.desk import StoreDesk
from g7warn.pipeline.dispatch import Office, dispatch
from g7warn.pipeline.members import enter_secretariat
from g7warn.pipeline.wiring import open_workspace
from g7warn.store.outbox import OutboxQueue
from g7warn.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from g7warn.pipeline.wiring import Workspace
    from g7warn.settings import Settings

REPLAY_AFTER = timedelta(days=10)
"""An `as_of` that lies further back is a replay: its notices are tests by type and reach no actual
endpoint. Judgement: longer than a weekend's outage, far shorter than a monthly cycle."""


def notify(*, as_of: datetime, settings: Settings | None = None) -> dict[str, Any]:
    """Decide who is told what, queue it, and send what is due.

    Args:
        as_of: Events of later instants are not told. Where it lies in the past, everything told
            is marked Test and goes to exercise endpoints alone.
        settings: In place of the environment's.

    Returns:
        Counts: alerts, queued, digests, withheld, delivered, postponed, buried.

    Raises:
        StoreUnavailable: The database does not answer; what was not sent stays queued.
    """
    with open_workspace(settings) as workspace:
        enter_secretariat(workspace.engine, at=workspace.clock.now())
        is_replay = workspace.clock.now() - as_of > REPLAY_AFTER
        office = Office(
            sender=workspace.settings.sender,
            is_simulated=workspace.settings.simulated,
            is_replay=is_replay,
        )
        queued = dispatch(workspace.engine, office=office, as_of=as_of)
        return {**queued, **open_worker(workspace).drain()}


def watch(*, is_stopped: Callable[[], bool], settings: Settings | None = None) -> dict[str, int]:
    """Send what is due until `is_stopped`; several may run beside each other."""
    with open_workspace(settings) as workspace:
        return open_worker(workspace).watch(is_stopped=is_stopped)


def open_worker(workspace: Workspace) -> Worker:
    """Return a worker for the outbox with every channel that this installation can open."""
    key = workspace.settings.secret_key
    desk = StoreDesk(workspace.engine, clock=workspace.clock, vault=Vault(key) if key else None)
    options = channel_options(workspace.settings)
    return Worker(
        OutboxQueue(workspace.engine),
        Carriers(
            actual={
                kind: open_channel(
                    kind, clock=workspace.clock, accepts=ActualMessage, options=given
                )
                for kind, given in options.items()
            },
            exercise={
                kind: open_channel(
                    kind, clock=workspace.clock, accepts=ExerciseMessage, options=given
                )
                for kind, given in options.items()
            },
        ),
        desk=desk,
        clock=workspace.clock,
        owner=f"worker-{uuid4().hex[:8]}",
    )


def channel_options(settings: Settings) -> Mapping[str, Mapping[str, object]]:
    """Return what the installation decides about each channel it has the means for."""
    options: dict[str, dict[str, object]] = {
        "console": {},
        "file": {"folder": settings.var / "notices"},
        "webhook": {"allows_private": settings.allow_private_addresses},
    }
    if settings.slack_token is not None:
        options["slack"] = {"token": settings.slack_token, "base_url": settings.slack_base_url}
    if settings.smtp_host:
        options["email"] = {
            "host": settings.smtp_host,
            "port": settings.smtp_port,
            "security": settings.smtp_security,
            "user": settings.smtp_user,
            "password": settings.smtp_password or SecretStr(""),
            "sender": settings.sender,
        }
    return options
