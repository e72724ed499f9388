"""What a payload, a parsed payload, a source and a transport are; and how a source is found."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from g7warn.domain.policy import PolicyNotice
    from g7warn.feeds.catalog import Dataset, Document

PARSED_COLUMNS: tuple[str, ...] = (
    *("series_id", "period", "value", "unit", "status", "conf"),
    *("source_ref", "raw", "refusal"),
)
"""Columns of a parsed table. `value` is NaN for a refused cell, whose `refusal` says why and whose
`raw` is the text found; `source_ref` is the place in the payload, such as `Monthly Prices!BL700`.
A cell that the publisher marks as missing gives no row. Texts are of dtype `str`, or categories
where a payload may hold a million rows; `stamp_known_at` makes those of series and period plain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Bytes as a publisher gave them, and where, when and under which terms.

    Attributes:
        address: The address asked for.
        body: The bytes, unchanged.
        sha256: Hexadecimal digest of `body`.
        media_type: What the publisher called them; empty where it said nothing.
        fetched_at: When they were fetched, aware, UTC.
        licence: The manifest's or catalogue's licence; empty where not known here.
        etag: HTTP validator, empty where there is none.
        last_modified: HTTP validator, empty where there is none.
        is_dated: Whether `fetched_at` is a recorded fact; False for a recorded file of unknown
            date, for which the release date found inside counts instead.
    """

    address: str
    body: bytes
    sha256: str
    media_type: str = ""
    fetched_at: datetime
    licence: str = ""
    etag: str = ""
    last_modified: str = ""
    is_dated: bool = True

    def __repr__(self) -> str:
        """Return address, digest and size; a body may be large and confidential."""
        return f"Payload({self.address!r}, sha256={self.sha256[:12]}…, {len(self.body)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedPayload:
    """What a source read from one payload.

    Attributes:
        table: One row a cell with the columns of `PARSED_COLUMNS`.
        released_at: The publisher's own release instant where the payload states it.
        notes: What a person should know: series that are absent, cells that were withheld.
        policies: Policy notices, for the feeds that carry them.
    """

    table: pd.DataFrame
    released_at: datetime | None = None
    notes: tuple[str, ...] = ()
    policies: tuple[PolicyNotice, ...] = ()


class Source(Protocol):
    """Reads one publisher's format."""

    name: str

    def parse(self, payload: Payload, dataset: Dataset) -> ParsedPayload:
        """Return everything the payload holds for the dataset.

        Raises:
            SourceFormatChanged: The layout is not one this source knows; nothing was read.
        """
        ...


class Transport(Protocol):
    """Brings payloads: from the network, from recorded files, from a watched folder."""

    def addresses_of(self, document: Document) -> tuple[str, ...]:
        """Return the addresses under which versions of a document may be fetched here."""
        ...

    def versions(self, address: str, *, until: datetime) -> tuple[datetime, ...]:
        """Return when each version of an address was retrieved, oldest first, up to `until`."""
        ...

    def fetch(self, address: str, *, as_of: datetime) -> Payload:
        """Return the newest version of an address retrieved by `as_of`.

        Raises:
            SourceUnavailable: No answer, or none now.
            SourceRateLimited: The publisher asked to slow down.
            SourceRejected: The address is refused, unknown or not allowed.
        """
        ...


def hash_body(body: bytes) -> str:
    """Return the SHA-256 of a payload's bytes, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def list_sources() -> tuple[str, ...]:
    """Return the names of the sources there are, in alphabetical order."""
    package = importlib.import_module("g7warn.feeds.sources")
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def get_source(name: str) -> Source:
    """Return the source of this name; its libraries are loaded only now.

    Raises:
        ConfigurationError: No such source; the message lists those there are.
    """
    if name not in list_sources():
        message = f"no source {name!r}; there are: {', '.join(list_sources())}"
        raise ConfigurationError(message, source=name)
    module = importlib.import_module(f"g7warn.feeds.sources.{name}")
    return cast("Source", module.SOURCE)
