from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import feedparser
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from g7warn.cli.app import app
from g7warn.clock import FixedClock, SystemClock
from g7warn.deliver.heartbeat import Pulse, check_heartbeat
from g7warn.domain.marking import Audience, Realm
from g7warn.domain.member import Endpoint, Member
from g7warn.pipeline.heartbeat import check_received, describe_key, send_heartbeats
from g7warn.settings import Settings, read_settings
from g7warn.store import members
from g7warn.store.engine import open_store, upgrade
from g7warn.store.vault import Vault, put_secret
from g7warn.web.app import create_app
from tests.support.web import KEY, TOKEN, PageClient

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine


def _endpoint(name: str, channel: str, **facts: object) -> Endpoint:
    return Endpoint(endpoint_id=name, channel=channel, address=name, **facts)  # type: ignore[arg-type]


JAPAN = Member(
    member_id="jp",
    name="Japan",
    audiences=frozenset({Audience.G7}),
    endpoints=(
        _endpoint("jp-drop", "file"),
        _endpoint("jp-feed", "feed", secret_ref="jp-feed"),
        _endpoint("jp-practice", "file", realm=Realm.EXERCISE),
        _endpoint("jp-off", "file", is_enabled=False),
        _endpoint("jp-lost", "webhook", secret_ref="nowhere"),
    ),
)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a key, and a store with Japan in it."""
    monkeypatch.setenv("G7WARN_SECRET_KEY", KEY)
    settings = read_settings()
    engine = open_store(settings.store_url)
    upgrade(engine)
    now = SystemClock().now()
    members.put_members(engine, [JAPAN], at=now)
    put_secret(engine, "jp-feed", [SecretStr("jp-secret")], vault=Vault(SecretStr(KEY)), at=now)
    engine.dispose()
    return settings


def _files(settings: Settings) -> list[Path]:
    return sorted((settings.var / "notices").rglob("*.txt"))


def test_each_enabled_actual_endpoint_is_given_one_heartbeat_a_day(settings: Settings) -> None:
    assert send_heartbeats(settings=settings) == {"delivered": 2, "rejected": 1}
    assert send_heartbeats(settings=settings) == {"rejected": 1}
    (file,) = _files(settings)
    assert file.parent.name == "jp-drop"
    now = SystemClock().now()
    text = file.read_text("utf-8")
    found = check_received(text, public_key=describe_key(settings), as_of=now)
    assert (found["pulse"], found["sender"]) == ("alive", settings.sender)


def test_a_feed_shows_the_heartbeat_it_was_given(settings: Settings) -> None:
    send_heartbeats(settings=settings)
    engine: Engine = open_store(settings.store_url)
    pages = create_app(settings, engine, FixedClock(SystemClock().now()))
    document = PageClient(pages, {}).get(f"/feed/{TOKEN}").content
    engine.dispose()
    (entry,) = feedparser.parse(document).entries
    key = describe_key(settings)
    now = SystemClock().now()
    assert check_heartbeat(document.decode(), public_key=key, as_of=now).pulse is Pulse.ALIVE
    assert entry.title.startswith("[TLP:CLEAR] [SYSTEM] Sign of life")


def test_without_a_key_nothing_is_signed_and_nothing_sent() -> None:
    assert send_heartbeats(settings=Settings()) == {}


def test_the_receivers_command_tells_alive_from_late_by_its_exit_code(settings: Settings) -> None:
    send_heartbeats(settings=settings)
    (file,) = _files(settings)
    key = describe_key(settings)
    command = ["heartbeat", "check", str(file), "--key", key, "--json"]
    alive = CliRunner().invoke(app, command)
    assert (alive.exit_code, json.loads(alive.stdout)["pulse"]) == (0, "alive")
    later = (SystemClock().now() + timedelta(days=3)).isoformat()
    late = CliRunner().invoke(app, [*command, "--as-of", later])
    assert (late.exit_code, json.loads(late.stdout)["pulse"]) == (5, "late")
    assert "." in CliRunner().invoke(app, ["token"]).stdout
    shown = CliRunner().invoke(app, ["heartbeat", "key"])
    assert shown.stdout.strip() == key
