"""Slack: Block Kit blocks and the plain-text fallback that notifications and old clients show.

Source: Slack, Block Kit reference and "Escaping text" (limits: 150 characters a header, 3,000 a
text, 2,000 a field, 10 fields a section, 50 blocks a message), seen 2026-11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from g7warn.deliver.message import LinkKind
from g7warn.deliver.neutral import ELLIPSIS
from g7warn.domain.alert import Grade

if TYPE_CHECKING:
    from g7warn.deliver.message import Content, Link, Message

HEADER_LIMIT = 150
TEXT_LIMIT = 3_000
FIELD_LIMIT = 2_000
FIELDS_A_SECTION = 10
BLOCKS_LIMIT = 50

_SHAPES: dict[Grade, str] = {
    Grade.BLIND: "\N{BLACK QUESTION MARK ORNAMENT}",
    Grade.NORMAL: "\N{WHITE HEAVY CHECK MARK}",
    Grade.WATCH: "\N{LARGE BLUE CIRCLE}",
    Grade.ADVISORY: "\N{LARGE ORANGE DIAMOND}",
    Grade.WARNING: "\N{UP-POINTING RED TRIANGLE}",
    Grade.CRITICAL: "\N{OCTAGONAL SIGN}",
}
"""Each grade has its own shape beside its colour: colour alone tells one reader in twelve
nothing."""

_BUTTONS = (LinkKind.ACKNOWLEDGE, LinkKind.MUTE, LinkKind.PAGE)

_Block: TypeAlias = dict[str, object]


def render_slack(message: Message) -> dict[str, object]:
    """Return the `text` and `blocks` arguments of `chat.postMessage`.

    No text can mention a channel or a person, nor become a link: `<`, `>` and `&` are escaped and
    unfurling is off.
    """
    blocks = _render_content(message.content)
    for item in message.items:
        if len(blocks) + 5 > BLOCKS_LIMIT:
            blocks.append(_context(ELLIPSIS))
            break
        blocks += [{"type": "divider"}, *_render_item(item)]
    return {
        "text": escape_slack(message.content.marked_title, limit=TEXT_LIMIT),
        "blocks": blocks[:BLOCKS_LIMIT],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def escape_slack(text: str, *, limit: int = TEXT_LIMIT) -> str:
    """Return `text` so that Slack shows it literally, at most `limit` characters after escaping.

    Example:
        >>> escape_slack("<!channel> & more")
        '&lt;!channel&gt; &amp; more'
    """
    pieces: list[str] = []
    length = 0
    for character in text:
        piece = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(character, character)
        length += len(piece)
        if length > limit - 1:
            return "".join(pieces) + ELLIPSIS
        pieces.append(piece)
    return "".join(pieces)


def _render_content(content: Content) -> list[_Block]:
    blocks: list[_Block] = [_context(content.tlp.label, *content.banners)]
    title = f"{_SHAPES[content.grade]} {content.marked_title}"
    blocks.append({"type": "header", "text": _plain(title, limit=HEADER_LIMIT)})
    if content.summary:
        blocks.append({"type": "section", "text": _plain(content.summary)})
    fields = [_plain(f"{fact.label}\n{fact.value}", limit=FIELD_LIMIT) for fact in content.facts]
    blocks.extend(
        {"type": "section", "fields": fields[start : start + FIELDS_A_SECTION]}
        for start in range(0, len(fields), FIELDS_A_SECTION)
    )
    if content.reasons:
        bullets = "\n".join(f"\N{BULLET} {reason}" for reason in content.reasons)
        blocks.append({"type": "section", "text": _plain(bullets)})
    if content.instruction:
        blocks.append({"type": "section", "text": _plain(content.instruction)})
    buttons = [_button(link, content) for link in content.links if link.kind in _BUTTONS]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    if content.footnote:
        blocks.append(_context(content.footnote))
    return blocks


def _render_item(item: Content) -> list[_Block]:
    text = f"{_SHAPES[item.grade]} {item.marked_title}\n{item.summary}"
    blocks: list[_Block] = [{"type": "section", "text": _plain(text)}]
    if page := item.find_link(LinkKind.PAGE):
        blocks.append(_context(page))
    return blocks


def _plain(text: str, *, limit: int = TEXT_LIMIT) -> _Block:
    return {"type": "plain_text", "text": escape_slack(text, limit=limit), "emoji": False}


def _context(*texts: str) -> _Block:
    return {"type": "context", "elements": [_plain(text, limit=FIELD_LIMIT) for text in texts]}


def _button(link: Link, content: Content) -> _Block:
    button: _Block = {
        "type": "button",
        "text": _plain(link.label, limit=75),
        "action_id": f"g7warn_{link.kind}",
        "value": content.alert_id[:2000],
    }
    if link.kind is LinkKind.PAGE:
        button["url"] = link.url
    return button
