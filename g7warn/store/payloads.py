"""Raw payloads: the bytes as they came, by their hash, with where, when and under which licence."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import insert, select

from g7warn.errors import ConfigurationError
from g7warn.store.engine import begin_reading, begin_writing
from g7warn.store.schema import PAYLOAD_BODIES, PAYLOADS, RUNS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

_LEVEL = 6  # zlib's own default; 9 takes three times as long for 1 % less


class RawPayload(Protocol):
    """What is kept of a fetched payload."""

    @property
    def address(self) -> str:
        """Where it was fetched."""

    @property
    def body(self) -> bytes:
        """The bytes as they came."""

    @property
    def sha256(self) -> str:
        """Hash of the bytes, hexadecimal."""

    @property
    def media_type(self) -> str:
        """What the publisher called it; may be empty."""

    @property
    def fetched_at(self) -> datetime:
        """When it was fetched, aware."""

    @property
    def licence(self) -> str:
        """Under which it may be used."""


class FromFeed(Protocol):
    """A dataset of the catalogue, as far as the store needs it."""

    @property
    def feed(self) -> str:
        """Name of the feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadNote:
    """What is known of a stored payload, without its bytes."""

    feed: str
    sha256: str
    address: str
    licence: str
    media_type: str
    fetched_at: datetime


def put(engine: Engine, payload: RawPayload, dataset: FromFeed | str) -> bool:
    """Keep a payload; return whether it is new for its feed.

    The bytes are kept before anything is read from them, so that what could not be parsed can be
    looked at. That bytes are kept does not mean that they were ingested: see `is_ingested`.

    Args:
        engine: The store.
        payload: What was fetched.
        dataset: The dataset it was fetched for, or the name of its feed.

    Raises:
        StoreUnavailable: The database did not take it.
    """
    feed = dataset if isinstance(dataset, str) else dataset.feed
    with begin_writing(engine) as connection:
        bodies, notes = PAYLOAD_BODIES.c, PAYLOADS.c
        found = connection.execute(select(bodies.sha256).where(bodies.sha256 == payload.sha256))
        if found.first() is None:
            connection.execute(
                insert(PAYLOAD_BODIES).values(
                    sha256=payload.sha256,
                    body=zlib.compress(payload.body, _LEVEL),
                    size_bytes=len(payload.body),
                )
            )
        seen = select(notes.key).where(notes.sha256 == payload.sha256, notes.feed == feed)
        if connection.execute(seen).first() is not None:
            return False
        connection.execute(
            insert(PAYLOADS).values(
                feed=feed,
                sha256=payload.sha256,
                address=payload.address,
                licence=payload.licence,
                media_type=payload.media_type,
                fetched_at=payload.fetched_at,
            )
        )
        return True


def is_ingested(engine: Engine, sha256: str, feed: str) -> bool:
    """Return whether a run has already taken this payload into the observations of `feed`.

    A payload that was refused, or is held for a person, is not ingested.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    runs = RUNS.c
    with begin_reading(engine) as connection:
        statement = select(runs.key).where(
            runs.payload == sha256, runs.feed == feed, runs.state == "stored"
        )
        return connection.execute(statement.limit(1)).first() is not None


def read_body(engine: Engine, sha256: str) -> bytes:
    """Return the bytes of a stored payload, as they came.

    Raises:
        ConfigurationError: No payload has this hash.
    """
    bodies = PAYLOAD_BODIES.c
    with begin_reading(engine) as connection:
        statement = select(bodies.body).where(bodies.sha256 == sha256)
        body: bytes | None = connection.execute(statement).scalar_one_or_none()
    if body is None:
        message = f"the store holds no payload {sha256!r}: `g7warn feeds status` names those it has"
        raise ConfigurationError(message, sha256=sha256)
    return zlib.decompress(body)


def list_payloads(engine: Engine, feed: str) -> tuple[PayloadNote, ...]:
    """Return what is known of a feed's payloads, in the order of their fetching."""
    notes = PAYLOADS.c
    with begin_reading(engine) as connection:
        statement = select(PAYLOADS).where(notes.feed == feed).order_by(notes.fetched_at, notes.key)
        return tuple(
            PayloadNote(
                feed=row.feed,
                sha256=row.sha256,
                address=row.address,
                licence=row.licence,
                media_type=row.media_type,
                fetched_at=row.fetched_at,
            )
            for row in connection.execute(statement)
        )
