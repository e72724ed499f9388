"""Load the DAG files in a process of its own and print, as JSON, what a test asks about them.

A process of its own, because Airflow reads its environment once, warns about its own libraries,
and must start without anything that the test session has imported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "numpy", "great_expectations", "sqlalchemy", "statsmodels", "sklearn", "sdmx")


def describe(dag) -> dict[str, object]:  # noqa: ANN001 - Airflow's own type
    return {
        "doc": dag.doc_md or "",
        "tags": sorted(dag.tags),
        "params": sorted(dag.params),
        "catchup": dag.catchup,
        "file": Path(dag.fileloc).stem,
        "timetable": type(dag.timetable).__name__,
        "tasks": {
            task.task_id: {
                "owner": task.owner,
                "retries": task.retries,
                "has_policy": task.retry_policy is not None,
                "outlets": [asset.uri for asset in task.outlets],
                "downstream": sorted(task.downstream_task_ids),
            }
            for task in dag.tasks
        },
    }


def main() -> None:
    import airflow.providers.standard.operators.hitl
    import airflow.sdk
    from airflow.dag_processing.dagbag import DagBag

    airflow.sdk.DAG  # noqa: B018 - loaded on first use
    before = set(sys.modules)
    bag = DagBag(dag_folder=str(ROOT / "dags"))
    added = set(sys.modules) - before
    print(  # noqa: T201
        "JSON:"
        + json.dumps(
            {
                "errors": {str(k): str(v) for k, v in bag.import_errors.items()},
                "dags": {dag_id: describe(dag) for dag_id, dag in bag.dags.items()},
                "own": sorted(name for name in sys.modules if name.split(".")[0] == "g7warn"),
                "heavy": sorted(name for name in added if name in HEAVY),
            }
        )
    )


if __name__ == "__main__":
    main()
