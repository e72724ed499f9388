"""Nothing leaks: each reader gets exactly what it may see, whatever is sent and to whom."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from html import unescape
from random import Random
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from g7warn.alerts.decide import Circumstances, decide
from g7warn.clock import FixedClock
from g7warn.deliver.message import ExerciseMessage
from g7warn.deliver.outbox import Carriers
from g7warn.domain.marking import Audience, MessageStatus, Realm, Tlp
from g7warn.domain.notice import ActualNotice, kind_of
from g7warn.feeds.base import Payload, hash_body
from g7warn.feeds.sources.member_submission import COLUMNS, SCHEME
from g7warn.pipeline.assess import assess
from g7warn.pipeline.ingest import ingest_payload
from g7warn.pipeline.notify import notify
from g7warn.pipeline.wiring import open_workspace
from g7warn.settings import Settings
from g7warn.store import observations, signals
from g7warn.store.deliveries import enqueue
from g7warn.store.engine import begin_writing
from g7warn.store.members import put_members
from g7warn.store.vault import Vault, put_secret
from g7warn.web.app import create_app
from tests.support.assessments import make_member
from tests.support.notices import make_notice
from tests.support.panels import build_frame, build_rows, calm_prices, price_id
from tests.support.postmen import START, FakeChannel, make_worker
from tests.support.web import KEY, NOW, TOKEN, PageClient

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from g7warn.domain.member import Member
    from g7warn.domain.notice import Notice

READS = {
    Audience.G7: {Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT},
    Audience.PARTNER: {Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER},
    Audience.LIKE_MINDED: {Tlp.CLEAR, Tlp.GREEN},
    Audience.NAMED: {Tlp.CLEAR},
}
DAY = timedelta(days=1)
SENDABLE = [status for status in MessageStatus if status.realm != Realm.DESK]


def make_members(rng: Random) -> list[Member]:
    members = []
    for number in range(40):
        circles = [audience for audience in Audience if rng.random() < 0.4]
        members.append(
            make_member(
                f"m{number}",
                audiences=frozenset(circles),
                minerals=rng.choice(
                    [frozenset({"*"}), frozenset({"nickel"}), frozenset({"zinc"}), frozenset()]
                ),
                is_active=rng.random() < 0.9,
                endpoint={
                    "realm": rng.choice([Realm.ACTUAL, Realm.EXERCISE]),
                    "contact_id": rng.choice(["", "first"]),
                },
            )
        )
    return members


def make_notices(rng: Random) -> list[Notice]:
    cells = itertools.product(Tlp, SENDABLE, ("nickel", "zinc"))
    return [
        make_notice(
            kind_of(status),
            status=status,
            tlp=tlp,
            mineral=mineral,
            alert_id=f"a{number}",
            addresses=tuple(f"m{n}" for n in rng.sample(range(40), 5)) if tlp == Tlp.RED else (),
        )
        for number, (tlp, status, mineral) in enumerate(cells)
    ]


def may_get(member: Member, notice: Notice) -> bool:
    """The rule written out a second time, so that it is held against something."""
    endpoint = member.endpoints[0]
    is_practice = notice.status in {MessageStatus.EXERCISE, MessageStatus.TEST}
    if not member.is_active or is_practice != (endpoint.realm == Realm.EXERCISE):
        return False
    if not member.minerals & {"*", notice.mineral}:
        return False
    if notice.tlp == Tlp.RED:
        return member.member_id in notice.addresses and bool(endpoint.contact_id)
    return any(notice.tlp in READS[audience] for audience in member.audiences)


@pytest.mark.parametrize("seed", range(3))
def test_each_reader_gets_exactly_what_it_may_see(sqlite_store: Engine, seed: int) -> None:
    rng = Random(seed)
    members, notices = make_members(rng), make_notices(rng)
    decisions = decide(notices, members=members, given=Circumstances(as_of=START))
    with begin_writing(sqlite_store) as connection:
        enqueue(connection, decisions, at=START)
    actual, exercise = FakeChannel(), FakeChannel(accepts=ExerciseMessage)
    carriers = Carriers(actual={"file": actual}, exercise={"file": exercise})
    make_worker(sqlite_store, {}, members, carriers=carriers).drain()
    got = {
        (address, title)
        for channel in (actual, exercise)
        for address, titles in channel.taken.items()
        for title in titles
    }
    assert got == {
        (member.endpoints[0].endpoint_id, notice.identifier)
        for member in members
        for notice in notices
        if may_get(member, notice)
    }
    real = {n.identifier for n in notices if isinstance(n, ActualNotice)}
    assert set(actual.titles) <= real
    assert not set(exercise.titles) & real


def test_everything_that_was_not_sent_has_a_reason() -> None:
    rng = Random(0)
    members, notices = make_members(rng), make_notices(rng)
    decisions = decide(notices, members=members, given=Circumstances(as_of=START))
    accounted = {(d.notice.identifier, d.member_id) for d in decisions}
    for member, notice in itertools.product(members, notices):
        is_same_realm = member.endpoints[0].realm == notice.status.realm
        assert (notice.identifier, member.member_id) in accounted or not is_same_realm


SECRETS = {"ca": 123.4571, "fr": 118.9632, "jp": 131.2289}
"""Stocks of each contributor in kt, by digits that stand nowhere else."""


def write_submission(contributor: str, level: float) -> bytes:
    """Two years of stocks that fall, a price nobody else knows, and a row in an unknown unit."""
    months = [f"{year}-{month:02d}" for year in (2020, 2021) for month in range(1, 13)]
    rows = [f"nickel,stock,level,{contributor},{contributor},KT,{m},{level},A,C" for m in months]
    rows += [f"nickel,stock,level,{contributor},{contributor},KT,2022-02,{level / 4},A,C"]
    rows += [
        f"cobalt,market,price,WORLD,{contributor},USD_T,{month},{level * (1 + n * n)},A,C"
        for n, month in enumerate(months)
    ]
    rows += [f"nickel,stock,level,{contributor},{contributor},BUSHEL,2022-01,{level},A,C"]
    return "\n".join([",".join(COLUMNS), *rows]).encode()


def submit_all(settings: Settings) -> None:
    """Three members submit; the public price of nickel has doubled, so that there is an alert."""
    prices = calm_prices()
    prices[-3:] *= 2.1
    public = build_frame(build_rows(price_id("nickel"), prices))
    with open_workspace(settings, clock=FixedClock(NOW)) as workspace:
        with begin_writing(workspace.engine) as connection:
            observations.append(connection, public, released_at=NOW, feed="worldbank")
        jp = make_member(
            "jp",
            endpoint={"endpoint_id": "jp-feed", "channel": "feed", "secret_ref": "jp-feed"},
            subscription={"endpoint_id": "jp-feed"},
        )
        put_members(workspace.engine, [jp], at=NOW)
        vault = Vault(settings.secret_key)
        put_secret(workspace.engine, "jp-feed", [SecretStr("jp-secret")], vault=vault, at=NOW)
        for name, level in SECRETS.items():
            body = write_submission(name, level)
            address = f"{SCHEME}{name}/own.csv"
            payload = Payload(
                address=address, body=body, sha256=hash_body(body), fetched_at=NOW - DAY
            )
            ingest_payload(workspace, payload, feed="member_submission")


def crawl(client: PageClient, *starts: str) -> dict[str, str]:
    """Return the text of every page that links lead to, by path."""
    seen: dict[str, str] = {}
    todo = list(starts)
    while todo:
        path = todo.pop()
        if path not in seen:
            seen[path] = client.get(path).text
            todo += [unescape(link) for link in re.findall(r'href="(/[^"#]*)', seen[path])]
    return seen


def find_secrets(text: str) -> list[str]:
    digits = re.sub(r"(?<=\d)[.,](?=\d)", "", text)
    return [name for name, level in SECRETS.items() if str(level).replace(".", "")[:6] in digits]


def test_a_submitted_value_is_found_nowhere_a_member_can_look(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, secret_key=SecretStr(KEY))
    submit_all(settings)
    assess(as_of=NOW, settings=settings)
    notify(as_of=NOW, settings=settings)
    with open_workspace(settings, clock=FixedClock(NOW)) as workspace:
        app = create_app(settings, workspace.engine, FixedClock(NOW))
        client = PageClient(app, {"Authorization": f"Bearer {TOKEN}"})
        starts = ("/alerts", "/alerts.json", "/archive", "/archive.json", "/feeds")
        pages = crawl(client, *starts, f"/feed/{TOKEN}")
        kept = signals.read(workspace.engine, as_of=NOW)
    files = {str(f): f.read_text("utf-8", "replace") for f in tmp_path.rglob("notices/**/*.txt")}
    assert any("Nickel" in page and "price rise" in page for page in pages.values())
    leaks = {name: find_secrets(text) for name, text in (pages | files).items()}
    assert {name: found for name, found in leaks.items() if found} == {}
    about_stocks = [one for one in kept if one.indicator == "stock_cover"]
    assert [one.area for one in about_stocks] == ["members"]
    assert find_secrets(repr(kept)) == []
    assert find_secrets(write_submission("ca", SECRETS["ca"]).decode()) == ["ca"]
