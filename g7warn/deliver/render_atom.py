"""A member's feed: Atom whose entries point to CAP documents; readers of both need nothing else.

Source: RFC 4287 (Atom); CAP 1.2 practice of a feed with one entry a message and the document as
`link` of type application/cap+xml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from g7warn.deliver.neutral import clean_line
from g7warn.deliver.render_text import render_content

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from g7warn.deliver.message import Content

NAMESPACE = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"


def render_feed(
    contents: Sequence[tuple[Content, str]],
    *,
    title: str,
    feed_id: str,
    self_url: str,
    updated: datetime,
    language: str,
) -> bytes:
    """Return an Atom document, newest entry first.

    Args:
        contents: What is told, each with the address of its CAP document (empty for none).
        title: Name of the feed.
        feed_id: Name of the feed that stays when its address changes.
        self_url: Its own address.
        updated: Used where there is no entry yet, aware.
        language: Of titles and texts.
    """
    feed = etree.Element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    newest_first = sorted(contents, key=lambda pair: pair[0].sent_at, reverse=True)
    _add(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, feed_id)}")
    _add(feed, "title", clean_line(title))
    instant = newest_first[0][0].sent_at if newest_first else updated
    _add(feed, "updated", instant.isoformat(timespec="seconds"))
    _add(_add(feed, "author"), "name", "g7warn")
    _add(feed, "link", rel="self", type="application/atom+xml", href=self_url)
    for content, cap_url in newest_first:
        _add_entry(feed, content, cap_url)
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="UTF-8"))


def _add_entry(feed: etree._Element, content: Content, cap_url: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, content.identifier)}")
    _add(entry, "title", content.marked_title)
    _add(entry, "updated", content.sent_at.isoformat(timespec="seconds"))
    for scheme, term in (
        ("tlp", content.tlp.label),
        ("status", str(content.status)),
        ("grade", content.grade.label),
    ):
        _add(entry, "category", scheme=f"urn:g7warn:{scheme}", term=term)
    if cap_url:
        _add(entry, "link", rel="alternate", type=CAP_TYPE, href=cap_url)
    _add(entry, "summary", content.summary, type="text")
    _add(entry, "content", render_content(content), type="text")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    if text:
        element.text = text
    return element
