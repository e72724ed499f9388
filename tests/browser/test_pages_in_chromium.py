"""A person at the pages, in a real browser that may reach nothing but this machine."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from g7warn.deliver.links import ACKNOWLEDGE
from tests.support.web import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Site, str]]:
    """A running site and its address."""
    site = Site()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(site.app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield site, address
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any, site: tuple[Site, str]) -> Iterator[Any]:
    """A fresh window; afterwards nothing may have been asked of any other host."""
    context = browser.new_context(base_url=site[1])
    window = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.on("console", lambda message: complaints.append(message.text))
    yield window
    context.close()
    assert [url for url in asked if not url.startswith(site[1])] == []
    assert [text for text in complaints if "Content Security Policy" in text] == []


def test_an_operator_logs_in_finds_an_alert_and_sees_its_evidence(
    page: Any, site: tuple[Site, str]
) -> None:
    page.goto("/alerts")
    page.get_by_label("Access token").fill(site[0].operator_token)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/alerts")
    page.get_by_role("searchbox").fill("nickel")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("status").inner_text().startswith("1 found")
    page.get_by_role("link", name="Warning: nickel, price rise").click()
    chart = page.get_by_role("img")
    chart.wait_for()
    assert chart.get_attribute("alt").startswith("Chart: price of Nickel")
    assert chart.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert "nickel.market.price.world.worldbank" in page.locator("main").inner_text()


def test_facets_narrow_and_widen_the_list(page: Any, site: tuple[Site, str]) -> None:
    page.set_extra_http_headers({"Authorization": f"Bearer {site[0].operator_token}"})
    page.goto("/alerts")
    page.get_by_role("navigation", name="Filters").get_by_role("link", name="tin").click()
    assert page.get_by_role("status").inner_text().startswith("1 found")
    page.get_by_role("navigation", name="Filters").get_by_role("link", name="tin").click()
    assert page.get_by_role("status").inner_text().startswith("2 found")


def test_a_member_acknowledges_from_a_mail_in_its_language(
    browser: Any, site: tuple[Site, str]
) -> None:
    context = browser.new_context(base_url=site[1], locale="fr-FR")
    window = context.new_page()
    window.goto(f"/acknowledge/{site[0].token_for(ACKNOWLEDGE)}")
    assert window.locator("html").get_attribute("lang") == "fr"
    window.get_by_role("button", name="Accuser réception").click()
    assert "accusé de réception" in window.get_by_role("status").inner_text()
    assert ("acknowledge", "nickel-price-up-1", "jp", "duty", "link") in site[0].records.done
    context.close()


def test_nothing_overflows_on_a_phone(page: Any, site: tuple[Site, str]) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_extra_http_headers({"Authorization": f"Bearer {site[0].operator_token}"})
    for path in ("/alerts", "/alerts/nickel-price-up-1", "/feeds", "/feeds/worldbank", "/queue"):
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, path
