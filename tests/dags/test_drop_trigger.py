"""Does the triggerer find the watch on the drop folder, and does it fire once?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.airflow
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import asyncio
from airflow.sdk.module_loading import import_string
from g7warn.errors import StoreUnavailable
from g7warn.pipeline import drop
from g7warn.web.airflow_plugin import DropTrigger

looks = iter([StoreUnavailable("away"), [], ["drop://members/jp.csv"]])

def look(self):
    found = next(looks)
    if isinstance(found, Exception):
        raise found
    return found

drop.DropWatch.look = look
path, arguments = DropTrigger("member_submission", look_seconds=0.0).serialize()
trigger = import_string(path)(**arguments)

async def collect():
    return [event.payload async for event in trigger.run()]

print("FIRED:", asyncio.run(collect()), trigger.feed)
"""


def test_a_trigger_found_by_its_path_outlasts_faults_and_fires_once(
    airflow_environment: dict[str, str],
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=airflow_environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "FIRED: [['drop://members/jp.csv']] member_submission" in done.stdout
