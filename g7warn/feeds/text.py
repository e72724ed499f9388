"""Decodes text payloads, and says what a payload looks like that is not what was expected."""

from __future__ import annotations

import re
from functools import lru_cache

from g7warn.errors import SourceFormatChanged

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a zip or xlsx file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x89PNG", "an image"),
    (b"<!DOCTYPE html", "an HTML page"),
    (b"<", "XML or other markup"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)


def describe_body(body: bytes) -> str:
    """Return in words what a payload's first bytes look like.

    Example:
        >>> describe_body(b"<!DOCTYPE html><title>Sorry</title>")
        'an HTML page'
    """
    if not body:
        return "empty"
    head = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<html" in head[:512]:
        return "an HTML page"
    for signature, words in _SIGNATURES:
        if head.startswith(signature.lower()):
            return words
    return "binary data" if b"\x00" in head else "plain text"


def decode_text(body: bytes, *, what: str, encodings: tuple[str, ...] = ("utf-8-sig",)) -> str:
    """Return a payload's text.

    Args:
        body: The bytes; a UTF-8 or UTF-16 byte-order mark decides before `encodings`.
        what: The publisher's name for the file, for messages.
        encodings: Tried in order. A single-byte code page accepts any bytes, so it comes last.

    Raises:
        SourceFormatChanged: Empty, an HTML page, binary, or in none of the encodings.
    """
    looks = describe_body(body)
    marked = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if looks == "an HTML page" or not body.strip() or (b"\x00" in body and not marked):
        message = f"{what} is {looks}, not text data. Open the address: it may have moved"
        raise SourceFormatChanged(message)
    candidates = ("utf-16",) if marked else encodings
    if body.startswith(b"\xef\xbb\xbf"):
        candidates = ("utf-8-sig",)
    for encoding in candidates:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = f"{what} is in none of the encodings {', '.join(candidates)}"
    raise SourceFormatChanged(message, encodings=list(candidates))


def normalise_name(name: object) -> str:
    """Return a publisher's label without marks and spacing that change between releases.

    Example:
        >>> normalise_name("Potassium  chloride **")
        'potassium chloride'
    """
    return _normalise(str(name))


@lru_cache(maxsize=65_536)  # a file of many lines says the same few labels again and again
def _normalise(name: str) -> str:
    words = " ".join(name.replace("\u00a0", " ").split())
    return re.sub(r"\s*\*+$", "", words).casefold()
