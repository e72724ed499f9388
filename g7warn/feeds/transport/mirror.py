"""Serves recorded payloads by address from a manifest: for tests, replays and air-gapped use."""

from __future__ import annotations

import csv
import mimetypes
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from g7warn.errors import ConfigurationError, SourceRejected, SourceUnavailable
from g7warn.feeds.base import Payload, hash_body

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.feeds.catalog import Document

_COLUMNS = ("url", "file", "retrieved_at", "licence")
_MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    file: Path
    retrieved_at: datetime | None
    licence: str


class MirrorTransport:
    """Recorded payloads listed in a manifest with the columns url, file, retrieved_at, licence.

    Files are named relative to the manifest's folder and may not lie outside it. An entry without
    `retrieved_at` is always available and is older than every dated one.

    Args:
        manifest: The manifest.
        max_bytes: Larger files are refused.

    Raises:
        ConfigurationError: The manifest is absent or wrong; the message names the line.
    """

    def __init__(self, manifest: Path, *, max_bytes: int = _MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._entries: dict[str, list[_Entry]] = {}
        try:
            with manifest.open(encoding="utf-8-sig", newline="") as lines:
                reader = csv.DictReader(lines)
                if missing := set(_COLUMNS[:2]) - set(reader.fieldnames or ()):
                    message = f"manifest {manifest} lacks the columns {sorted(missing)}"
                    raise ConfigurationError(message, manifest=str(manifest))
                for number, line in enumerate(reader, start=2):
                    url, entry = _read_line(line, manifest=manifest, number=number)
                    self._entries.setdefault(url, []).append(entry)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            message = f"manifest {manifest} cannot be read: {error}. Check G7WARN_MIRROR"
            raise ConfigurationError(message, manifest=str(manifest)) from error
        for entries in self._entries.values():
            entries.sort(key=_order)

    def addresses_of(self, document: Document) -> tuple[str, ...]:
        """Return the recorded addresses that are known or match the document's pattern."""
        known = set(document.all_addresses)
        pattern = re.compile(document.pattern or r"(?!)")
        return tuple(url for url in self._entries if url in known or pattern.fullmatch(url))

    def versions(self, address: str, *, until: datetime) -> tuple[datetime, ...]:
        """Return when each recorded version was retrieved; one of unknown date counts as `until`.

        The undated version comes first, because it is older than every dated one.
        """
        entries = self._available(address, until)
        return tuple(entry.retrieved_at or until for entry in entries)

    def fetch(self, address: str, *, as_of: datetime) -> Payload:
        """Return the newest version recorded by `as_of`.

        Raises:
            SourceRejected: The manifest does not name the address, or the file is too large.
            SourceUnavailable: No version had been retrieved by then, or the file is gone.
        """
        if address not in self._entries:
            message = f"the mirror has no {address!r}: add it to the manifest"
            raise SourceRejected(message, address=address)
        entries = self._available(address, as_of)
        if not entries:
            message = f"the mirror has no version of {address!r} retrieved by {as_of.isoformat()}"
            raise SourceUnavailable(message, address=address)
        entry = entries[-1]
        body = self._read(entry.file, address)
        return Payload(
            address=address,
            body=body,
            sha256=hash_body(body),
            media_type=mimetypes.guess_type(entry.file.name)[0] or "",
            fetched_at=entry.retrieved_at or as_of,
            licence=entry.licence,
            is_dated=entry.retrieved_at is not None,
        )

    def _available(self, address: str, until: datetime) -> list[_Entry]:
        entries = self._entries.get(address, [])
        return [entry for entry in entries if (entry.retrieved_at or until) <= until]

    def _read(self, file: Path, address: str) -> bytes:
        try:
            size = file.stat().st_size
            if size > self._max_bytes:
                message = f"{file.name} has {size:,} bytes, more than {self._max_bytes:,}"
                raise SourceRejected(message, address=address, bytes=size)
            return file.read_bytes()
        except OSError as error:
            message = f"the mirror's file for {address!r} cannot be read: {error.strerror}"
            raise SourceUnavailable(message, address=address) from error


def _order(entry: _Entry) -> datetime:
    return entry.retrieved_at or datetime.min.replace(tzinfo=UTC)


def _read_line(line: dict[str, str], *, manifest: Path, number: int) -> tuple[str, _Entry]:
    url, name = (line.get("url") or "").strip(), (line.get("file") or "").strip()
    folder = manifest.resolve().parent
    file = (folder / name).resolve()
    if not url or not name or not file.is_relative_to(folder):
        message = (
            f"manifest {manifest} line {number}: {name!r} for {url!r} is no file inside {folder}"
        )
        raise ConfigurationError(message, manifest=str(manifest), line=number)
    stamp = (line.get("retrieved_at") or "").strip()
    try:
        instant = datetime.fromisoformat(stamp) if stamp else None
    except ValueError as error:
        message = f"manifest {manifest} line {number}: {stamp!r} is no ISO 8601 time"
        raise ConfigurationError(message, manifest=str(manifest), line=number) from error
    if instant is not None:
        instant = instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    entry = _Entry(file=file, retrieved_at=instant, licence=(line.get("licence") or "").strip())
    return url, entry
