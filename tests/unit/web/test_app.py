from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import feedparser
import pytest
from fastapi import FastAPI

from g7warn.domain.alert import EventKind, Grade
from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.errors import ConfigurationError
from g7warn.settings import Settings
from g7warn.web.app import create_app
from g7warn.web.limits import CLIENTS_KEPT, RateLimit
from g7warn.web.serve import make_operator_token, serve
from tests.support.messages import SHORT_POISON
from tests.support.notices import make_notice
from tests.support.web import NOW, OTHER_TOKEN, TOKEN, PageClient, Site, make_event

CAP = b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">%s</alert>'


def test_opening_a_link_only_asks_and_its_button_acts() -> None:
    site = Site()
    path = f"/acknowledge/{site.token_for('acknowledge')}"
    asked = site.client().get(path, headers={"Accept-Language": "ja,en;q=0.5"})
    assert "JPとしてこの通知の受領を確認しますか" in asked.text
    assert site.records.done == []
    assert "受領を記録しました" in site.client().post(path, headers={"Accept-Language": "ja"}).text
    assert site.records.done == [("acknowledge", "nickel-price-up-1", "jp", "duty", "link")]


def test_one_click_unsubscription_needs_nothing_but_its_post() -> None:
    site = Site()
    path = f"/unsubscribe/{site.token_for('unsubscribe', endpoint='jp-mail')}"
    answer = site.client().post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert site.records.done == [("pause", "jp", "jp-mail")]


def test_a_mandatory_stream_says_that_it_stays_on() -> None:
    site = Site()
    site.records.mandatory = True
    path = f"/unsubscribe/{site.token_for('unsubscribe', endpoint='jp-mail')}"
    assert "mandatory" in site.client().post(path).text


def test_an_expired_link_says_so() -> None:
    site = Site()
    path = f"/acknowledge/{site.token_for('acknowledge')}"
    site.clock.advance(timedelta(days=31))
    answer = site.client().post(path)
    assert (answer.status_code, "expired" in answer.text) == (401, True)
    assert site.records.done == []


def test_an_alert_that_was_never_told_cannot_be_acknowledged() -> None:
    site = Site()
    path = f"/acknowledge/{site.token_for('acknowledge', alert='other')}"
    assert site.client().post(path).status_code == 409


def test_a_feed_is_read_by_a_feed_reader_and_unchanged_answered_with_304() -> None:
    site = Site()
    answer = site.client().get(f"/feed/{TOKEN}")
    feed = feedparser.parse(answer.content)
    (entry,) = feed.entries
    assert entry.title.startswith("[TLP:AMBER] Nickel: Warnung")
    tag = {"If-None-Match": answer.headers["etag"]}
    assert site.client().get(f"/feed/{TOKEN}", headers=tag).status_code == 304
    document = site.client().get(entry.links[0].href.removeprefix("http://127.0.0.1"))
    assert document.headers["content-type"] == "application/cap+xml"
    site.records.notices.append(make_notice(sequence=2))
    assert site.client().get(f"/feed/{TOKEN}", headers=tag).status_code == 200


def test_a_feed_holds_only_what_its_member_may_see_now() -> None:
    feed = feedparser.parse(Site().client().get(f"/feed/{OTHER_TOKEN}").content)
    assert (feed.bozo, feed.entries) == (False, [])


def test_a_rotated_secret_still_opens_and_a_disabled_endpoint_does_not() -> None:
    site = Site()
    assert site.client("jp-feed~jp-older").get("/alerts").status_code == 200
    for token in ("jp-feed~", "jp-feed~jp", "jp-slack~jp-secret", "~", "x~jp-secret", "jp-feed"):
        assert site.client(token).get("/alerts").status_code == 401


def test_an_operators_token_ends_after_its_shift() -> None:
    site = Site()
    client = site.client(site.operator_token)
    assert client.get("/queue").status_code == 200
    site.clock.advance(timedelta(hours=12))
    assert client.get("/queue").status_code == 401


def test_logging_in_sets_a_cookie_that_no_script_and_no_other_site_can_use() -> None:
    client = Site().client()
    assert client.post("/login", data={"token": "wrong"}).status_code == 401
    answer = client.post("/login", data={"token": TOKEN})
    cookie = answer.headers["set-cookie"]
    assert (answer.status_code, answer.headers["location"]) == (303, "/alerts")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert client.get("/alerts").status_code == 200
    client.post("/logout")
    assert client.get("/alerts").status_code == 401


