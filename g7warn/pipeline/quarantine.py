"""Quarantine: what a person sees and decides of the rows that validation refused."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from g7warn.feeds.catalog import get_dataset
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import quarantine
from g7warn.store.engine import begin_writing
from g7warn.store.quarantine import QuarantineState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.settings import Settings
    from g7warn.store.quarantine import QuarantinedRow


def list_refused(*, feed: str = "", settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return the rows that wait for a decision, newest first.

    Args:
        feed: Of this feed alone; empty: of all.
        settings: In place of the environment's.

    Raises:
        ConfigurationError: No such feed.
    """
    if feed:
        get_dataset(feed)
    with open_workspace(settings) as workspace:
        rows = quarantine.list_rows(workspace.engine, feed=feed, state=QuarantineState.QUARANTINED)
    return [_describe(row) for row in rows]


def show_refused(key: int, *, settings: Settings | None = None) -> dict[str, Any]:
    """Return one row.

    Raises:
        ConfigurationError: There is no such row.
    """
    with open_workspace(settings) as workspace:
        return _describe(quarantine.show(workspace.engine, key))


def decide_refused(
    keys: Sequence[int],
    *,
    is_released: bool,
    reason: str,
    by: str,
    settings: Settings | None = None,
) -> int:
    """Release rows into the observations or reject them for good; return how many.

    Raises:
        ConfigurationError: No such row, or no reason or name given.
        IllegalTransition: A row was decided before, or holds no number to release.
    """
    with open_workspace(settings) as workspace, begin_writing(workspace.engine) as connection:
        return quarantine.decide(
            connection,
            keys,
            state=QuarantineState.RELEASED if is_released else QuarantineState.REJECTED,
            reason=reason,
            by=by,
            at=workspace.clock.now(),
        )


def _describe(row: QuarantinedRow) -> dict[str, Any]:
    plain = asdict(row)
    return plain | {
        "state": str(row.state),
        "found_at": row.found_at.isoformat(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }
