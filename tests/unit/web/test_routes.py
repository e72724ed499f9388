"""Every route is asked by nobody, by somebody it is not for, and by somebody it is for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.routing import APIRoute
from slack_sdk.signature import SignatureVerifier

from g7warn.alerts.cap import notice_to_ack
from tests.support.web import NOW, OTHER_TOKEN, SLACK_SECRET, TOKEN, Site

NOTICE = "nickel-price-up-1-1"
ALERT = "nickel-price-up-1"


@dataclass(frozen=True)
class Case:
    """How a route is asked. What is not for a visitor looks like what is not there (404)."""

    path: str
    method: str = "GET"
    by_nobody: int = 401
    by_others: int = 403
    allowed: int = 200
    path_by_others: str = ""
    path_by_nobody: str = ""
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    others: str = OTHER_TOKEN
    visitor: str = TOKEN


def _slack(channel: str) -> tuple[bytes, dict[str, str]]:
    payload = {
        "user": {"id": "U1", "name": "duty"},
        "channel": {"id": channel},
        "actions": [{"action_id": "g7warn_acknowledge", "value": ALERT}],
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    stamp = str(int(NOW.timestamp()))
    signature = SignatureVerifier(SLACK_SECRET).generate_signature(timestamp=stamp, body=body)
    return body, {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}


SITE = Site()
LINKS = {purpose: SITE.token_for(purpose) for purpose in ("acknowledge", "mute")}
LINKS["unsubscribe"] = SITE.token_for("unsubscribe", endpoint="jp-mail")
ACK = notice_to_ack(SITE.records.notices[0], sender="cap@jp.example", sent=NOW, identifier="a1")
SLACK_BODY, SLACK_HEADERS = _slack("C-jp")
FOREIGN_BODY, FOREIGN_HEADERS = _slack("C-xx")

FREE = {"GET /login", "POST /login", "POST /logout"}
"""Routes for those who are not known yet; they show and change nothing."""

CASES: dict[str, Case] = {
    "GET /": Case("/", by_others=307, allowed=307),
    "GET /alerts": Case("/alerts", by_others=200),
    "GET /alerts.json": Case("/alerts.json", by_others=200),
    "GET /archive": Case("/archive", by_others=200),
    "GET /archive.json": Case("/archive.json", by_others=200),
    "GET /alerts/{alert_id}": Case(f"/alerts/{ALERT}", by_others=404),
    "GET /alerts/{alert_id}.json": Case(f"/alerts/{ALERT}.json", by_others=404),
    "GET /alerts/{alert_id}/chart.{form}": Case(f"/alerts/{ALERT}/chart.svg", by_others=404),
    "GET /feeds": Case("/feeds", by_others=200),
    "GET /feeds.json": Case("/feeds.json", by_others=200),
    **{
        f"GET {route}": Case(path, others=TOKEN, visitor=SITE.operator_token)
        for route, path in (
            ("/feeds/{feed}", "/feeds/worldbank"),
            ("/feeds/{feed}.json", "/feeds/worldbank.json"),
            ("/feeds/{feed}/reports/{payload}", f"/feeds/worldbank/reports/{'0' * 64}"),
        )
    },
    "GET /queue": Case("/queue", others=TOKEN, visitor=SITE.operator_token),
    "GET /queue.json": Case("/queue.json", others=TOKEN, visitor=SITE.operator_token),
    "GET /notices/{identifier}": Case(f"/notices/{NOTICE}", by_others=404),
    "GET /notices/{identifier}.cap": Case(f"/notices/{NOTICE}.cap", by_others=404),
    "POST /cap": Case("/cap", "POST", content=ACK, others=SITE.operator_token),
    "GET /feed/{token}": Case(
        f"/feed/{TOKEN}", path_by_nobody="/feed/jp-feed~wrong", by_others=200,
        path_by_others=f"/feed/{OTHER_TOKEN}",
    ),
    "GET /feed/{token}/{identifier}.cap": Case(
        f"/feed/{TOKEN}/{NOTICE}.cap", path_by_nobody=f"/feed/x~y/{NOTICE}.cap", by_others=404,
        path_by_others=f"/feed/{OTHER_TOKEN}/{NOTICE}.cap",
    ),
    "POST /slack/interactions": Case(
        "/slack/interactions", "POST", content=SLACK_BODY, headers=SLACK_HEADERS
    ),
    **{
        f"{method} /{purpose}/{{token}}": Case(
            f"/{purpose}/{token}",
            method,
            path_by_nobody=f"/{purpose}/nonsense",
            # a token for something else is no token here
            path_by_others=f"/{purpose}/{SITE.token_for('other')}",
            by_others=401,
        )
        for purpose, token in LINKS.items()
        for method in ("GET", "POST")
    },
}  # fmt: skip


def _list_routes() -> list[str]:
    routes = [route for route in SITE.app.routes if isinstance(route, APIRoute)]
    return sorted(f"{method} {route.path}" for route in routes for method in route.methods)


def test_the_table_names_every_route() -> None:
    assert set(_list_routes()) == set(CASES) | FREE


@pytest.mark.parametrize("name", sorted(CASES))
def test_nobody_is_refused(name: str) -> None:
    case = CASES[name]
    answer = (
        Site().client().request(case.method, case.path_by_nobody or case.path, content=case.content)
    )
    assert answer.status_code == case.by_nobody


@pytest.mark.parametrize("name", sorted(CASES))
def test_others_are_refused_or_see_only_what_is_theirs(name: str) -> None:
    case = CASES[name]
    path, content, headers = case.path_by_others or case.path, case.content, case.headers
    if headers:
        content, headers = FOREIGN_BODY, FOREIGN_HEADERS
    answer = Site().client(case.others).request(case.method, path, content=content, headers=headers)
    assert answer.status_code == case.by_others
    if answer.status_code == 200:
        assert "nickel" not in answer.text


@pytest.mark.parametrize("name", sorted(CASES))
def test_those_it_is_for_are_served(name: str) -> None:
    case = CASES[name]
    is_own_token = case.path_by_nobody or case.headers
    client = Site().client("" if is_own_token else case.visitor)
    answer = client.request(case.method, case.path, content=case.content, headers=case.headers)
    assert answer.status_code == case.allowed


@pytest.mark.parametrize("name", [*sorted(CASES), "GET /login"])
def test_every_answer_wears_the_shield(name: str) -> None:
    method, path = name.split(" ", 1)
    answer = Site().client().request(method, CASES[name].path if name in CASES else path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "server" not in answer.headers


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/static", "/../etc/passwd"])
def test_nothing_else_is_there(path: str) -> None:
    assert Site().client(TOKEN).get(path).status_code == 404


def test_pages_name_no_foreign_host_and_hold_no_script() -> None:
    client = Site().client(SITE.operator_token)
    for case in CASES.values():
        if case.method == "GET":
            page: Any = client.get(case.path)
            if "html" in page.headers.get("content-type", ""):
                assert "http://" not in page.text
                assert "https://" not in page.text
                assert "<script" not in page.text
