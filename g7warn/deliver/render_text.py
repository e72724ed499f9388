"""Plain text: the form that every other one falls back to."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from g7warn.deliver.message import Content, Message

WIDTH = 78
"""Columns of a line: what a mail reader and a terminal show without wrapping."""


def render_text(message: Message) -> str:
    """Return a message as plain text of lines no longer than `WIDTH` where words allow it.

    The label stands first; a digest repeats it before each of its items.
    """
    parts = [render_content(message.content)]
    parts.extend(render_content(item) for item in message.items)
    return f"\n{'-' * WIDTH}\n".join(parts)


def render_content(content: Content) -> str:
    """Return what is told about one thing as plain text, label first."""
    lines = [content.tlp.label, *(f"*** {banner} ***" for banner in content.banners), ""]
    lines += [*_wrap(content.title), ""]
    if content.summary:
        lines += [*_wrap(content.summary), ""]
    lines += [f"  {fact.label}: {fact.value}" for fact in content.facts]
    lines += [""] * bool(content.facts)
    for reason in content.reasons:
        lines += _wrap(reason, first="  - ", rest="    ")
    lines += [""] * bool(content.reasons)
    if content.instruction:
        lines += [*_wrap(content.instruction), ""]
    if content.chart:
        lines += [*_wrap(content.chart.alt, first="[", rest=" "), ""]
        lines[-2] += "]"
    lines += [f"{link.label}: {link.url}" for link in content.links]
    lines += [""] * bool(content.links)
    lines += _wrap(content.footnote)
    return "\n".join(lines).rstrip() + "\n"


def _wrap(text: str, *, first: str = "", rest: str = "") -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += textwrap.wrap(
            paragraph,
            WIDTH,
            initial_indent=first if not lines else rest,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines
