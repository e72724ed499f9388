"""Fitted models as packed artefacts, by the instant whose knowledge they learned from."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from g7warn.errors import ValidationFailed
from g7warn.store.engine import begin_reading, begin_writing
from g7warn.store.schema import MODELS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Engine

_LEVEL = 6  # zlib's own default, as for payloads


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNote:
    """What is known of a stored model, without its bytes.

    Attributes:
        key: Its number in the store.
        name: What it is for.
        trained_at: Instant whose knowledge it learned from, aware.
        digest: SHA-256 of the artefact, hexadecimal.
        facts: What a reader must know of it: JSON-safe.
    """

    key: int
    name: str
    trained_at: datetime
    digest: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredModel:
    """A model as it was put: the note and the artefact's bytes."""

    note: ModelNote
    body: bytes


def put(
    engine: Engine, body: bytes, *, name: str, trained_at: datetime, facts: Mapping[str, Any]
) -> bool:
    """Keep an artefact; return whether it is new for this name and instant.

    Args:
        engine: The store.
        body: The packed artefact.
        name: What it is for, such as `price_stress`.
        trained_at: Instant whose knowledge it learned from: no earlier assessment may use it.
        facts: What a reader must know of it; JSON-safe.

    Raises:
        StoreUnavailable: The database did not take it.
    """
    digest = hashlib.sha256(body).hexdigest()
    columns = MODELS.c
    seen = select(columns.key).where(
        columns.name == name, columns.trained_at == trained_at, columns.digest == digest
    )
    with begin_writing(engine) as connection:
        if connection.execute(seen).first() is not None:
            return False
        connection.execute(
            insert(MODELS).values(
                name=name,
                trained_at=trained_at,
                facts=json.dumps(dict(facts), sort_keys=True),
                digest=digest,
                body=zlib.compress(body, _LEVEL),
            )
        )
        return True


def list_notes(engine: Engine, *, name: str, as_of: datetime) -> tuple[ModelNote, ...]:
    """Return the models of a name that may be used at `as_of`, the newest first.

    Of two that learned from the same instant, the one put last is the newer.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    table = MODELS.c
    statement = (
        select(table.key, table.name, table.trained_at, table.digest, table.facts)
        .where(table.name == name, table.trained_at <= as_of)
        .order_by(table.trained_at.desc(), table.key.desc())
    )
    with begin_reading(engine) as connection:
        return tuple(
            ModelNote(
                key=row.key,
                name=row.name,
                trained_at=row.trained_at,
                digest=row.digest,
                facts=json.loads(row.facts),
            )
            for row in connection.execute(statement)
        )


def read_body(engine: Engine, note: ModelNote) -> bytes:
    """Return the artefact that a note speaks of, as it was put.

    Raises:
        StoreUnavailable: The database did not answer.
        ValidationFailed: The stored bytes are not those that were put.
    """
    statement = select(MODELS.c.body).where(MODELS.c.key == note.key)
    with begin_reading(engine) as connection:
        packed: bytes = connection.execute(statement).scalar_one()
    try:
        body = zlib.decompress(packed)
    except zlib.error:
        body = b""
    if hashlib.sha256(body).hexdigest() != note.digest:
        message = (
            f"the stored model {note.name} of {note.trained_at.isoformat()} does not match its "
            "SHA-256: it was changed or cut in the store; run `g7warn train` again"
        )
        raise ValidationFailed(message, name=note.name, digest=note.digest)
    return body


def read_newest(engine: Engine, *, name: str, as_of: datetime) -> StoredModel | None:
    """Return the newest model of a name that may be used at `as_of`; None: there is none.

    Raises:
        StoreUnavailable: The database did not answer.
        ValidationFailed: The stored bytes are not those that were put.
    """
    notes = list_notes(engine, name=name, as_of=as_of)
    return StoredModel(note=notes[0], body=read_body(engine, notes[0])) if notes else None
