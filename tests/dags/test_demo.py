"""Does the whole chain run through the real DAGs? `make demo`, as a person starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.airflow, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """What the demonstration printed, and the folder it wrote into."""
    var = tmp_path_factory.mktemp("demo") / "var"
    shell = {name: value for name, value in os.environ.items() if not name.startswith("G7WARN_")}  # noqa: TID251 - a shell of its own
    command = [sys.executable, str(ROOT / "ops" / "demo.py"), "--var", str(var)]
    done = subprocess.run(
        command, cwd=var.parent, env=shell, capture_output=True, text=True, check=False
    )
    return done, var


def test_every_dag_of_the_chain_succeeds(
    demo: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, var = demo
    log = (var / "airflow.log").read_text("utf-8")[-3000:]
    assert done.returncode == 0, done.stdout + done.stderr + log
    for dag in ("g7warn_ingest_worldbank", "g7warn_assess", "g7warn_notify"):
        assert any(dag in line and "success" in line for line in done.stdout.splitlines())


def test_the_squeeze_is_critical_the_crash_is_seen_and_the_quiet_market_is_quiet(
    demo: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    shown = demo[0].stdout
    assert "nickel-price-up" in shown
    assert "zinc-price-down" in shown
    assert "copper-" not in shown
    assert "Critical: Nickel" in shown


def test_the_output_says_first_and_last_that_the_data_are_simulated(
    demo: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    lines = [line for line in demo[0].stdout.splitlines() if line.strip()]
    assert "SIMULATED" in lines[0]
    assert "SIMULATED" in lines[-1]


def test_every_notice_says_that_it_was_made_with_simulated_data(
    demo: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    notices = sorted((demo[1] / "notices").rglob("*.txt"))
    assert len(notices) >= 2
    assert all("simulated" in path.read_text("utf-8").lower() for path in notices)
