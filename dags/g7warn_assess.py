"""Indicators, grades and alert events, when any feed delivered or daily; emits g7warn://alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import (
    DAG,
    Asset,
    AssetAny,
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    Metadata,
    Param,
    task,
)

from g7warn.pipeline import plan

if TYPE_CHECKING:
    from collections.abc import Iterator

DOC = """
Reads what was known at `as_of`, computes every indicator, combines the signals into grades and
appends what changed to the life of each alert. Run again for the same `as_of`, it adds nothing.

* A panel of many series is assessed in parts, side by side: the result is that of one piece.
* Runs when a feed has delivered, and daily at 06:40 UTC so that silence of a feed is noticed too.
* What it found: `g7warn alerts list`; why: `g7warn alerts show ALERT`.
* A replay: Trigger with an `as_of`; it sees nothing that was published later.
"""

retries = ExceptionRetryPolicy.deserialize(plan.RETRY_POLICY)
alerts = Asset(plan.ALERTS_URI)
observations = [Asset(feed.asset_uri) for feed in plan.list_feeds()]
daily = CronTriggerTimetable("40 6 * * *", timezone="UTC")

with DAG(
    dag_id="g7warn_assess",
    dag_display_name="Assess: grades and alerts",
    description="From observations to graded alerts",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(timetable=daily, assets=AssetAny(*observations)),
    catchup=False,
    max_active_runs=1,
    default_args={**plan.TASK_DEFAULTS, "retry_policy": retries},
    params={"as_of": Param(None, **plan.AS_OF_FIELD)},
    tags={plan.TAG, "assess"},
):

    @task
    def list_shards(**context: Any) -> list[dict[str, Any]]:
        """Cut a large panel into parts; most are one."""
        from g7warn.pipeline.shards import list_shards as cut

        return cut(as_of=plan.as_of(context))

    @task
    def assess(shard: dict[str, Any], **context: Any) -> dict[str, Any]:
        """Grade the minerals of one part with what was known at `as_of`."""
        from g7warn.pipeline.assess import assess as assess_minerals

        return assess_minerals(as_of=plan.as_of(context), shard=shard)

    @task(outlets=[alerts])
    def announce(counts: list[dict[str, Any]], **context: Any) -> Iterator[Metadata]:
        """Tell the DAG that notifies, once every part is assessed."""
        yield Metadata(alerts, plan.event_extra(context))
        return list(counts)

    announce(assess.expand(shard=list_shards()))
