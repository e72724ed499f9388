"""From the outbox to a real mail server: links that work, the chart of the evidence, digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from g7warn.clock import FixedClock
from g7warn.deliver.channels.base import open_channel
from g7warn.deliver.links import LinkMaker
from g7warn.deliver.message import ActualMessage
from g7warn.deliver.outbox import Carriers, Worker
from g7warn.deliver.signing import TokenSigner
from g7warn.domain.marking import Audience
from g7warn.domain.member import Endpoint, Member, Mode, Subscription
from g7warn.pipeline.desk import StoreDesk
from g7warn.settings import Settings
from g7warn.store import alerts, members, observations
from g7warn.store.engine import begin_writing
from g7warn.store.outbox import OutboxQueue
from g7warn.web.app import create_app
from tests.support.mail_server import MailServer
from tests.support.notices import make_notice
from tests.support.observing import frame, price
from tests.support.postmen import queue_notices
from tests.support.web import KEY, NOW, PageClient, make_event

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

FRANCE = Member(
    member_id="fr",
    name="France",
    audiences=frozenset({Audience.G7}),
    endpoints=(Endpoint(endpoint_id="fr-mail", channel="email", address="veille@gouv.example"),),
    subscriptions=(Subscription(subscription_id="all", endpoint_id="fr-mail", language="fr"),),
)


def _drain(store: Engine, server: MailServer) -> None:
    clock = FixedClock(NOW)
    links = LinkMaker(base_url="https://g7.example", signer=TokenSigner(KEY.encode()))
    channel = open_channel("email", clock=clock, accepts=ActualMessage, options=server.options())
    worker = Worker(
        OutboxQueue(store),
        Carriers(actual={"email": channel}),
        desk=StoreDesk(store, clock=clock, links=links),
        clock=clock,
        owner="w1",
    )
    worker.drain()


def test_a_mail_carries_chart_and_links_and_its_one_click_unsubscription_works(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    notice, known_at = make_notice(), "2022-04-01"
    members.put_members(sqlite_store, [FRANCE], at=NOW)
    months = [("2021-12", 20_000.0), ("2022-01", 22_000.0), ("2022-02", 24_000.0)]
    series = {"series_id": "nickel.market.price.world.worldbank"}
    prices = frame([price(month, value, known_at, **series) for month, value in months])
    event = make_event(alert_id=notice.alert_id, as_of=notice.sent)
    with begin_writing(sqlite_store) as connection:
        observations.append(connection, prices, feed="worldbank", released_at=NOW)
        alerts.append(connection, [event])
    queue_notices(sqlite_store, [notice], [FRANCE], at=NOW, language="fr")
    with MailServer(tmp_path) as server:
        _drain(sqlite_store, server)
    (mail,) = server.mails
    assert [part.get_content_type() for part in mail.walk()][-1] == "image/png"
    html = mail.get_body(("html",))
    assert html is not None
    assert "Graphique : prix de Nickel" in html.get_content()
    path = mail["List-Unsubscribe"].strip("<>").removeprefix("https://g7.example")
    app = create_app(Settings(secret_key=SecretStr(KEY)), sqlite_store, FixedClock(NOW))
    answer = PageClient(app, {}).post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert members.read_member(sqlite_store, "fr").subscriptions[0].is_paused


def test_a_digest_gathers_notices_and_can_be_unsubscribed(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    members.put_members(sqlite_store, [FRANCE], at=NOW)
    notices = [make_notice(mineral=mineral) for mineral in ("nickel", "tin")]
    queue_notices(sqlite_store, notices, [FRANCE], at=NOW, language="fr", mode=Mode.DIGEST)
    with MailServer(tmp_path) as server:
        _drain(sqlite_store, server)
    (mail,) = server.mails
    assert mail["Subject"].startswith("[TLP:CLEAR] Synthèse du")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "Étain" in plain.get_content()
