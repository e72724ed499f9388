"""Held releases: what a person sees and decides of releases that validation would not pass."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from g7warn.pipeline.wiring import open_workspace
from g7warn.store import holds
from g7warn.store.engine import begin_writing
from g7warn.store.holds import HoldState

if TYPE_CHECKING:
    from g7warn.settings import Settings
    from g7warn.store.holds import Hold


def list_held(*, feed: str = "", settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return the releases that wait for a person, newest first."""
    with open_workspace(settings) as workspace:
        return [_describe(hold) for hold in holds.list_holds(workspace.engine, feed=feed)]


def decide_held(
    key: int, *, is_released: bool, reason: str, by: str, settings: Settings | None = None
) -> dict[str, Any]:
    """Let a held release pass or reject it for good, and return it as it was.

    A release that may pass is taken by the next ingest of its feed.

    Raises:
        ConfigurationError: No such release, or no reason or name given.
        IllegalTransition: It was decided before.
    """
    state = HoldState.RELEASED if is_released else HoldState.REJECTED
    with open_workspace(settings) as workspace, begin_writing(workspace.engine) as connection:
        hold = holds.decide(
            connection, key, state=state, reason=reason, by=by, at=workspace.clock.now()
        )
    return _describe(hold)


def _describe(hold: Hold) -> dict[str, Any]:
    return asdict(hold) | {
        "state": str(hold.state),
        "released_at": hold.released_at.isoformat(),
        "found_at": hold.found_at.isoformat(),
        "decided_at": hold.decided_at.isoformat() if hold.decided_at else None,
    }
