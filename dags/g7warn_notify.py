"""Notices to entitled members on g7warn://alerts; Critical ones wait for a duty officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Asset, ExceptionRetryPolicy, Param, task

from g7warn.pipeline import plan

DOC = f"""
Decides for each open alert and each member whether a notice goes out, and sends it from the outbox.
What is not sent is kept with its reason.

* **Critical alerts wait for a duty officer**: *Required Actions* in the menu, or
  `g7warn approve NOTICE`. All others go out at once, marked automatic.
* Nobody answers within {plan.approval_minutes():g} minutes: the notice goes out marked
  "automatic, not reviewed". *Hold back* keeps it in.
* Where there is nothing to approve, no question is asked: the three tasks are skipped.
* Asked again after an answer? It came in the second in which the question was put: answer again.
* A notice is never sent twice: running this DAG again is safe.
"""


def ask_about(waiting: dict[str, str]) -> dict[str, str]:
    """Return what the duty officer reads about one waiting notice."""
    return {"subject": waiting["subject"], "body": waiting["body"]}


retries = ExceptionRetryPolicy.deserialize(plan.RETRY_POLICY)
alerts = Asset(plan.ALERTS_URI)

with DAG(
    dag_id="g7warn_notify",
    dag_display_name="Notify: members",
    description="From alert events to notices in members' hands",
    doc_md=DOC,
    schedule=[alerts],
    catchup=False,
    max_active_runs=8,  # a run that waits for its duty officer must not hold up the next alert
    default_args={**plan.TASK_DEFAULTS, "retry_policy": retries},
    params={"as_of": Param(None, **plan.AS_OF_FIELD)},
    tags={plan.TAG, "notify"},
):

    @task
    def notify(**context: Any) -> dict[str, object]:
        """Send what needs no approval; leave the rest waiting."""
        from g7warn.pipeline.notify import notify as notify_members

        return notify_members(as_of=plan.as_of(context))

    @task
    def find_waiting(**context: Any) -> list[dict[str, str]]:
        """Claim the notices that wait, so that one question is asked about each."""
        from g7warn.pipeline.approve import claim_waiting

        return claim_waiting(as_of=plan.as_of(context), asker=context["run_id"])

    @task
    def record_answer(pair: tuple[dict[str, str], dict[str, Any]]) -> str:
        """Keep who decided what, when and why; no answer leaves it to the deadline."""
        from g7warn.pipeline.approve import record_answer as record

        return record(*pair, as_of=pair[1]["responded_at"])

    @task
    def send_approved(**context: Any) -> dict[str, object]:
        """Send what was approved meanwhile."""
        from g7warn.pipeline.notify import notify as notify_members

        return notify_members(as_of=plan.as_of(context))

    waiting = find_waiting()
    answers = HITLOperator.partial(
        task_id="duty_officer",
        options=["Approve", "Hold back"],
        defaults="Approve",
        response_timeout=timedelta(minutes=plan.approval_minutes()),
        params={"comment": Param(None, type=["null", "string"], title="Why")},
        # An answer in the very second in which the task parks makes the scheduler take the task for
        # killed: the question is then put again, for an answer must not be lost to the deadline.
        retries=2,
        retry_delay=timedelta(seconds=10),
    ).expand_kwargs(waiting.map(ask_about))

    notify() >> waiting
    record_answer.expand(pair=waiting.zip(answers.output)) >> send_approved()
