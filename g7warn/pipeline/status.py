"""Status: what each feed delivered last, what was refused, and whether it is late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from g7warn.domain.freshness import judge_freshness
from g7warn.feeds.catalog import load_catalog
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import holds, runs
from g7warn.store.vintages import list_vintages

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.feeds.catalog import Dataset
    from g7warn.settings import Settings
    from g7warn.store.runs import Run


def read_feed_status(*, as_of: datetime, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return one row a feed of the catalogue, by name.

    Each row holds feed, state against the publication calendar, last_period, age_days, accepted
    and quarantined rows over all releases, the releases that wait for a person, when the next one
    is expected, and the last run with its state and message.

    Args:
        as_of: Ages are counted to this instant.
        settings: In place of the environment's.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    with open_workspace(settings) as workspace:
        engine = workspace.engine
        latest, totals = runs.latest(engine), runs.totals(engine)
        newest = runs.last_periods(engine)
        held: dict[str, int] = {}
        for hold in holds.list_holds(engine):
            held[hold.feed] = held.get(hold.feed, 0) + 1
    return [
        _describe(
            dataset,
            latest.get(feed),
            last_period=newest.get(feed, ""),
            as_of=as_of,
            sums=totals.get(feed, {"accepted": 0, "quarantined": 0}) | {"held": held.get(feed, 0)},
        )
        for feed, dataset in sorted(load_catalog().items())
    ]


def _describe(
    dataset: Dataset, run: Run | None, *, last_period: str, as_of: datetime, sums: dict[str, int]
) -> dict[str, Any]:
    fresh = judge_freshness(dataset, last_period=last_period, as_of=as_of)
    return {
        "feed": dataset.feed,
        "publisher": dataset.publisher,
        **sums,
        "last_period": fresh.last_period,
        "age_days": fresh.age_days,
        "state": fresh.state.value,
        "expected_at": fresh.expected_at.isoformat() if fresh.expected_at else None,
        "last_run": run.ran_at.isoformat() if run else None,
        "last_run_state": run.state.value if run else None,
        "message": run.error if run else "",
    }


def read_feed_diffs(feed: str, *, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return what each release of a feed changed, in the order of their release."""
    with open_workspace(settings) as workspace:
        found = list_vintages(workspace.engine, feed)
    return [
        {
            "released_at": one.released_at.isoformat(),
            "payload": one.payload,
            "new": one.diff.new,
            "revised": one.diff.revised,
            "withdrawn": one.diff.withdrawn,
            "unchanged": one.diff.unchanged,
            "previous_last_period": one.diff.previous_last_period,
            "last_period": one.diff.last_period,
            "shortened": list(one.diff.shortened),
            "changes": [
                {
                    "series_id": change.series_id,
                    "period": change.period,
                    "before": change.before,
                    "after": change.after if change.after == change.after else None,
                }
                for change in one.diff.changes
            ],
        }
        for one in found
    ]
