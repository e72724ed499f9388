"""Messages: one notice in one language for one reader, before any channel gives it a form.

`Content` is what a reader is told, translated and harmless; renderers turn it into text, blocks,
HTML or JSON and add nothing. `ActualMessage` and `ExerciseMessage` are different types, and a
channel takes one of them: a practice message cannot reach a real reader by a forgotten `if`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from g7warn.deliver.neutral import PARAGRAPH_LIMIT, clean_line, clean_text
from g7warn.domain.marking import MessageStatus, Tlp

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.domain.alert import Grade

REASONS_SHOWN = 8
"""Reasons in a message; the rest stand on the alert's page. Judgement: one screen."""


class MessageKind(StrEnum):
    """What a message is for; receivers may filter by it."""

    NOTICE = "notice"
    DIGEST = "digest"
    HEARTBEAT = "heartbeat"
    REMINDER = "reminder"


class LinkKind(StrEnum):
    """What following a link does."""

    PAGE = "page"
    ACKNOWLEDGE = "acknowledge"
    MUTE = "mute"
    UNSUBSCRIBE = "unsubscribe"
    FULL_TEXT = "full_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A labelled value, both in the reader's language."""

    label: str
    value: str

    def __post_init__(self) -> None:
        _replace(self, label=clean_line(self.label), value=clean_line(self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Something the reader can do.

    Attributes:
        kind: What following it does.
        label: Words of the button, in the reader's language.
        url: Absolute http or https address, signed where it acts.
    """

    kind: LinkKind
    label: str
    url: str

    def __post_init__(self) -> None:
        url = "".join(clean_line(self.url, limit=PARAGRAPH_LIMIT).split())
        is_web = url.startswith(("https://", "http://"))
        _replace(self, label=clean_line(self.label, limit=75), url=url if is_web else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of the evidence.

    Attributes:
        png: Bitmap of about 1,200 x 630 pixels.
        svg: The same as vector graphics.
        alt: What the picture shows, in the reader's language, for those who cannot see it.
    """

    png: bytes = field(repr=False)
    svg: bytes = field(repr=False)
    alt: str

    def __post_init__(self) -> None:
        _replace(self, alt=clean_text(self.alt, limit=1_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one reader is told about one thing.

    Attributes:
        identifier: Identifier of the notice; the same in every channel and language.
        alert_id: Alert it belongs to; empty for digests and heartbeats.
        language: en, fr, de, it or ja.
        tlp: Label; written first wherever the content is shown, never translated.
        status: Actual, or Exercise and its like.
        grade: Decides colour and order.
        sent_at: Instant of the notice, aware and in UTC.
        title: One line: mineral, what, grade.
        banners: What must be read before anything else ("Exercise", "not reviewed").
        summary: What is expected, in words that can be checked later.
        facts: Labelled values, most telling first.
        reasons: Plain sentences, most telling first.
        instruction: What the reader may do.
        footnote: Data vintage, rule, how to reach us.
        links: What the reader can do from here.
        chart: Picture of the evidence, or None where there is no series to draw.
    """

    identifier: str
    alert_id: str
    language: str
    tlp: Tlp
    status: MessageStatus
    grade: Grade
    sent_at: datetime
    title: str
    banners: tuple[str, ...] = ()
    summary: str = ""
    facts: tuple[Fact, ...] = ()
    reasons: tuple[str, ...] = ()
    instruction: str = ""
    footnote: str = ""
    links: tuple[Link, ...] = ()
    chart: Chart | None = None

    def __post_init__(self) -> None:
        _replace(
            self,
            identifier=clean_line(self.identifier),
            alert_id=clean_line(self.alert_id),
            title=clean_line(self.title, limit=140),
            banners=tuple(clean_line(banner) for banner in self.banners),
            summary=clean_text(self.summary),
            reasons=tuple(clean_text(r, limit=600) for r in self.reasons[:REASONS_SHOWN]),
            instruction=clean_text(self.instruction),
            footnote=clean_text(self.footnote),
            links=tuple(link for link in self.links if link.url),
        )

    @property
    def marked_title(self) -> str:
        """Label, status where it is not Actual, and title: the subject of every form.

        Example: `[TLP:GREEN] [EXERCISE] Nickel: Warning, price up`.
        """
        marks = [f"[{self.tlp.label}]"]
        if self.status is not MessageStatus.ACTUAL:
            marks.append(f"[{self.status.upper()}]")
        return " ".join([*marks, self.title])

    def find_link(self, kind: LinkKind) -> str:
        """Return the address of the first link of a kind, empty where there is none."""
        return next((link.url for link in self.links if link.kind is kind), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a channel sends; made only as one of the two types below.

    Attributes:
        content: The text. A digest's own content introduces its `items`.
        kind: What the message is for.
        items: Contents of a digest, worst first; empty otherwise.
        thread: `Receipt.thread` of the alert's first message at this endpoint; empty for the first.
        body: Machine-readable twin: the notice as JSON-safe mapping; empty where there is none.
    """

    content: Content
    kind: MessageKind = MessageKind.NOTICE
    items: tuple[Content, ...] = ()
    thread: str = ""
    body: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActualMessage(Message):
    """A message that means what it says: status Actual, or System for a heartbeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseMessage(Message):
    """A practice message: status Exercise, Test or Draft."""


def _replace(frozen: object, /, **changes: object) -> None:
    for name, changed in changes.items():
        object.__setattr__(frozen, name, changed)
