"""CAP 1.2 with texts in every language, signed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from g7warn.alerts.cap import CapTexts, notice_to_cap
from g7warn.deliver.compose import word_instruction
from g7warn.deliver.language import open_words
from g7warn.deliver.neutral import clean_line, clean_text
from g7warn.deliver.wording import (
    word_banners,
    word_change,
    word_finding,
    word_headline,
    word_place,
    word_step,
    word_subject,
)
from g7warn.domain.member import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from g7warn.deliver.signing import CapSigner
    from g7warn.domain.notice import Notice


def render_cap(
    notice: Notice,
    *,
    signer: CapSigner | None = None,
    languages: Sequence[str] = LANGUAGES,
    web: str = "",
) -> bytes:
    """Return a notice as CAP 1.2, one `info` block a language.

    Args:
        notice: What is told.
        signer: Adds the XML signature; without one the document is valid and unsigned.
        languages: In this order.
        web: Address of the evidence, empty for none.

    Raises:
        ConfigurationError: A language without a catalogue, or a notice that CAP cannot hold.
    """
    notice = replace(notice, criterion=clean_line(notice.criterion, limit=500))
    document = notice_to_cap(notice, [_word_info(notice, code) for code in languages], web=web)
    return signer.sign(document) if signer else document


def _word_info(notice: Notice, language: str) -> CapTexts:
    words = open_words(language)
    sentences = [*word_banners(notice, words), word_step(notice, words)]
    sentences += [word_finding(finding, words) for finding in notice.findings]
    sentences += [word_change(change, words) for change in notice.changes]
    return CapTexts(
        language=words.language,
        event=clean_line(f"{word_place(notice, words)}: {word_subject(notice, words)}"),
        headline=clean_line(f"[{notice.tlp.label}] {word_headline(notice, words)}", limit=160),
        description=clean_text("\n".join(clean_line(s, limit=600) for s in sentences), limit=6_000),
        instruction=word_instruction(notice, words),
        area=words.area(notice.fingerprint.area),
    )
