"""Streams SDMX-ML structure-specific data: memory stays bounded whatever the message's size.

The two SDMX libraries hold a message as a tree or a table of texts; a million observations take
them gigabytes. Here one pass over the elements fills the columns of `SdmxMessage`. Time series,
flat and cross-sectional messages are read, with or without the structure definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO
from xml.parsers import expat

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.sdmx_message import CONF_NAMES, DELETIONS, STATUS, TIME, VALUE, SdmxMessage
from g7warn.feeds.xml_events import read_events

if TYPE_CHECKING:
    from collections.abc import Collection

_ROOTS = frozenset(
    {"StructureSpecificData", "StructureSpecificTimeSeriesData", "CompactData"}  # the last is 2.0
)
_MAX_SERIES = 2_000_000
_OBSERVATION_LEVEL = frozenset({TIME, VALUE, STATUS, *CONF_NAMES})


class _Reader:
    """Expat callbacks that fill a message."""

    def __init__(self, what: str, dimensions: Collection[str]) -> None:
        self.message = SdmxMessage()
        self._what = what
        self._dimensions = tuple(dimensions)
        self._depth = 0
        self._dataset: dict[str, str] = {}
        self._series: dict[str, str] | None = None
        self._number = -1
        self._is_deletion = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        local = name.rpartition(":")[2]
        if local == "Obs":
            if not self._is_deletion:
                self._take(attributes)
        elif local == "Series":
            self._series = {**self._dataset, **attributes}
            self._number = -1
            if len(self.message.series) > _MAX_SERIES:
                self.refuse(f"holds more than {_MAX_SERIES:,} series")
        elif local == "DataSet":
            self._dataset = {key: text for key, text in attributes.items() if ":" not in key}
            actions = {key.rpartition(":")[2]: text for key, text in attributes.items()}
            self._is_deletion = actions.get("action", "").upper() in DELETIONS
        elif self._depth == 1 and local not in _ROOTS:
            self.refuse(f"is a {local} message, not structure-specific data")
        elif self._depth > 64:
            self.refuse("is nested more than 64 deep")

    def end(self, name: str) -> None:
        self._depth -= 1
        if name.rpartition(":")[2] == "Series":
            self._series = None

    def _take(self, attributes: dict[str, str]) -> None:
        series = self._series
        if series is not None and TIME in attributes:
            number = self._number
            if number < 0:
                number = self._number = self.message.add_series(series)
        else:
            merged = {**(series or self._dataset), **attributes}
            names = self._dimensions or [key for key in merged if key not in _OBSERVATION_LEVEL]
            number = self.message.find_series({key: merged.get(key, "") for key in names})
            attributes = merged
        conf = ""
        if len(attributes) > 2:
            conf = next((attributes[key] for key in CONF_NAMES if key in attributes), "")
        self.message.add(
            number,
            period=attributes.get(TIME, ""),
            text=attributes.get(VALUE, ""),
            status=attributes.get(STATUS, ""),
            conf=conf,
        )

    def refuse(self, *reason: object) -> None:
        words = reason[0] if len(reason) == 1 else "declares a document type or an entity"
        message = f"{self._what} {words}: refused"
        raise SourceFormatChanged(message)


def read_structure_specific(
    stream: BinaryIO, *, what: str, dimensions: Collection[str] = ()
) -> SdmxMessage:
    """Return the observations of a structure-specific message.

    Args:
        stream: The message's bytes.
        what: The publisher's name for it, for messages.
        dimensions: Names to keep where observations stand outside of series; empty: all but those
            that only an observation can have.

    Raises:
        SourceFormatChanged: Not well-formed, cut off, another kind of message, or with a document
            type (entities are never needed and never read).
    """
    reader = _Reader(what, dimensions)
    try:
        read_events(stream, start=reader.start, end=reader.end, refuse=reader.refuse)
    except (expat.ExpatError, ValueError, LookupError) as error:
        message = f"{what} is no well-formed SDMX-ML, or cut off: {error}"
        raise SourceFormatChanged(message) from error
    return reader.message
