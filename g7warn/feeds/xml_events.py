"""XML from outside, read in chunks: events as they come, no tree, no document type, no entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK_BYTES = 256 * 1024


def read_events(
    stream: BinaryIO,
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    refuse: Callable[..., Any],
    text: Callable[[str], None] | None = None,
) -> None:
    """Call back for each element of a document, in its order.

    Args:
        stream: The document.
        start: Takes a beginning element's name and attributes.
        end: Takes an ending element's name.
        refuse: Raises; called where a document type or an entity is declared: neither is ever
            needed, and both are how XML attacks its reader.
        text: Takes the text between elements.

    Raises:
        expat.ExpatError: Not well-formed, or cut off; the caller says of what.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    while chunk := stream.read(_CHUNK_BYTES):
        parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position
    parser.Parse(b"", True)  # noqa: FBT003 - likewise
