"""Upkeep: what is due by the clock alone: retries, reminders, deadlines, signs of life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from g7warn.pipeline.heartbeat import send_heartbeats
from g7warn.pipeline.notify import notify
from g7warn.pipeline.status import read_feed_status
from g7warn.pipeline.wiring import open_workspace
from g7warn.store.outbox import OutboxQueue

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.settings import Settings


def upkeep(*, as_of: datetime, settings: Settings | None = None) -> dict[str, Any]:
    """Send what is due, remind and escalate, give signs of life, tell how outbox and feeds stand.

    Args:
        as_of: Present instant.
        settings: In place of the environment's.

    Returns:
        The counts of `notify`, today's heartbeats sent now, the outbox's rows by state, and the
        feeds that are not fresh.
    """
    told = notify(as_of=as_of, settings=settings)
    beats = send_heartbeats(settings=settings)
    feeds = read_feed_status(as_of=as_of, settings=settings)
    with open_workspace(settings) as workspace:
        outbox = OutboxQueue(workspace.engine).report()
    return {
        **told,
        "heartbeats": beats,
        "outbox": outbox.states,
        "late_feeds": [row["feed"] for row in feeds if row["state"] in {"late", "stale"}],
    }
