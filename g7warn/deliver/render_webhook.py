"""Webhook bodies: a thin pointer for what must not travel, the whole notice for what may."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from g7warn.deliver.language import open_words
from g7warn.deliver.message import LinkKind, MessageKind
from g7warn.domain.marking import Tlp

if TYPE_CHECKING:
    from g7warn.deliver.message import Content, Message

BODY_LIMIT = 20_000
"""Bytes of a body. Source: Standard Webhooks 1.0.0 recommends payloads below 20 kB."""

THIN_FROM = Tlp.AMBER
"""Labels from here on travel as a pointer that the receiver follows with its own token."""


def render_webhook(message: Message) -> bytes:
    """Return the JSON body of a message, always below `BODY_LIMIT`.

    For AMBER and stricter, and for what would be too long, it says that there is something and
    where, never what: identifier, label, status, grade, time, link.
    """
    content = message.content
    pointer = {
        "identifier": content.identifier,
        "alert_id": content.alert_id,
        "tlp": content.tlp.label,
        "status": str(content.status),
        "grade": content.grade.label,
        "language": content.language,
        "sent": content.sent_at.isoformat(),
        "url": content.find_link(LinkKind.FULL_TEXT) or content.find_link(LinkKind.PAGE),
    }
    words = open_words(content.language)
    grade = words.say(f"grade.{content.grade.label}")
    thin = _wrap(message, {**pointer, "title": words.say("thin.title", grade=grade)}, is_thin=True)
    if content.tlp >= THIN_FROM and message.kind is not MessageKind.HEARTBEAT:
        return thin
    whole = _wrap(message, {**pointer, **_describe(content), "notice": message.body}, is_thin=False)
    return whole if len(whole) < BODY_LIMIT else thin


def _describe(content: Content) -> dict[str, object]:
    return {
        "title": content.title,
        "banners": list(content.banners),
        "summary": content.summary,
        "facts": {fact.label: fact.value for fact in content.facts},
        "reasons": list(content.reasons),
        "instruction": content.instruction,
    }


def _wrap(message: Message, data: dict[str, object], *, is_thin: bool) -> bytes:
    document = {
        "type": f"g7warn.{message.kind}",
        "timestamp": message.content.sent_at.isoformat(),
        "thin": is_thin,
        "data": data,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()
