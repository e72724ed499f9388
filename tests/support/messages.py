"""Builders of contents and messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from g7warn.deliver.message import ActualMessage, Content, ExerciseMessage, Fact, Link, LinkKind
from g7warn.domain.alert import Grade
from g7warn.domain.marking import MessageStatus, Tlp

SENT_AT = datetime(2022, 4, 5, 6, 30, tzinfo=UTC)

POISON = (
    "x"
    * 100_000
    + "\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script> <!channel> <@U1> *b* `c` &amp; "
    "\x00\x07\x1b[31m\u202egnp.exe\u2066 \ud800 ]]> {{7*7}} %s ' OR 1=1 -- http://evil.example/"
)
SHORT_POISON = POISON[100_000:]


def make_content(**changes: Any) -> Content:
    facts: dict[str, Any] = {
        "identifier": "nickel-price-up-0123456789.1.0",
        "alert_id": "nickel-price-up-0123456789",
        "language": "en",
        "tlp": Tlp.GREEN,
        "status": MessageStatus.ACTUAL,
        "grade": Grade.WARNING,
        "sent_at": SENT_AT,
        "title": "Nickel: Warning, price up",
        "summary": "Price at least 30 % above today's within 6 months.",
        "facts": (Fact(label="Probability", value="62 %"), Fact(label="Horizon", value="6 months")),
        "reasons": ("The price rose 48 % in 3 months, more than in 99 % of its past.",),
        "instruction": "Check stocks and contracts.",
        "footnote": "Data known at 5 April 2022.",
        "links": (
            Link(kind=LinkKind.ACKNOWLEDGE, label="Acknowledge", url="https://g7.example/a/1"),
            Link(kind=LinkKind.MUTE, label="Mute", url="https://g7.example/m/1"),
            Link(kind=LinkKind.PAGE, label="Open", url="https://g7.example/alerts/1"),
            Link(kind=LinkKind.UNSUBSCRIBE, label="Unsubscribe", url="https://g7.example/u/1"),
        ),
    }
    return Content(**(facts | changes))


def make_message(**changes: Any) -> ActualMessage:
    return ActualMessage(content=make_content(**changes), body={"identifier": "nickel"})


def make_exercise(**changes: Any) -> ExerciseMessage:
    return ExerciseMessage(content=make_content(**{"status": MessageStatus.EXERCISE} | changes))


def make_poison(**changes: Any) -> ActualMessage:
    poison = dict.fromkeys(("title", "summary", "instruction", "footnote", "alert_id"), POISON)
    fact = Fact(label=SHORT_POISON, value=POISON)
    link = Link(kind=LinkKind.PAGE, label=POISON, url="javascript:alert(1)")
    lists = {"facts": (fact,) * 3, "reasons": (POISON, SHORT_POISON) * 50, "banners": (POISON,)}
    return make_message(**poison, **lists, links=(link, *make_content().links), **changes)
