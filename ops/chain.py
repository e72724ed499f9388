"""Run the DAGs one after the other in this process, as `dag.test` does: no scheduler, no server."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAITS_FOR_A_PERSON = "duty_officer"  # nobody can answer here: it would wait for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class DagOutcome:
    """What one DAG run came to.

    Attributes:
        dag_id: The DAG.
        state: `success` or `failed`.
        seconds: Wall time.
        results: Task -> what it returned; tasks that returned nothing are left out.
        states: Task -> state.
    """

    dag_id: str
    state: str
    seconds: float
    results: dict[str, Any]
    states: dict[str, str]


def migrate() -> None:
    """Make or upgrade Airflow's own database."""
    from airflow.utils.db import upgradedb

    upgradedb()


def load_dags() -> dict[str, Any]:
    """Return the DAGs by id.

    Raises:
        RuntimeError: A DAG file cannot be loaded.
    """
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(ROOT / "dags"))
    if bag.import_errors:
        message = f"DAG files cannot be loaded: {bag.import_errors}"
        raise RuntimeError(message)
    return dict(bag.dags)


def run_dag(dag: Any, *, as_of: str) -> DagOutcome:  # noqa: ANN401 - Airflow's own type
    """Run one DAG to its end and return what it came to.

    Args:
        dag: The DAG.
        as_of: The field of the form; empty: now.
    """
    started = time.perf_counter()
    for task in dag.tasks:
        task.retries = 0  # who looks on sees a failure at once, not after half an hour
    run = dag.test(
        run_conf={"as_of": as_of} if as_of else None,
        mark_success_pattern=f"^{WAITS_FOR_A_PERSON}$",
    )
    instances = run.get_task_instances()
    pulled = {ti.task_id: ti.xcom_pull(task_ids=ti.task_id) for ti in instances}
    return DagOutcome(
        dag_id=dag.dag_id,
        state=str(run.state.value if hasattr(run.state, "value") else run.state),
        seconds=time.perf_counter() - started,
        results={task: result for task, result in pulled.items() if result is not None},
        states={ti.task_id: str(ti.state) for ti in instances},
    )


@contextmanager
def output_to(log: Path) -> Iterator[Any]:
    """Send everything this process prints to a file; yield the way to the screen.

    Airflow logs to the descriptors themselves, so these are what is turned.
    """
    sys.stdout.flush()
    screen = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    kept = os.dup(1), os.dup(2)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    try:
        yield screen
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for descriptor in (*kept, target):
            os.close(descriptor)
        screen.close()
