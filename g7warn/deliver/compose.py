"""Compose: a notice becomes a message in one reader's language, of the type its kind asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from g7warn.deliver.language import open_words
from g7warn.deliver.message import (
    ActualMessage,
    Content,
    ExerciseMessage,
    Link,
    LinkKind,
    Message,
    MessageKind,
)
from g7warn.deliver.wording import (
    word_banners,
    word_change,
    word_facts,
    word_finding,
    word_headline,
    word_step,
)
from g7warn.domain.alert import Grade
from g7warn.domain.marking import MessageStatus, Tlp
from g7warn.domain.notice import ActualNotice, ExerciseNotice
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from g7warn.deliver.language import Words
    from g7warn.deliver.message import Chart
    from g7warn.domain.notice import Notice

INSTRUCTIONS = {
    "Monitor": "instruction.monitor",
    "Assess": "instruction.assess",
    "Prepare": "instruction.prepare",
    "Execute": "instruction.execute",
    "AllClear": "instruction.all_clear",
}
"""CAP response type -> what it means for a member; None has no instruction."""


@overload
def compose_message(
    notice: ActualNotice,
    *,
    language: str = ...,
    urls: Mapping[LinkKind, str] = ...,
    chart: Chart | None = ...,
    thread: str = ...,
) -> ActualMessage: ...
@overload
def compose_message(
    notice: ExerciseNotice,
    *,
    language: str = ...,
    urls: Mapping[LinkKind, str] = ...,
    chart: Chart | None = ...,
    thread: str = ...,
) -> ExerciseMessage: ...
def compose_message(
    notice: ActualNotice | ExerciseNotice,
    *,
    language: str = "en",
    urls: Mapping[LinkKind, str] | None = None,
    chart: Chart | None = None,
    thread: str = "",
) -> Message:
    """Return a notice as a message for one reader.

    Args:
        notice: What is told.
        language: Of the reader; English where it is none of ours.
        urls: Absolute addresses of what the reader can do; the labels are added.
        chart: Picture of the evidence.
        thread: `Receipt.thread` of the alert's first message at the same endpoint.
    """
    content = compose_content(notice, language=language, urls=urls or {}, chart=chart)
    kind = MessageKind.REMINDER if notice.repeat else MessageKind.NOTICE
    return message_type(notice)(
        content=content, kind=kind, thread=thread, body=describe_notice(notice)
    )


def compose_digest(
    notices: Sequence[ActualNotice] | Sequence[ExerciseNotice],
    *,
    language: str,
    sent_at: datetime,
    identifier: str,
    urls: Mapping[LinkKind, str] | None = None,
) -> Message:
    """Return several notices as one message, worst first; its label is their strictest.

    Args:
        notices: At least one, all of one kind.
        language: Of the reader.
        sent_at: Instant of the digest, aware.
        identifier: Unique name of the digest.
        urls: Addresses for the digest as a whole, such as unsubscribing.

    Raises:
        ConfigurationError: No notice, or both kinds together.
    """
    if len({type(notice) for notice in notices}) != 1:
        text = f"digest {identifier!r}: give at least one notice, all of one kind"
        raise ConfigurationError(text, identifier=identifier)
    words = open_words(language)
    ordered = sorted(notices, key=lambda notice: (-notice.grade, notice.mineral))
    title = words.say(
        "digest.title", date=words.date(sent_at), count=words.number(len(ordered), digits=0)
    )
    content = Content(
        identifier=identifier,
        alert_id="",
        language=words.language,
        tlp=Tlp.strictest(notice.tlp for notice in ordered),
        status=ordered[0].status,
        grade=ordered[0].grade,
        sent_at=sent_at,
        title=title,
        banners=word_banners(ordered[0], words)[:1] if _is_practice(ordered[0]) else (),
        summary=words.say("digest.summary"),
        links=_label_links(urls or {}, words),
    )
    items = tuple(
        compose_content(notice, language=words.language, urls={}, chart=None) for notice in ordered
    )
    return message_type(ordered[0])(
        content=content,
        kind=MessageKind.DIGEST,
        items=items,
        body={"notices": [describe_notice(notice) for notice in ordered]},
    )


def compose_content(
    notice: Notice, *, language: str, urls: Mapping[LinkKind, str], chart: Chart | None
) -> Content:
    """Return what one reader is told about one notice."""
    words = open_words(language)
    return Content(
        identifier=notice.identifier,
        alert_id=notice.alert_id,
        language=words.language,
        tlp=notice.tlp,
        status=notice.status,
        grade=notice.grade,
        sent_at=notice.sent,
        title=word_headline(notice, words),
        banners=word_banners(notice, words),
        summary=word_step(notice, words),
        facts=word_facts(notice, words),
        reasons=tuple(word_finding(finding, words) for finding in notice.findings),
        instruction=word_instruction(notice, words),
        footnote=_word_footnote(notice, words),
        links=_label_links(urls, words),
        chart=chart,
    )


def describe_notice(notice: Notice) -> dict[str, object]:
    """Return a notice as a JSON-safe mapping in CAP's words, the same in every language."""
    return {
        "identifier": notice.identifier,
        "sender": notice.sender,
        "sent": notice.sent.isoformat(),
        "status": str(notice.status),
        "msgType": str(notice.msg_type),
        "scope": str(notice.scope),
        "tlp": notice.tlp.label,
        "references": [r.identifier for r in notice.references],
        "alert_id": notice.alert_id,
        "sequence": notice.sequence,
        "event": str(notice.kind),
        "mineral": notice.mineral,
        "hs": list(notice.hs),
        "area": notice.fingerprint.area,
        "family": str(notice.fingerprint.family),
        "direction": str(notice.fingerprint.direction),
        "grade": notice.grade.label,
        "previous_grade": notice.previous_grade.label,
        "severity": notice.severity.name.lower(),
        "certainty": notice.certainty.name.lower(),
        "probability": round(notice.probability, 4),
        "horizon_months": notice.horizon_months,
        "onset": notice.onset.isoformat(),
        "expires": notice.expires.isoformat(),
        "criterion": notice.criterion,
        "headline": notice.headline,
        "reasons": [
            {
                "key": finding.key,
                "text": finding.text,
                "values": dict(finding.values),
                "thresholds": dict(finding.thresholds),
            }
            for finding in notice.findings
        ],
        "changes": [word_change(change, open_words("en")) for change in notice.changes],
        "rule": notice.rule,
        "is_simulated": notice.is_simulated,
        "is_reviewed": notice.is_reviewed,
    }


