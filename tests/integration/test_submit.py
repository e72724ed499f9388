"""Members submit figures by the shell, and get receipts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from g7warn.cli.app import app
from g7warn.cli.exits import Exit
from g7warn.domain.period import parse_as_of
from g7warn.errors import ConfigurationError
from g7warn.feeds.sources.member_submission import COLUMNS
from g7warn.pipeline.submit import list_receipts, show_receipt, submit
from g7warn.pipeline.wiring import open_workspace
from g7warn.settings import Settings
from g7warn.store import observations
from g7warn.store.members import put_members
from tests.support.assessments import make_member

if TYPE_CHECKING:
    from pathlib import Path

NOW = parse_as_of("2126-01-01")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(var=tmp_path)
    with open_workspace(found) as workspace:
        put_members(workspace.engine, [make_member("ca"), make_member("jp")], at=NOW)
    return found


def write(folder: Path, *rows: str, name: str = "stocks.csv") -> Path:
    file = folder / name
    file.write_text("\n".join([",".join(COLUMNS), *rows]))
    return file


def row(value: str = "12.5", *, month: int = 1, by: str = "CA", unit: str = "KT") -> str:
    return f"nickel,stock,level,CA,{by},{unit},2025-{month:02d},{value},E,C"


def test_a_receipt_names_the_file_the_rows_taken_and_why_others_were_not(
    settings: Settings, tmp_path: Path
) -> None:
    file = write(tmp_path, row(), row(month=2), row(month=3, by="JP"), row(month=4, unit="BUSHEL"))
    receipt = submit(file, member_id="ca", settings=settings)
    assert (receipt["state"], receipt["version"], receipt["file"]) == ("stored", 1, "stocks.csv")
    assert (receipt["accepted"], receipt["quarantined"]) == (2, 2)
    reason = receipt["reasons"][0]
    assert reason["rows"] == 2
    assert "'JP' is not the member that submits" in reason["examples"][0]
    assert "BUSHEL" in reason["examples"][1]
    assert receipt["receipt"] == f"ca-{receipt['sha256'][:12]}"
    assert show_receipt(receipt["receipt"], settings=settings) == receipt


def test_the_same_file_again_gives_the_same_receipt(settings: Settings, tmp_path: Path) -> None:
    file = write(tmp_path, row())
    first = submit(file, member_id="ca", settings=settings)
    assert submit(file, member_id="ca", settings=settings) == first
    assert len(list_receipts(settings=settings)) == 1


def test_a_later_file_replaces_values_by_version_and_keeps_status_and_confidentiality(
    settings: Settings, tmp_path: Path
) -> None:
    submit(write(tmp_path, row("12.5")), member_id="ca", settings=settings)
    second = submit(write(tmp_path, row("99.5")), member_id="ca", settings=settings)
    assert (second["state"], second["version"], second["revised"]) == ("stored", 2, 1)
    with open_workspace(settings) as workspace:
        both = observations.read_history(workspace.engine, until=NOW).table
    assert both["value"].tolist() == [12.5, 99.5]
    assert set(both["series_id"]) == {"nickel.stock.level.ca.member_ca"}
    assert (set(both["status"]), set(both["conf"])) == ({"E"}, {"C"})


def test_a_file_refused_whole_gets_a_receipt_too_and_no_version(
    settings: Settings, tmp_path: Path
) -> None:
    bad = write(tmp_path, row(), *(row(month=month, by="JP") for month in (2, 3, 4)))
    receipt = submit(bad, member_id="ca", settings=settings)
    assert (receipt["state"], receipt["version"], receipt["accepted"]) == ("refused", 0, 0)
    assert "too many refused rows" in receipt["message"]
    assert receipt["reasons"][0]["rows"] == 3
    good = submit(write(tmp_path, row()), member_id="ca", settings=settings)
    assert good["version"] == 1


def test_members_versions_are_counted_apart(settings: Settings, tmp_path: Path) -> None:
    submit(write(tmp_path, row()), member_id="ca", settings=settings)
    other = submit(write(tmp_path, row(by="JP")), member_id="jp", settings=settings)
    assert other["version"] == 1
    assert [one["member"] for one in list_receipts(settings=settings)] == ["ca", "jp"]
    assert [one["member"] for one in list_receipts(member_id="jp", settings=settings)] == ["jp"]


@pytest.mark.parametrize("member", ["nobody", ""])
def test_only_members_submit(settings: Settings, tmp_path: Path, member: str) -> None:
    with pytest.raises(ConfigurationError, match="no member"):
        submit(write(tmp_path, row()), member_id=member, settings=settings)


def test_another_members_bytes_are_not_taken_twice(settings: Settings, tmp_path: Path) -> None:
    file = write(tmp_path, row())
    submit(file, member_id="ca", settings=settings)
    with pytest.raises(ConfigurationError, match="under another name"):
        submit(file, member_id="jp", settings=settings)


def test_a_file_sent_under_the_wrong_name_stays_refused_and_is_taken_from_its_owner(
    settings: Settings, tmp_path: Path
) -> None:
    file = write(tmp_path, row(by="JP"))
    wrong = submit(file, member_id="ca", settings=settings)
    assert (wrong["state"], wrong["version"]) == ("failed", 0)
    with pytest.raises(ConfigurationError, match="add an empty line"):
        submit(file, member_id="jp", settings=settings)
    assert list_receipts(settings=settings) == [wrong]
    file.write_text(file.read_text() + "\n\n")
    right = submit(file, member_id="jp", settings=settings)
    assert (right["state"], right["version"], right["accepted"]) == ("stored", 1, 1)


def test_the_shell_prints_receipts_as_json(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("G7WARN_VAR", str(settings.var))
    file, shell = write(tmp_path, row()), CliRunner()
    sent = shell.invoke(app, ["submission", "send", str(file), "--member", "ca", "--json"])
    receipt = json.loads(sent.stdout)
    shown = shell.invoke(app, ["submission", "show", receipt["receipt"], "--json"])
    assert json.loads(shown.stdout) == receipt
    listed = shell.invoke(app, ["submission", "list"])
    assert receipt["receipt"][:8] in listed.stdout


def test_the_shell_tells_a_refused_file_by_its_exit_code(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("G7WARN_VAR", str(settings.var))
    file = write(tmp_path, row(by="JP"))
    sent = CliRunner().invoke(app, ["submission", "send", str(file), "--member", "ca", "--json"])
    assert sent.exit_code == Exit.DATA
    assert json.loads(sent.stdout)["state"] == "failed"
