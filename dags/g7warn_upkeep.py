"""Every quarter of an hour: retry the outbox, remind, ask how fresh the feeds are."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, ExceptionRetryPolicy, Param, task

from g7warn.pipeline import plan

DOC = """
Retries the deliveries that are due, sends the notices whose approval has passed its deadline,
reminds those who have not acknowledged, and judges how fresh each feed is. Data that are late show
up as Blind in the next assessment.

Red here means that members may not get their notices: see the task's log, then `g7warn doctor`.
"""

retries = ExceptionRetryPolicy.deserialize(plan.RETRY_POLICY)

with DAG(
    dag_id="g7warn_upkeep",
    dag_display_name="Upkeep: retries and reminders",
    description="Retries, reminders, freshness",
    doc_md=DOC,
    schedule=CronTriggerTimetable("*/15 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={**plan.TASK_DEFAULTS, "retry_policy": retries},
    params={"as_of": Param(None, **plan.AS_OF_FIELD)},
    tags={plan.TAG, "upkeep"},
):

    @task
    def upkeep(**context: Any) -> dict[str, object]:
        """Do what is due."""
        from g7warn.pipeline.upkeep import upkeep as do_upkeep

        return do_upkeep(as_of=plan.as_of(context))

    upkeep()