def message_type(notice: Notice) -> type[ActualMessage | ExerciseMessage]:
    """Return the type of message that a notice's kind makes.

    Raises:
        ConfigurationError: A bare `Notice`: only the two kinds are sent.
    """
    types: dict[type[Notice], type[ActualMessage | ExerciseMessage]] = {
        ActualNotice: ActualMessage,
        ExerciseNotice: ExerciseMessage,
    }
    if type(notice) not in types:
        text = f"notice {notice.identifier!r} is neither Actual nor Exercise: it is not sent"
        raise ConfigurationError(text, identifier=notice.identifier)
    return types[type(notice)]


def word_instruction(notice: Notice, words: Words) -> str:
    """Return what a member may do, empty where nothing is asked for."""
    key = INSTRUCTIONS.get(notice.response)
    return words.say(key) if key else ""


def _word_footnote(notice: Notice, words: Words) -> str:
    parts = [
        words.say(
            "footnote",
            sent=words.instant(notice.sent),
            sender=notice.sender,
            identifier=notice.identifier,
        )
    ]
    if notice.rule and notice.grade > Grade.NORMAL:
        parts.append(words.say("footnote.rule", rule=notice.rule))
    return " ".join(parts)


def _label_links(urls: Mapping[LinkKind, str], words: Words) -> tuple[Link, ...]:
    return tuple(
        Link(kind=kind, label=words.say(f"link.{kind}"), url=urls[kind])
        for kind in LinkKind
        if urls.get(kind)
    )


def _is_practice(notice: Notice) -> bool:
    return notice.status is not MessageStatus.ACTUAL
