from __future__ import annotations

from datetime import timedelta
from typing import Any

import feedparser
import pytest

from g7warn.deliver.render_atom import render_feed
from tests.support.messages import SENT_AT, make_content, make_poison

URL = "https://g7.example/feed"


def _read(*contents: Any) -> Any:
    document = render_feed(
        [(content, f"{URL}/{content.identifier}.cap") for content in contents],
        title="g7warn: Japan",
        feed_id="jp-feed",
        self_url=URL,
        updated=SENT_AT,
        language="en",
    )
    return feedparser.parse(document)


def test_a_feed_reader_finds_entries_newest_first_with_their_cap_documents() -> None:
    newer = make_content(identifier="b", sent_at=SENT_AT + timedelta(days=1))
    feed = _read(make_content(identifier="a"), newer)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["[TLP:GREEN] Nickel: Warning, price up"] * 2
    (link,) = feed.entries[0].links
    assert (link.rel, link.type, link.href) == ("alternate", "application/cap+xml", f"{URL}/b.cap")
    assert {tag.term for tag in feed.entries[0].tags} == {"TLP:GREEN", "Actual", "warning"}
    assert feed.feed.updated == newer.sent_at.isoformat()


def test_an_empty_feed_is_a_feed() -> None:
    feed = _read()
    assert (feed.bozo, feed.entries) == (False, [])


def test_an_entry_keeps_its_id_whatever_else_is_in_the_feed() -> None:
    one, other = make_content(identifier="a"), make_content(identifier="b")
    both = {entry.id for entry in _read(one, other).entries}
    assert both == {_read(one).entries[0].id, _read(other).entries[0].id}
    assert len(both) == 2


def test_poison_leaves_the_feed_well_formed() -> None:
    feed = _read(make_poison(identifier="p").content)
    assert not feed.bozo
    assert "\x00" not in feed.entries[0].summary


@pytest.mark.parametrize("field", ["title", "summary"])
def test_markup_in_a_text_is_declared_as_text_and_stays_as_written(field: str) -> None:
    entry = _read(make_content(**{field: "<b>bold</b> & <script>"})).entries[0]
    assert entry[f"{field}_detail"].type == "text/plain"
    assert entry[field].endswith("<b>bold</b> & <script>")
