"""Make foreign text harmless before any renderer sees it.

Headlines and reasons can carry names that publishers and members typed. What can change how a
reader sees the text around it (control characters, direction marks, invisible characters) is
removed here, once; what means something in one format only (`<`, `&`, `*`) is escaped by the
renderer of that format.
"""

from __future__ import annotations

import re
import unicodedata

LINE_LIMIT = 300
"""Characters of a one-line text (title, label, value). Judgement: two lines on a phone."""

PARAGRAPH_LIMIT = 2_000
"""Characters of a paragraph. Slack refuses a section above 3,000 after escaping."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_ALLOWED_WHITE = "\n\u00a0\u202f"
"""Line breaks, and the spaces that numbers and French punctuation do not break at."""

_WHITE = re.compile("[^\\S\u00a0\u202f]+")
_HIDDEN = re.compile(
    "[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Marks that turn the direction of text, join, hide or select: none is needed in the languages
that notices are written in."""


def clean_text(text: str, *, limit: int = PARAGRAPH_LIMIT) -> str:
    r"""Return `text` without control, direction and invisible characters, cut to `limit`.

    Line breaks (at most two in a row) and non-breaking spaces survive, other white space becomes
    one space.

    Args:
        text: Any text, lone surrogates included.
        limit: Largest number of characters of the result; a longer text ends in an ellipsis.

    Example:
        >>> clean_text("nickel\u202e up\x00\t now")
        'nickel up now'
    """
    shortened = text[: 4 * limit]
    plain = unicodedata.normalize("NFC", shortened.replace("\r\n", "\n").replace("\r", "\n"))
    visible = "".join(_keep_character(character) for character in _HIDDEN.sub("", plain))
    lines = [_WHITE.sub(" ", line).strip() for line in visible.split("\n")]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + ELLIPSIS


def clean_line(text: str, *, limit: int = LINE_LIMIT) -> str:
    r"""Return `text` as one harmless line of at most `limit` characters.

    Example:
        >>> clean_line("Subject: x\r\nBcc: all@example.org")
        'Subject: x Bcc: all@example.org'
    """
    return clean_text(_WHITE.sub(" ", text[: 4 * limit]), limit=limit)


def _keep_character(character: str) -> str:
    if character in _ALLOWED_WHITE:
        return character
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    return "" if category in {"Cs", "Co", "Cn", "Cf"} else character
