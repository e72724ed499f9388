"""The environment of a local Airflow: what differs from Airflow's own choices, and why.

Shared by the demonstration, the launcher and the tests, so that all three run the same thing.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
USERS = {"admin": "admin", "duty": "op", "analyst": "user", "viewer": "viewer"}
"""Login -> role. `duty` answers what waits for a duty officer."""


def build_environment(
    home: Path, *, var: Path, port: int = 0, tasks_port: int = 0
) -> dict[str, str]:
    """Return the variables for every Airflow process.

    Args:
        home: AIRFLOW_HOME.
        var: Folder of the product's own files.
        port: Of the API server of people and scripts; 0 where none is started.
        tasks_port: Of the API server of tasks; likewise.
    """
    environment = {
        **os.environ,  # noqa: TID251 - a child process inherits the shell's settings
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # 32 forks by default; this runs beside other work on two cores
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{u}:{r}" for u, r in USERS.items()),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__WORKERS": "1",
        # the port alone does not move this one, and every task would fail to connect
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{tasks_port}/execution/",
        # a chain of five tasks takes 1.8 s in place of 6.3 s, for 7 % of one core when idle
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "30",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "GX_ANALYTICS_ENABLED": "false",
        "G7WARN_VAR": str(var),
    }
    environment.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # without bytecode every start takes twice as long
    for name in ("G7WARN_MIRROR", "G7WARN_DATA", "G7WARN_DROP"):
        if given := environment.get(name):
            environment[name] = str(Path(given).resolve())
    return environment


def prepare_home(home: Path) -> dict[str, str]:
    """Make AIRFLOW_HOME with its preload file and passwords.

    Returns:
        The passwords by login when they were made now; empty when they were there already.
    """
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "plugins").mkdir(exist_ok=True)
    preload = Path(__file__).with_name("airflow_local_settings.py")
    shutil.copyfile(preload, home / "config" / preload.name)
    kept = home / "passwords.json"
    if kept.exists():
        return {}
    passwords = {user: secrets.token_urlsafe(12) for user in USERS}
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(passwords), encoding="utf-8")
    return passwords
