"""Remembers validators and bodies, so that an unchanged file is not downloaded twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from g7warn.feeds.base import hash_body

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class HttpCache:
    """One body and its validators an address, in a folder.

    A cache that cannot be read or written is no cache: the fetch goes on without it.

    Args:
        folder: Where to keep them; None: nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def validators(self, address: str) -> dict[str, str]:
        """Return the headers of a conditional request; empty where there is no good body."""
        if self._folder is None:
            return {}
        try:
            kept = json.loads(self._file(address, ".json").read_text("utf-8"))
            etag, modified = str(kept.get("etag", "")), str(kept.get("last_modified", ""))
        except (OSError, ValueError, AttributeError):
            return {}
        if kept.get("sha256") != hash_body(self.body(address)):
            return {}
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        return {name: value for name, value in headers.items() if value}

    def body(self, address: str) -> bytes:
        """Return the body kept for an address; empty where there is none."""
        if self._folder is None:
            return b""
        try:
            return self._file(address, ".body").read_bytes()
        except OSError:
            return b""

    def put(self, address: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Keep a body that came with validators."""
        etag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
        if self._folder is None or not (etag or modified):
            return
        about = {"etag": etag, "last_modified": modified, "sha256": hash_body(body)}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file(address, ".body").write_bytes(body)
            self._file(address, ".json").write_text(json.dumps(about), "utf-8")
        except OSError:
            return

    def _file(self, address: str, ending: str) -> Path:
        assert self._folder is not None  # noqa: S101 - callers have checked
        return self._folder / (hash_body(address.encode())[:32] + ending)
