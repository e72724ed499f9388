"""Doctor: checks environment, settings, database, feeds and channels, and says what to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from g7warn.errors import G7WarnError
from g7warn.feeds.catalog import load_catalog
from g7warn.feeds.transport import open_transport
from g7warn.grade.rubric import load_rubric
from g7warn.pipeline.wiring import open_workspace
from g7warn.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from g7warn.settings import Settings

_SUPPORTED = ((3, 11), (3, 13))


def examine(settings: Settings | None = None) -> list[dict[str, str]]:
    """Return one row a check: check, state (`ok`, `note` or `fault`), and what to do.

    Args:
        settings: In place of the environment's.
    """
    rows = [_check("python", _check_python)]
    try:
        known = settings or read_settings()
    except G7WarnError as error:
        return [*rows, _row("settings", "fault", error.message)]
    rows.append(_row("settings", "ok", ""))
    rows.append(_check("rubric", lambda: f"version {load_rubric().version}"))
    rows.append(_check("catalogue", lambda: f"{len(load_catalog())} feeds"))
    rows.append(_check("store", lambda: _check_store(known)))
    rows.append(_check("payloads", lambda: _check_payloads(known)))
    rows.extend(_note_channels(known))
    return rows


def _row(check: str, state: str, advice: str) -> dict[str, str]:
    return {"check": check, "state": state, "advice": advice}


def _check(name: str, look: Callable[[], str]) -> dict[str, str]:
    try:
        return _row(name, "ok", look())
    except G7WarnError as error:
        return _row(name, "fault", error.message)
    except OSError as error:
        return _row(name, "fault", str(error))


def _check_python() -> str:
    version = sys.version_info[:2]
    if not _SUPPORTED[0] <= version <= _SUPPORTED[1]:
        message = f"Python {version[0]}.{version[1]} is not supported: use 3.11 to 3.13"
        raise OSError(message)
    return f"{version[0]}.{version[1]}"


def _check_store(settings: Settings) -> str:
    with open_workspace(settings) as workspace:
        return workspace.engine.url.render_as_string(hide_password=True)


def _check_payloads(settings: Settings) -> str:
    with open_workspace(settings) as workspace:
        open_transport(settings, workspace.clock)
    return f"mirror {settings.mirror}" if settings.mirror else "the network and the drop folder"


def _note_channels(settings: Settings) -> Iterator[dict[str, str]]:
    if settings.slack_token is None:
        yield _row("slack", "note", "set G7WARN_SLACK_TOKEN to send to Slack")
    if settings.secret_key is None:
        yield _row(
            "secrets", "note", "set G7WARN_SECRET_KEY before members with secrets are entered"
        )
