"""Do the DAGs run under a real scheduler, one started by the asset of the other?"""

from __future__ import annotations

import json
import os
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.airflow, pytest.mark.slow]
CHAIN = ("g7warn_ingest_worldbank", "g7warn_assess", "g7warn_notify")
PATIENCE_SECONDS = 240
HESITATION_SECONDS = 5


class Client:
    """Speaks Airflow's REST interface as one user."""

    def __init__(self, base_url: str, user: str, password: str) -> None:
        from launcher import read_json

        self._read, self._base = read_json, base_url
        body = {"username": user, "password": password}
        self.asked_in = ""
        self._token = str(read_json(f"{base_url}/auth/token", body=body)["access_token"])

    def ask(self, path: str, body: dict[str, object] | None = None, method: str = "") -> Any:
        return self._read(
            f"{self._base}/api/v2/{path}", body=body, token=self._token, method=method
        )

    def read_runs(self, dag_id: str) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = self.ask(f"dags/{dag_id}/dagRuns")["dag_runs"]
        return runs

    def read_notify_run(self) -> dict[str, Any]:
        """Return the run of the last DAG in which the question was asked."""
        return next(r for r in self.read_runs(CHAIN[2]) if r["dag_run_id"] == self.asked_in)

    def read_states(self, dag_id: str, run_id: str) -> dict[str, str]:
        path = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances"
        return {task["task_id"]: task["state"] for task in self.ask(path)["task_instances"]}

    def wait_for(self, what: str, find: Any) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if found := find():
                return found
            time.sleep(0.5)
        pytest.fail(f"{what}: not seen within {PATIENCE_SECONDS} s")


@pytest.fixture(scope="module")
def airflow(ops_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running Airflow on a simulated world that ends last month."""
    import launcher

    var = tmp_path_factory.mktemp("var")
    kept = dict(os.environ)  # noqa: TID251 - put back below
    launcher.simulate_present(var)
    launcher.prepare_home(var / "airflow")
    with launcher.LocalAirflow(home=var / "airflow", var=var) as running:
        running.wait_until_healthy()
        yield running
    os.environ.clear()  # noqa: TID251 - the shell's own again
    os.environ.update(kept)  # noqa: TID251 - likewise
    assert all(part.process.poll() is not None for part in running.components)


@pytest.fixture(scope="module")
def passwords(airflow: Any) -> dict[str, str]:
    found: dict[str, str] = json.loads((airflow.home / "passwords.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def chain(airflow: Any, passwords: dict[str, str]) -> Client:
    """A client of an Airflow in which the chain was started and its one question answered."""
    admin = Client(airflow.base_url, "admin", passwords["admin"])
    admin.wait_for(
        "DAGs", lambda: set(CHAIN) <= {dag["dag_id"] for dag in admin.ask("dags?limit=100")["dags"]}
    )
    admin.ask(f"dags/{CHAIN[0]}/dagRuns", {"logical_date": None})
    details = "dags/~/dagRuns/~/hitlDetails"
    waiting = admin.wait_for(
        "question",
        lambda: [
            found["task_instance"]
            for found in admin.ask(details)["hitl_details"]
            if found["task_instance"]["state"] == "awaiting_input"
        ],
    )
    # a person takes a moment; Airflow fails a task whose answer comes before its process has ended
    time.sleep(HESITATION_SECONDS)
    duty = Client(airflow.base_url, "duty", passwords["duty"])
    for task in waiting:
        path = f"dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances"
        answer = {"chosen_options": ["Approve"], "params_input": {"comment": "seen"}}
        path = f"{path}/{task['task_id']}/{task['map_index']}/hitlDetails"
        duty.ask(path, answer, "PATCH")
    admin.asked_in = waiting[0]["dag_run_id"]
    admin.wait_for("end", lambda: admin.read_notify_run()["state"] in {"success", "failed"})
    return admin


def test_one_feed_starts_the_whole_chain_by_assets(chain: Client) -> None:
    # runs by the clock may fall into these seconds too
    first = next(run for run in chain.read_runs(CHAIN[0]) if run["run_type"] == "manual")
    second = next(run for run in chain.read_runs(CHAIN[1]) if run["run_type"] == "asset_triggered")
    last = chain.read_notify_run()
    assert last["run_type"] == "asset_triggered"
    assert [run["state"] for run in (first, second, last)] == ["success"] * 3


def test_the_duty_officer_was_asked_and_the_answer_recorded(chain: Client) -> None:
    states = chain.read_states(CHAIN[2], chain.asked_in)
    tasks = ("notify", "find_waiting", "duty_officer", "record_answer", "send_approved")
    assert states == dict.fromkeys(tasks, "success")


def test_the_approved_notice_reached_its_reader_and_says_who_looked(
    airflow: Any, chain: Client
) -> None:
    folder = airflow.home.parent / "notices" / "secretariat"
    texts = [path.read_text("utf-8") for path in folder.glob("*.txt")]
    assert any("Nickel" in text and "Reviewed by a duty officer" in text for text in texts)


def test_nothing_listens_beyond_loopback(airflow: Any, chain: Client) -> None:
    address = socket.gethostbyname(socket.gethostname())
    if address.startswith("127."):
        pytest.skip("this machine has no other address")
    with socket.socket() as probe:
        probe.settimeout(2)
        assert probe.connect_ex((address, airflow.port)) != 0


def test_passwords_are_kept_from_other_users_of_the_machine(airflow: Any) -> None:
    assert (airflow.home / "passwords.json").stat().st_mode & 0o077 == 0
