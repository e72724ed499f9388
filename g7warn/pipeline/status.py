"""Status: what each feed delivered last, what was refused, and whether it is late."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from g7warn.domain.freshness import judge_freshness
from g7warn.feeds.catalog import get_dataset, load_catalog
from g7warn.pipeline.wiring import open_workspace
from g7warn.store import holds, runs
from g7warn.store.vintages import list_vintages

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.feeds.catalog import Dataset
    from g7warn.settings import Settings
    from g7warn.store.runs import Run


def read_feed_status(*, as_of: datetime, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return one row a feed of the catalogue, by name; see `describe_feeds`.

    Args:
        as_of: Ages are counted to this instant.
        settings: In place of the environment's.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    with open_workspace(settings) as workspace:
        return describe_feeds(workspace.engine, as_of=as_of)


def describe_feeds(engine: Engine, *, as_of: datetime) -> list[dict[str, Any]]:
    """Return one row a feed of the catalogue, by name.

    Each row holds feed, state against the publication calendar, last_period, age_days, accepted
    and quarantined rows over all releases, the releases that wait for a person, when the next one
    is expected, when the last payload came and when one last changed anything, the label of what
    is derived from it, and the last run with its state and message.
    """
    latest, totals = runs.latest(engine), runs.totals(engine)
    newest, changes = runs.last_periods(engine), runs.last_changes(engine)
    held = Counter(hold.feed for hold in holds.list_holds(engine))
    return [
        _describe(
            dataset,
            latest.get(feed),
            last_period=newest.get(feed, ""),
            as_of=as_of,
            sums=totals.get(feed, {"accepted": 0, "quarantined": 0}) | {"held": held[feed]},
            changed_at=changes.get(feed),
        )
        for feed, dataset in sorted(load_catalog().items())
    ]


def _describe(
    dataset: Dataset,
    run: Run | None,
    *,
    last_period: str,
    as_of: datetime,
    sums: dict[str, int],
    changed_at: datetime | None,
) -> dict[str, Any]:
    fresh = judge_freshness(dataset, last_period=last_period, as_of=as_of)
    return {
        "feed": dataset.feed,
        "publisher": dataset.publisher,
        "tlp": dataset.tlp.label,
        **sums,
        "last_period": fresh.last_period,
        "age_days": fresh.age_days,
        "state": fresh.state.value,
        "expected_at": _format(fresh.expected_at),
        "last_payload_at": _format(run.fetched_at if run else None),
        "last_change_at": _format(changed_at),
        "last_run": _format(run.ran_at if run else None),
        "last_run_state": run.state.value if run else None,
        "message": run.error if run else "",
    }


def _format(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def read_feed_diffs(feed: str, *, settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return what each release of a feed changed, in the order of their release.

    Raises:
        ConfigurationError: No such feed.
    """
    get_dataset(feed)
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
