"""Airflow in processes of its own, with a database that is made once a session."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def ops_path() -> Path:
    """Folder of the scripts that run Airflow locally, importable."""
    path = ROOT / "ops"
    if str(path) not in sys.path:
        sys.path.insert(0, str(path))
    return path


@pytest.fixture(scope="session")
def airflow_environment(ops_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables of an Airflow whose database is at the newest schema."""
    import environment

    home = tmp_path_factory.mktemp("airflow")
    environment.prepare_home(home)
    variables = environment.build_environment(home, var=home / "var")
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    done = subprocess.run(
        command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return variables


@pytest.fixture(scope="session")
def loaded(airflow_environment: dict[str, str]) -> dict[str, Any]:
    """What `inspect_dags.py` found."""
    command = [sys.executable, str(Path(__file__).with_name("inspect_dags.py"))]
    done = subprocess.run(
        command, env=airflow_environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    line = next(line for line in done.stdout.splitlines() if line.startswith("JSON:"))
    found: dict[str, Any] = json.loads(line.removeprefix("JSON:"))
    return found
