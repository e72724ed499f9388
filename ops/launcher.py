"""A local Airflow: five processes, loopback only, SQLite; `make airflow` runs this.

Airflow's own `standalone` starts 32 workers and log servers on all interfaces; this starts two API
servers, a scheduler, a DAG processor and a triggerer, and stops exactly these again.

Tasks have an API server of their own. In one server they and the people block each other: it writes
a person's click to the audit log in its event loop, and where a task is being written at that
moment, waits there for SQLite's one lock, which is given back only by that same event loop.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from environment import ROOT, build_environment, prepare_home

if TYPE_CHECKING:
    from types import FrameType

AIRFLOW = (sys.executable, "-m", "airflow")
HEALTHY_WITHIN_SECONDS = 120
STOPPED_WITHIN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Component:
    """One process of Airflow, in a group of its own with the children it forks."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children, and to nobody else."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return


class LocalAirflow:
    """The components and their address.

    Args:
        home: AIRFLOW_HOME.
        var: Folder of the product's own files.
        port: Of the web interface; 0 finds a free one.
    """

    def __init__(self, *, home: Path, var: Path, port: int = 0) -> None:
        self.home = home
        self.port = port or find_free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.tasks_port = find_free_port()
        self.environment = build_environment(
            home, var=var, port=self.port, tasks_port=self.tasks_port
        )
        self.components: list[Component] = []

    def __enter__(self) -> Self:
        """Bring the database up to date and start the components."""
        self._migrate()
        for name, *command in (
            ("api-server", *_serve("core", self.port)),
            ("api-server-of-tasks", *_serve("execution", self.tasks_port)),
            ("scheduler", "scheduler", "--skip-serve-logs"),
            ("dag-processor", "dag-processor"),
            ("triggerer", "triggerer", "--skip-serve-logs"),
        ):
            self.components.append(self._start(name, *command))
        return self

    def __exit__(self, *_: object) -> None:
        """Stop every component: TERM, and KILL for what is still there after a while."""
        for component in reversed(self.components):
            component.stop(signal.SIGTERM)
        deadline = time.monotonic() + STOPPED_WITHIN_SECONDS
        for component in self.components:
            try:
                component.process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                component.stop(signal.SIGKILL)
                component.process.wait()
            component.stop(signal.SIGKILL)  # children that outlived their parent

    def wait_until_healthy(self) -> float:
        """Wait for all components and warm the API of tasks up; return the seconds it took.

        Raises:
            RuntimeError: A component ended, or they were not healthy in time.
        """
        started = time.monotonic()
        while time.monotonic() - started < HEALTHY_WITHIN_SECONDS:
            self.check_alive()
            if self._is_healthy():
                return time.monotonic() - started
            time.sleep(0.3)
        message = f"Airflow was not healthy after {HEALTHY_WITHIN_SECONDS} s; logs: {self.home}"
        raise RuntimeError(message)

    def check_alive(self) -> None:
        """Raise a RuntimeError that names the log of a component that ended."""
        for component in self.components:
            if (code := component.process.poll()) is not None:
                tail = component.log.read_text("utf-8", errors="replace").splitlines()[-5:]
                message = (
                    f"{component.name} ended with code {code}; {component.log}:\n" + "\n".join(tail)
                )
                raise RuntimeError(message)

    def _migrate(self) -> None:
        done = subprocess.run(
            [*AIRFLOW, "db", "migrate"],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            message = f"airflow db migrate failed:\n{done.stderr[-2000:]}"
            raise RuntimeError(message)

    def _start(self, name: str, *command: str) -> Component:
        log = self.home / f"{name}.log"
        with log.open("wb") as output:
            process = self._spawn([*AIRFLOW, *command], output)
        return Component(name, process, log)

    def _spawn(self, command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the launcher alone, which stops them in order
        )

    def _is_healthy(self) -> bool:
        try:
            health = read_json(f"{self.base_url}/api/v2/monitor/health")
            # the first task would otherwise pay three to five seconds for this
            read_json(f"http://127.0.0.1:{self.tasks_port}/execution/health")
        except (OSError, ValueError):
            return False
        parts = ("metadatabase", "scheduler", "dag_processor", "triggerer")
        states = [health.get(part) for part in parts]
        return all(isinstance(s, dict) and s.get("status") == "healthy" for s in states)


def _serve(apps: str, port: int) -> tuple[str, ...]:
    return ("api-server", "--apps", apps, "--host", "127.0.0.1", "--port", str(port))


def find_free_port() -> int:
    """Return a port that is free on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read_json(
    url: str, *, body: dict[str, object] | None = None, token: str = "", method: str = ""
) -> dict[str, object]:
    """Return the JSON document that the local server answers with."""
    request = urllib.request.Request(  # noqa: S310 - an address of our own on loopback
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"}
        | ({"Authorization": f"Bearer {token}"} if token else {}),
        method=method or None,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - likewise
        document: dict[str, object] = json.loads(answer.read())
        return document


def simulate_present(var: Path) -> None:
    """Serve a simulated world that ends last month, and a store of its own, to all tasks."""
    from g7warn.clock import SystemClock
    from g7warn.exercise.mirror import write_mirror
    from g7warn.exercise.world import load_world, move_world

    world = move_world(load_world(), now=SystemClock().now())
    os.environ |= {  # noqa: TID251 - the settings of every process started from here
        "G7WARN_MIRROR": str(write_mirror(var / "mirror", world=world)),
        "G7WARN_SIMULATED": "true",
        "G7WARN_DATABASE_URL": f"sqlite:///{var / 'simulated.sqlite'}",
    }
    print("==> SIMULATED DATA: invented prices up to last month, no real market")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Start, say where, and wait until Ctrl-C, TERM or the end of a component."""
    parser = argparse.ArgumentParser(description="A local Airflow with the DAGs of g7warn.")
    parser.add_argument("--port", type=int, default=0, help="of the web interface; 0: a free one")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="folder for all files")
    parser.add_argument("--simulated", action="store_true", help="feed it simulated payloads")
    arguments = parser.parse_args()
    var = arguments.var.resolve()
    home = var / "airflow"
    signal.signal(signal.SIGTERM, _stop)
    if arguments.simulated:
        simulate_present(var)
    passwords = prepare_home(home)
    print("==> starting Airflow: API servers, scheduler, DAG processor, triggerer", flush=True)
    try:
        with LocalAirflow(home=home, var=var, port=arguments.port) as airflow:
            seconds = airflow.wait_until_healthy()
            print(f"==> healthy after {seconds:.0f} s: {airflow.base_url}")
            _tell_logins(passwords, home)
            print("    stop: Ctrl-C", flush=True)
            while True:
                time.sleep(1)
                airflow.check_alive()
    except KeyboardInterrupt:
        print("\n==> stopped")
        return 0
    except RuntimeError as error:
        print(f"==> {error}", file=sys.stderr)
        return 1


def _tell_logins(passwords: dict[str, str], home: Path) -> None:
    if not passwords:
        print(f"    logins: as printed at the first start, kept in {home / 'passwords.json'}")
        return
    print("    logins, printed this once:")
    for user, password in passwords.items():
        print(f"      {user:8} {password}")


if __name__ == "__main__":
    sys.exit(main())
