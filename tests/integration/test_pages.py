"""The pages over a real store: what members do through links, feeds and buttons is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import feedparser
import pytest
from pydantic import SecretStr

from g7warn.clock import FixedClock
from g7warn.deliver.signing import TokenSigner
from g7warn.domain.marking import Audience
from g7warn.domain.member import Endpoint, Member, Subscription
from g7warn.errors import IllegalTransition
from g7warn.settings import Settings
from g7warn.store import alerts, desk, members
from g7warn.store.engine import begin_writing
from g7warn.store.outbox import OutboxQueue
from g7warn.store.vault import Vault, put_secret
from g7warn.web.app import create_app
from g7warn.web.store_records import StoreRecords
from tests.support.notices import make_notice
from tests.support.postmen import queue_notices
from tests.support.web import KEY, NOW, TOKEN, PageClient, make_event

if TYPE_CHECKING:
    from sqlalchemy import Engine

SETTINGS = Settings(secret_key=SecretStr(KEY))
JAPAN = Member(
    member_id="jp",
    name="Japan",
    audiences=frozenset({Audience.G7}),
    endpoints=(
        Endpoint(endpoint_id="jp-feed", channel="feed", address="jp", secret_ref="jp-feed"),
        Endpoint(endpoint_id="jp-slack", channel="slack", address="C1"),
    ),
    subscriptions=(
        Subscription(subscription_id="all", endpoint_id="jp-feed", language="ja"),
        Subscription(subscription_id="must", endpoint_id="jp-feed", is_mandatory=True),
    ),
)


@pytest.fixture
def engine(store: Engine) -> Engine:
    """A store in which Japan has been told of one alert through its feed."""
    members.put_members(store, [JAPAN], at=NOW)
    put_secret(store, "jp-feed", [SecretStr("jp-secret")], vault=Vault(SETTINGS.secret_key), at=NOW)
    notice = make_notice()
    with begin_writing(store) as connection:
        alerts.append(connection, [make_event(alert_id=notice.alert_id)])
    queue_notices(store, [notice], [JAPAN], at=NOW, language="ja")
    queue = OutboxQueue(store)
    (parcel,) = queue.lease(channel="feed", now=NOW, limit=9, owner="w1")
    queue.deliver(parcel, at=NOW, reference="r", thread="")
    return store


def _client(engine: Engine, token: str = "") -> PageClient:
    app = create_app(SETTINGS, engine, FixedClock(NOW))
    return PageClient(app, {"Authorization": f"Bearer {token}"} if token else {})


def _link(purpose: str, **claims: str) -> str:
    facts = {"alert": "nickel-price-up-1", "sequence": "1", "member": "jp", "contact": "duty"}
    signer = TokenSigner(KEY.encode())
    token = signer.make(purpose, facts | claims, expires_at=NOW + timedelta(days=1))
    return f"/{purpose}/{token}"


def test_a_member_reads_in_its_feed_what_was_delivered_there(engine: Engine) -> None:
    feed = feedparser.parse(_client(engine).get(f"/feed/{TOKEN}").content)
    assert [entry.title[:14] for entry in feed.entries] == ["[TLP:CLEAR] ニッ"]


def test_a_pressed_acknowledgement_is_kept_once(engine: Engine) -> None:
    client = _client(engine)
    for _ in range(2):
        assert client.post(_link("acknowledge")).status_code == 200
    (answer,) = desk.read_acknowledgements(engine, alert_ids=["nickel-price-up-1"])
    assert (answer.member_id, answer.by, answer.via) == ("jp", "duty", "link")


def test_a_muted_alert_is_silenced_for_its_member_alone(engine: Engine) -> None:
    client = _client(engine)
    for _ in range(2):
        assert client.post(_link("mute")).status_code == 200
    (silence,) = desk.read_silences(engine, as_of=NOW)
    assert (silence.member_id, silence.alert_id, silence.author) == (
        "jp",
        "nickel-price-up-1",
        "duty",
    )
    with pytest.raises(IllegalTransition, match="nothing to mute"):
        StoreRecords(engine, SETTINGS).mute("other", "jp", at=NOW, by="")


def test_unsubscribing_pauses_all_but_what_is_mandatory(engine: Engine) -> None:
    assert _client(engine).post(_link("unsubscribe", endpoint="jp-feed")).status_code == 200
    paused = {
        s.subscription_id: s.is_paused for s in members.read_member(engine, "jp").subscriptions
    }
    assert paused == {"all": True, "must": False}


def test_the_archive_shows_what_the_store_holds(engine: Engine) -> None:
    client = _client(engine, TOKEN)
    (row,) = client.get("/alerts.json").json()["alerts"]
    assert (row["mineral"], row["grade"], row["state"]) == ("nickel", "warning", "open")
    assert client.get("/alerts/nickel-price-up-1").status_code == 200
    found = client.get("/archive.json?q=price+rise&years=2022").json()
    assert [event["alert_id"] for event in found["events"]] == ["nickel-price-up-1"]
    assert found["facets"]["minerals"] == {"nickel": 1}
    assert client.get("/archive.json?q=tungsten").json()["events"] == []
    assert client.get("/archive").status_code == 200
    assert client.get("/archive?cursor=broken").status_code == 422
    feeds = client.get("/feeds.json").json()
    assert {feed["state"] for feed in feeds} == {"never"}
    assert client.get("/notices/nickel-price-up-1-1").json()["mineral"] == "nickel"
    operator = create_app(SETTINGS, engine, FixedClock(NOW)).state.gate
    token = operator.make_operator_token(as_of=NOW)
    assert _client(engine, token).get("/queue.json").json() == {"delivered": 1}


def test_a_slack_channel_leads_to_its_member(engine: Engine) -> None:
    records = StoreRecords(engine, SETTINGS)
    member = records.find_slack_member("C1")
    assert member is not None
    assert member.member_id == "jp"
    assert records.find_slack_member("C2") is None


def test_an_endpoint_whose_secret_was_sealed_with_another_key_opens_nothing(engine: Engine) -> None:
    other = Settings(secret_key=SecretStr("another key of enough length"))
    assert StoreRecords(engine, other).find_access("jp-feed") is None
    assert StoreRecords(engine, Settings()).find_access("jp-feed") is None
