"""Once a month: refit the model of price signals on the prices known by then."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, CronTriggerTimetable, ExceptionRetryPolicy, Param, task

from g7warn.pipeline import plan

DOC = """
Fits the forecasts and the odds of spikes and crashes on every monthly price known at the run's
instant, and keeps the fitted model with its hash and cut-off. Assessments of that instant and later
use it; earlier ones, and replays of earlier days, never do.

Red here stops no alert: assessments go on with the last fitted model, or without one. The task's
log says what was missing. By hand: `g7warn train`.
"""

retries = ExceptionRetryPolicy.deserialize(plan.RETRY_POLICY)

with DAG(
    dag_id="g7warn_train",
    dag_display_name="Train: refit the price model",
    description="Fitted model of price signals",
    doc_md=DOC,
    # Monthly price tables come out in the first days of the month.
    schedule=CronTriggerTimetable("30 6 6 * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args={**plan.TASK_DEFAULTS, "retry_policy": retries},
    params={"as_of": Param(None, **plan.AS_OF_FIELD)},
    tags={plan.TAG, "train"},
):

    @task
    def train(**context: Any) -> dict[str, object]:
        """Fit and keep the model."""
        from g7warn.pipeline.train import train as do_train

        return do_train(as_of=plan.as_of(context))

    train()
