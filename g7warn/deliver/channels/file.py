"""The file drop: one file a message, for a network that lets only files through."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Generic

from g7warn.deliver.channels.base import (
    ChannelOptions,
    MessageT_contra,
    Receipt,
    UnlockedEndpoint,
    read_options,
    refuse_other_world,
)
from g7warn.deliver.render_text import render_text
from g7warn.errors import ChannelRejected, ChannelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.clock import Clock
    from g7warn.deliver.message import Message

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$")


class FileOptions(ChannelOptions):
    """Options of the file drop.

    Attributes:
        folder: Folder below which every endpoint's own folder lies.
    """

    folder: Path = Path("var/outbox")


class FileChannel(Generic[MessageT_contra]):
    """Write each message as `<idempotency key>.txt` beside its `.json` twin.

    A file appears whole or not at all, and a repeat replaces it by equal content: who watches the
    folder sees a delivery once. The endpoint's address is a folder name without separators.
    """

    kind = "file"

    def __init__(
        self, *, options: Mapping[str, object], clock: Clock, accepts: type[MessageT_contra]
    ) -> None:
        del clock
        self.accepts = accepts
        self._folder = read_options(FileOptions, options, kind=self.kind).folder

    def send(
        self, message: MessageT_contra, *, endpoint: UnlockedEndpoint, idempotency_key: str
    ) -> Receipt:
        """Write the message's files.

        Raises:
            ChannelUnavailable: The folder cannot be written now (full, read-only, gone).
            ChannelRejected: The address or the key is no plain file name.
        """
        refuse_other_world(message, accepts=self.accepts, kind=self.kind)
        for name, role in ((endpoint.address, "folder"), (idempotency_key, "idempotency key")):
            if not _NAME.match(name):
                text = f"{role} {name[:40]!r} is no plain file name: use letters, digits, . _ -"
                raise ChannelRejected(text, channel=self.kind)
        folder = self._folder / endpoint.address
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(folder / f"{idempotency_key}.json", _to_json(message))
            path = write_atomically(
                folder / f"{idempotency_key}.txt", render_text(message).encode()
            )
        except OSError as error:
            text = f"folder {folder} does not take files: {error.strerror or error}"
            raise ChannelUnavailable(text, channel=self.kind) from error
        return Receipt(reference=path.name, thread=message.content.alert_id)


def write_atomically(path: Path, data: bytes) -> Path:
    """Write `data` so that `path` is seen whole or not at all, even after a power cut.

    Raises:
        OSError: The folder cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def _to_json(message: Message) -> bytes:
    content = message.content
    document = {
        "identifier": content.identifier,
        "kind": message.kind,
        "tlp": content.tlp.label,
        "status": content.status,
        "subject": content.marked_title,
        "notice": message.body,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()
