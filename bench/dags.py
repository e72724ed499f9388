"""How long the DAG files take to parse, and what they load: goal G22 (0.5 s each, nothing heavy).

Each file is measured beyond Airflow's own import, the best of several processes, because the DAG
processor parses in a fresh one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "ops"))
GOAL_SECONDS = 0.5
HEAVY = ("pandas", "great_expectations")

PROBE = """
import json, sys, time
import airflow.providers.standard.operators.hitl, airflow.sdk
from airflow.dag_processing.dagbag import DagBag
airflow.sdk.DAG
DagBag(dag_folder="/nonexistent")
before = set(sys.modules)
cpu = time.process_time()
bag = DagBag(dag_folder=sys.argv[1])
print("JSON:" + json.dumps({
    "cpu": time.process_time() - cpu,
    "wall": {s.file: s.duration.total_seconds() for s in bag.dagbag_stats},
    "dags": len(bag.dags), "errors": len(bag.import_errors),
    "modules": sorted(set(sys.modules) - before),
}))
"""


def measure_once(environment: dict[str, str], path: Path) -> dict[str, object]:
    """Return what one fresh process found when it parsed one DAG file."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(text for text in done.stdout.splitlines() if text.startswith("JSON:"))
    found: dict[str, object] = json.loads(line.removeprefix("JSON:"))
    return found


def main() -> int:
    """Measure every DAG file, print the table; 0 when the goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    from environment import build_environment  # noqa: PLC0415 - a script beside this folder

    rows = []
    with tempfile.TemporaryDirectory() as home:
        environment = build_environment(Path(home), var=Path(home))
        for path in sorted((ROOT / "dags").glob("*.py")):
            runs = [measure_once(environment, path) for _ in range(arguments.runs)]
            best = min(runs, key=lambda run: float(str(run["cpu"])))
            heavy = [name for name in HEAVY if f"'{name}'" in str(best["modules"])]
            rows.append({"file": path.stem, "cpu_seconds": best["cpu"], "heavy": heavy, **best})
            row = rows[-1]
            print(f"{path.stem:16} {row['cpu']:.3f} s processor time, {row['dags']} DAGs, {heavy}")
    is_reached = all(
        float(str(row["cpu"])) <= GOAL_SECONDS and not row["heavy"] and not row["errors"]
        for row in rows
    )
    verdict = "reached" if is_reached else "MISSED"
    print(f"G22: at most {GOAL_SECONDS} s each, nothing heavy: {verdict}")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