def test_simulated_data_are_called_so_on_every_page() -> None:
    simulated, real = Site(simulated=True), Site()
    for path in ("/login", "/alerts", "/alerts/nickel-price-up-1", "/archive", "/feeds", "/queue"):
        shown, plain = (s.client(s.operator_token).get(path).text for s in (simulated, real))
        assert "Simulated data" in shown
        assert "Simulated data" not in plain


def test_a_browser_without_a_token_is_shown_the_login_page() -> None:
    answer = Site().client().get("/alerts", headers={"Accept": "text/html"})
    assert (answer.status_code, "Access token" in answer.text) == (401, True)


def test_search_and_facets_narrow_the_list() -> None:
    site = Site()
    site.records.events += [
        make_event("cobalt", kind=EventKind.ENDED, sequence=2, grade=Grade.NORMAL),
        make_event("copper", grade=Grade.WATCH, status=MessageStatus.EXERCISE),
    ]
    client = site.client(site.operator_token)

    def found(query: str) -> list[str]:
        return [row["mineral"] for row in client.get(f"/alerts.json?{query}").json()["alerts"]]

    assert found("")[-1] == "copper"
    assert set(found("")) == {"nickel", "tin", "copper"}
    assert found("q=TIN+rise") == ["tin"]
    assert found("grade=watch") == ["copper"]
    assert found("q=nothing") == []
    facets = client.get("/alerts.json?grade=watch").json()["facets"]
    assert facets["grade"] == {"warning": 2, "watch": 1}
    assert facets["mineral"] == {"copper": 1}


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999", "٣"])
def test_a_page_that_is_none_is_the_nearest_one(page: str) -> None:
    client = Site().client(TOKEN)
    assert client.get("/alerts.json", params={"page": page}).json()["page"] == 1


def test_the_archive_takes_its_search_from_the_address_and_refuses_a_broken_cursor() -> None:
    client = Site().client(TOKEN)
    events = client.get("/archive.json?grades=3&years=2022&q=price").json()["events"]
    assert {event["mineral"] for event in events} == {"nickel", "tin"}
    assert client.get("/archive.json?grades=4").json()["events"] == []
    assert len(client.get("/archive.json?grades=x&years=-5&minerals=").json()["events"]) == 2
    assert client.get("/archive?cursor=broken").status_code == 422


def test_an_alerts_label_never_eases_over_its_life() -> None:
    site = Site()
    site.records.events = [
        make_event(tlp=Tlp.AMBER),
        make_event(sequence=2, kind=EventKind.EASED, tlp=Tlp.CLEAR),
    ]
    assert site.client(OTHER_TOKEN).get("/alerts/nickel-price-up-1").status_code == 404
    alert = site.client(TOKEN).get("/alerts/nickel-price-up-1.json").json()
    assert (alert["tlp"], len(alert["life"])) == ("TLP:AMBER", 2)
    assert alert["life"][0]["signals"][0]["percentile"] is None


def test_poison_in_an_alert_stays_text_on_its_page() -> None:
    site = Site()
    site.records.events = [make_event(headline=SHORT_POISON)]
    for path in ("/alerts", "/alerts/nickel-price-up-1"):
        page = site.client(TOKEN).get(path, params={"q": '"><script>'} if path == "/alerts" else {})
        assert "<script" not in page.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"<a", 422),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 422),
        (CAP % b"<msgType>Alert</msgType>", 422),
        (CAP % b"<msgType>Ack</msgType>", 422),
        (CAP % b"<msgType>Ack</msgType><references>a@b,none,2022</references>", 404),
    ],
)
def test_what_is_no_acknowledgement_of_ours_is_refused(body: bytes, status: int) -> None:
    assert Site().client(TOKEN).post("/cap", content=body).status_code == status


