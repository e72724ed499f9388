"""Reads files that an operator puts into a watched folder; a half-written one is not touched."""

from __future__ import annotations

import mimetypes
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from g7warn.errors import SourceRejected, SourceUnavailable
from g7warn.feeds.base import Payload, hash_body

if TYPE_CHECKING:
    from os import stat_result
    from pathlib import Path

    from g7warn.clock import Clock
    from g7warn.feeds.catalog import Document

_SCHEME = "drop://"
_PARTIAL = (".part", ".tmp", ".crdownload", ".filepart")
SETTLE_SECONDS = 10.0
"""A file untouched for this long counts as written: uploads stall for less than a few seconds."""
_MAX_BYTES = 256 * 1024 * 1024


class DropTransport:
    """`drop://<folder>/<file>` addresses below one watched folder.

    A file is taken once it has not changed for `settle_seconds`, carries no mark of an unfinished
    upload, and has the same size and time before and after it is read.

    Args:
        folder: The watched folder; it need not exist yet.
        clock: Tells how old a file is.
        settle_seconds: Seconds without change after which a file is complete.
        max_bytes: Larger files are refused.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        settle_seconds: float = SETTLE_SECONDS,
        max_bytes: int = _MAX_BYTES,
    ) -> None:
        self._folder = folder.resolve()
        self._clock = clock
        self._settle = timedelta(seconds=settle_seconds)
        self._max_bytes = max_bytes

    def addresses_of(self, document: Document) -> tuple[str, ...]:
        """Return the addresses of complete files that are known or match the pattern."""
        if not self._folder.is_dir():
            return ()
        known = set(document.all_addresses)
        pattern = re.compile(document.pattern or r"(?!)")
        names = sorted(
            _SCHEME + file.relative_to(self._folder).as_posix()
            for file in self._folder.rglob("*")
            if file.is_file()
        )
        return tuple(
            name
            for name in names
            if (name in known or pattern.fullmatch(name)) and self._is_ready(name)
        )

    def versions(self, address: str, *, until: datetime) -> tuple[datetime, ...]:
        """Return when the one version there is was put there; empty while it is being written."""
        if not self._is_ready(address):
            return ()
        changed = _changed_at(self._locate(address).stat())
        return (changed,) if changed <= until else ()

    def fetch(self, address: str, *, as_of: datetime) -> Payload:
        """Return the file, if it is complete and was there by `as_of`.

        Raises:
            SourceUnavailable: Not there, not yet complete, or changed while it was read.
            SourceRejected: Outside of the folder, or too large.
        """
        file = self._locate(address)
        if not self.versions(address, until=as_of):
            message = f"{address!r} is not in the watched folder, or still being written"
            raise SourceUnavailable(message, address=address)
        try:
            before = file.stat()
            if before.st_size > self._max_bytes:
                message = f"{address!r} has {before.st_size:,} bytes, limit {self._max_bytes:,}"
                raise SourceRejected(message, address=address, bytes=before.st_size)
            body = file.read_bytes()
            after = file.stat()
        except OSError as error:
            message = f"{address!r} cannot be read: {error.strerror}"
            raise SourceUnavailable(message, address=address) from error
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            message = f"{address!r} changed while it was read: try again when it is complete"
            raise SourceUnavailable(message, address=address)
        return Payload(
            address=address,
            body=body,
            sha256=hash_body(body),
            media_type=mimetypes.guess_type(file.name)[0] or "",
            fetched_at=_changed_at(after),
        )

    def _locate(self, address: str) -> Path:
        name = address.removeprefix(_SCHEME)
        file = (self._folder / name).resolve()
        if not address.startswith(_SCHEME) or not file.is_relative_to(self._folder):
            message = f"{address!r} is no address inside the watched folder"
            raise SourceRejected(message, address=address)
        return file

    def _is_ready(self, address: str) -> bool:
        file = self._locate(address)
        try:
            found = file.stat()
        except OSError:
            return False
        is_partial = file.name.startswith((".", "~")) or file.name.lower().endswith(_PARTIAL)
        is_partial = is_partial or any(
            file.with_name(file.name + ending).exists() for ending in _PARTIAL
        )
        is_old = self._clock.now() - _changed_at(found) >= self._settle
        return file.is_file() and is_old and not is_partial and found.st_size > 0


def _changed_at(found: stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime, tz=UTC)
