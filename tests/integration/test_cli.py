"""The command line as a program sees it: documents on standard output, exit codes as documented."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from g7warn.cli.exits import Exit
from g7warn.exercise.mirror import write_mirror
from g7warn.exercise.world import load_world

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = load_world().as_of.isoformat()


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from g7warn.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    return write_mirror(tmp_path / "mirror")


def test_run_prints_one_document_and_list_shows_the_same_alerts(manifest: Path) -> None:
    ran = call("run", "--as-of", AS_OF, "--mirror", str(manifest), "--json")
    assert ran.returncode == Exit.OK, ran.stderr
    document = json.loads(ran.stdout)
    listed = json.loads(call("alerts", "list", "--as-of", AS_OF, "--json").stdout)
    assert listed == document["alerts"]
    needed = {"mineral", "family", "direction", "grade", "raised_at", "headline"}
    assert needed <= set(listed[0])
    shown = call("alerts", "show", listed[0]["alert_id"], "--as-of", AS_OF)
    assert listed[0]["headline"][:40] in shown.stdout
    exported = call("alerts", "export", "--as-of", AS_OF, "--format", "csv")
    assert exported.stdout.splitlines()[0].startswith("alert_id,sequence,kind")


def test_a_refused_payload_shows_in_table_and_exit_code(manifest: Path) -> None:
    next(manifest.parent.glob("*.xlsx")).write_text("<html>maintenance</html>")
    done = call("ingest", "--feed", "worldbank", "--mirror", str(manifest))
    assert done.returncode == Exit.PERMANENT
    assert "worldbank" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["run", "--as-of", "soon"], Exit.PERMANENT, "2022-04-05", id="no-date"),
        pytest.param(["alerts", "show", "nosuch"], Exit.PERMANENT, "nosuch", id="no-such-alert"),
        pytest.param(
            ["assess", "--as-of", "9999-12-31"], Exit.PERMANENT, "check the year", id="far-ahead"
        ),
        pytest.param(["feeds", "diff", "nosuch"], Exit.PERMANENT, "worldbank", id="no-such-feed"),
        pytest.param(
            ["quarantine", "list", "--feed", "nosuch"],
            Exit.PERMANENT,
            "worldbank",
            id="no-feed-in-quarantine",
        ),
        pytest.param(["ingest"], Exit.USAGE, "--feed", id="nothing-named"),
        pytest.param(
            ["ingest", "--all", "--mirror", "absent.csv"], Exit.PERMANENT, "absent.csv", id="mirror"
        ),
    ],
)
def test_a_wrong_call_says_what_to_do(arguments: list[str], code: Exit, words: str) -> None:
    done = call(*arguments)
    assert done.returncode == code
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["minerals", "--json"], ["feeds", "list", "--json"], ["doctor", "--json"]],
    ids=lambda a: a[0],
)
def test_what_a_program_reads_is_json(arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.returncode == Exit.OK, done.stderr
    assert json.loads(done.stdout)


def test_an_empty_store_is_not_taken_for_a_calm_market() -> None:
    done = call("alerts", "list", "--as-of", AS_OF)
    assert "Nothing was assessed" in done.stdout


def test_the_status_of_feeds_tells_last_payload_last_change_and_what_is_expected(
    manifest: Path,
) -> None:
    call("ingest", "--feed", "usgs_mcs", "--mirror", str(manifest), "--as-of", AS_OF)
    done = call("feeds", "status", "--as-of", AS_OF)
    for word in ("last payload", "last change", "next expected", "accepted", "quarantined"):
        assert word in done.stdout
    assert " -1 " not in done.stdout
