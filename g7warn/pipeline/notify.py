"""Notify: from alert events to notices in readers' hands."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from g7warn.deliver.outbox import Carriers, Worker
from g7warn.domain.marking import Realm
from g7warn.pipeline.channels import open_channels, open_links
from g7warn.pipeline.desk import StoreDesk
from g7warn.pipeline.dispatch import Office, dispatch
from g7warn.pipeline.members import enter_secretariat
from g7warn.pipeline.record import find_track_record
from g7warn.pipeline.wiring import open_workspace
from g7warn.store.outbox import OutboxQueue
from g7warn.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from g7warn.pipeline.wiring import Workspace
    from g7warn.settings import Settings

PATIENCE = timedelta(seconds=60)
"""How long a run waits for what is due soon: a Slack channel takes one message a second, so that a
run without patience would tell it of one alert alone. Judgement: sixty alerts a run."""

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
            find_track_record=partial(find_track_record, workspace.engine, as_of=as_of),
        )
        queued = dispatch(workspace.engine, office=office, as_of=as_of)
        return {**queued, **open_worker(workspace).drain(patience=PATIENCE)}


def watch(*, is_stopped: Callable[[], bool], settings: Settings | None = None) -> dict[str, int]:
    """Send what is due until `is_stopped`; several may run beside each other."""
    with open_workspace(settings) as workspace:
        return open_worker(workspace).watch(is_stopped=is_stopped)


def open_worker(workspace: Workspace) -> Worker:
    """Return a worker for the outbox with every channel that this installation can open."""
    settings, clock = workspace.settings, workspace.clock
    key = settings.secret_key
    desk = StoreDesk(
        workspace.engine,
        clock=clock,
        vault=Vault(key) if key else None,
        links=open_links(settings),
    )
    return Worker(
        OutboxQueue(workspace.engine),
        Carriers(
            actual=open_channels(realm=Realm.ACTUAL, settings=settings, clock=clock),
            exercise=open_channels(realm=Realm.EXERCISE, settings=settings, clock=clock),
        ),
        desk=desk,
        clock=clock,
        owner=f"worker-{uuid4().hex[:8]}",
    )