@pytest.mark.parametrize("age", [-301, 301])
def test_a_request_of_slack_is_refused_after_five_minutes(age: int) -> None:
    from tests.unit.web.test_routes import SLACK_BODY, SLACK_HEADERS

    site = Site()
    site.clock.advance(timedelta(seconds=age))
    path = "/slack/interactions"
    answer = site.client().post(path, content=SLACK_BODY, headers=SLACK_HEADERS)
    assert (answer.status_code, site.records.done) == (401, [])


def test_without_a_signing_secret_no_request_of_slack_is_believed() -> None:
    site = Site(slack_signing_secret=None)
    headers = {"X-Slack-Request-Timestamp": str(int(NOW.timestamp())), "X-Slack-Signature": "v0="}
    answer = site.client().post("/slack/interactions", content=b"payload={}", headers=headers)
    assert answer.status_code == 401


def test_too_many_requests_are_told_when_to_come_again() -> None:
    site = Site()
    app = create_app(
        site.settings, clock=site.clock, records=site.records, limit=RateLimit(burst=2)
    )
    site.app = app
    client = site.client(TOKEN)
    assert [client.get("/feeds").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/feeds").headers["retry-after"] == "1"
    site.clock.advance(timedelta(seconds=1))
    assert client.get("/feeds").status_code == 200


def test_a_clock_set_back_neither_fills_nor_empties_a_bucket() -> None:
    limit = RateLimit(burst=1, per_second=1.0)
    assert limit.wait_seconds("a", now=NOW) == 0
    assert limit.wait_seconds("a", now=NOW - timedelta(hours=1)) == 1.0
    for client in range(CLIENTS_KEPT + 5):
        limit.wait_seconds(str(client), now=NOW)
    assert len(limit._buckets) == CLIENTS_KEPT


def test_a_foreign_name_in_host_and_a_long_body_are_refused() -> None:
    site = Site()
    assert site.client(TOKEN).get("/feeds", headers={"Host": "evil.example"}).status_code == 400
    body = b"x" * 1_000_001
    assert site.client(TOKEN).post("/cap", content=body).status_code == 413


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "8.8.8.8", "example.org"])
def test_serving_beyond_loopback_must_be_meant(host: str) -> None:
    with pytest.raises(ConfigurationError, match="host"):
        serve(Settings(), host=host)


def test_an_operators_token_made_in_a_shell_opens_the_pages() -> None:
    site = Site()
    token = make_operator_token(site.settings, as_of=NOW)
    assert site.client(token).get("/queue").status_code == 200
    with pytest.raises(ConfigurationError, match="G7WARN_SECRET_KEY"):
        make_operator_token(Settings(), as_of=NOW)


def test_without_a_store_there_are_no_pages() -> None:
    with pytest.raises(ConfigurationError, match="engine"):
        create_app(Settings())


def test_the_full_text_that_a_pointer_leads_to_is_the_notice() -> None:
    answer = Site().client(TOKEN).get("/notices/nickel-price-up-1-1")
    assert answer.json()["mineral"] == "nickel"


def test_under_another_apps_prefix_links_and_cookie_keep_within_it() -> None:
    site, outer = Site(), FastAPI()
    outer.mount("/g7warn", site.app)
    client = PageClient(outer, {})
    answer = client.post("/g7warn/login", data={"token": TOKEN})
    assert answer.headers["location"] == "/g7warn/alerts"
    assert "Path=/g7warn" in answer.headers["set-cookie"]
    page = client.get("/g7warn/alerts").text
    assert 'href="/g7warn/alerts/tin-price-up-1"' in page
    assert 'href="/alerts' not in page


def test_a_task_of_airflow_does_not_pay_for_the_plugin() -> None:
    code = (
        "import sys, types; base = types.ModuleType('airflow.plugins_manager');"
        "base.AirflowPlugin = object; sys.modules['airflow'] = types.ModuleType('airflow');"
        "sys.modules['airflow.plugins_manager'] = base;"
        "triggers = sys.modules['airflow.triggers.base'] = types.ModuleType('base');"
        "sys.modules['airflow.triggers'] = types.ModuleType('triggers');"
        "triggers.BaseTrigger = triggers.TriggerEvent = object;"
        "import g7warn.web.airflow_plugin as p;"
        "print(p.G7WarnPlugin.fastapi_apps, [m for m in ('fastapi', 'sqlalchemy', 'pandas')"
        " if m in sys.modules])"
    )
    done: Any = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[] []"
