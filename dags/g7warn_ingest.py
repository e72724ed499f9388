"""One DAG a feed of the catalogue: fetch, validate, store; emits g7warn://observations/<feed>.

A feed whose files an operator drops into the watched folder always has one run that waits for the
next file: its first task is deferred to the triggerer and takes no worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import (
    DAG,
    Asset,
    BaseOperator,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    Metadata,
    Param,
    task,
)

from g7warn.pipeline import plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from g7warn.pipeline.plan import FeedPlan

retries = ExceptionRetryPolicy.deserialize(plan.RETRY_POLICY)


class AwaitFile(BaseOperator):
    """Waits until a complete file of a feed lies in the drop folder that was never tried."""

    def __init__(self, *, feed: str, **given: Any) -> None:
        super().__init__(**given)
        self.feed = feed

    def execute(self, context: Any) -> None:  # noqa: ARG002 - Airflow's signature
        """Hand the waiting over to the triggerer."""
        from g7warn.web.airflow_plugin import DropTrigger

        self.defer(trigger=DropTrigger(self.feed), method_name="resume")

    def resume(self, context: Any, event: list[str]) -> list[str]:  # noqa: ARG002 - likewise
        """Return the addresses of the files that wait."""
        return event


def build_dag(feed: FeedPlan) -> DAG:
    """Return the DAG that ingests one feed."""
    observations = Asset(feed.asset_uri)

    @task
    def ingest(**context: Any) -> dict[str, object]:
        from g7warn.pipeline.ingest import ingest as ingest_feed

        return ingest_feed(feed.feed, as_of=plan.as_of(context))

    @task.short_circuit
    def has_news(counts: dict[str, object], **context: Any) -> bool:
        return plan.has_news(counts, context)

    @task(outlets=[observations])
    def announce(**context: Any) -> Iterator[Metadata]:
        yield Metadata(observations, plan.event_extra(context))

    with DAG(
        dag_id=feed.dag_id,
        dag_display_name=f"Ingest: {feed.title}",
        description=f"{feed.publisher}: {feed.title}",
        doc_md=feed.doc,
        schedule=(
            feed.schedule
            if feed.is_dropped
            else CronTriggerTimetable(feed.schedule, timezone="UTC")
        ),
        start_date=plan.BEGINNING if feed.is_dropped else None,
        catchup=False,
        max_active_runs=1,
        default_args={**plan.TASK_DEFAULTS, "retry_policy": retries},
        params={"as_of": Param(None, **plan.AS_OF_FIELD)},
        tags={plan.TAG, "ingest", feed.frequency},
    ) as dag:
        ingested = ingest()
        has_news(ingested) >> announce()
        if feed.is_dropped:
            AwaitFile(task_id="await_file", feed=feed.feed) >> ingested
    return dag


for _feed in plan.list_feeds():
    globals()[_feed.dag_id] = build_dag(_feed)
