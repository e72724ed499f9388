"""The tables. Instants are microseconds since 1970 in UTC, so that both databases order alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def instant_to_microseconds(instant: datetime) -> int:
    """Return microseconds since 1970-01-01T00:00Z of an aware instant.

    Example:
        >>> instant_to_microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
        1000000
    """
    return (instant - _EPOCH) // _MICROSECOND


def microseconds_to_instant(microseconds: int) -> datetime:
    """Return the aware UTC instant of microseconds since 1970-01-01T00:00Z."""
    return _EPOCH + timedelta(microseconds=microseconds)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn an instant into microseconds."""
        return None if value is None else instant_to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: object) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn microseconds into an instant."""
        return None if value is None else microseconds_to_instant(value)


METADATA = MetaData()

_KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts only INTEGER keys up by itself

PAYLOAD_BODIES = Table(
    "payload_bodies",
    METADATA,
    Column("sha256", CHAR(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # zlib
    Column("size_bytes", BigInteger, nullable=False),  # of the bytes as they came
)

PAYLOADS = Table(
    "payloads",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("feed", String(100), nullable=False),
    Column("sha256", CHAR(64), ForeignKey("payload_bodies.sha256"), nullable=False),
    Column("address", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("media_type", String(200), nullable=False),
    Column("fetched_at", Instant, nullable=False),
    UniqueConstraint("feed", "sha256"),
)

TEXTS = Table(  # units and payload hashes by number, so that an observation's row stays narrow
    "texts",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("text", Text, nullable=False, unique=True),
)

SERIES = Table(
    "series",
    METADATA,
    Column("key", Integer, primary_key=True),
    Column("series_id", Text, nullable=False, unique=True),
    Column("mineral", String(100), nullable=False, index=True),
    Column("stage", String(100), nullable=False),
    Column("measure", String(100), nullable=False),
    Column("area", String(100), nullable=False),
    Column("source", String(100), nullable=False),
    Column("feed", String(100), nullable=False, index=True),
)

OBSERVATIONS = Table(  # no foreign keys: a million checks cost more than the million rows
    "observations",
    METADATA,
    Column("series_key", Integer, primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),  # see codes.encode_periods
    Column("known_at", BigInteger, primary_key=True, autoincrement=False),  # microseconds
    Column("value", Double, nullable=False),
    Column("unit_key", Integer, nullable=False),
    Column("status", CHAR(1), nullable=False),
    Column("conf", CHAR(1), nullable=False),
    Column("is_estimated", Boolean, nullable=False),
    Column("payload_key", Integer, nullable=False),
    sqlite_with_rowid=False,
)

NEWEST_OBSERVATIONS = Table(  # the newest version of each cell: a copy, to read "now" fast
    "newest_observations",
    METADATA,
    Column("series_key", Integer, primary_key=True, autoincrement=False),
    Column("period", Integer, primary_key=True, autoincrement=False),
    Column("known_at", BigInteger, nullable=False),
    Column("value", Double, nullable=False),
    Column("unit_key", Integer, nullable=False),
    Column("status", CHAR(1), nullable=False),
    Column("conf", CHAR(1), nullable=False),
    Column("is_estimated", Boolean, nullable=False),
    Column("payload_key", Integer, nullable=False),
    sqlite_with_rowid=False,
)

SERIES_RELEASES = Table(  # which releases spoke about a series, and over which span
    "series_releases",
    METADATA,
    Column("series_key", Integer, primary_key=True, autoincrement=False),
    Column("released_at", BigInteger, primary_key=True, autoincrement=False),  # microseconds
    Column("first_period", Integer, nullable=False),
    Column("last_period", Integer, nullable=False),
    sqlite_with_rowid=False,
)

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("feed", String(100), nullable=False, index=True),
    Column("payload", CHAR(64), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("series_id", Text, nullable=False),
    Column("period", String(20), nullable=False),
    Column("raw", Text, nullable=False),
    Column("expectation", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("row", Text, nullable=False),  # JSON of the observation, enough to append it
    Column("digest", CHAR(64), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("decided_at", Instant),
    Column("decided_by", String(200)),
    Column("decided_reason", Text),
    UniqueConstraint("feed", "digest"),
)

RUNS = Table(
    "runs",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("feed", String(100), nullable=False),
    Column("payload", CHAR(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("ran_at", Instant, nullable=False),
    Column("fetched_at", Instant),
    Column("released_at", Instant),
    Column("accepted", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("last_period", String(20), nullable=False),
    Column("error", Text, nullable=False),
    Column("report", Text, nullable=False),  # JSON of the validation result
    Index("ix_runs_feed_ran_at", "feed", "ran_at"),
    Index("ix_runs_payload", "payload", "feed"),
)

VINTAGES = Table(
    "vintages",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("feed", String(100), nullable=False),
    Column("payload", CHAR(64), nullable=False),
    Column("released_at", Instant, nullable=False),
    Column("new", Integer, nullable=False),
    Column("revised", Integer, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("previous_last_period", String(20), nullable=False),
    Column("last_period", String(20), nullable=False),
    Column("details", Text, nullable=False),  # JSON
    UniqueConstraint("feed", "payload"),
)

HOLDS = Table(
    "holds",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("feed", String(100), nullable=False),
    Column("payload", CHAR(64), nullable=False),
    Column("released_at", Instant, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(200)),
    Column("decided_reason", Text),
    UniqueConstraint("feed", "payload"),
)

MODELS = Table(
    "models",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("name", String(100), nullable=False),
    Column("trained_at", Instant, nullable=False),  # whose knowledge was learned from
    Column("facts", Text, nullable=False),  # JSON
    Column("digest", CHAR(64), nullable=False),  # SHA-256 of the artefact as it was packed
    Column("body", LargeBinary, nullable=False),  # zlib
    UniqueConstraint("name", "trained_at", "digest"),
)

SIGNALS = Table(
    "signals",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("as_of", Instant, nullable=False),
    Column("mineral", String(100), nullable=False),
    Column("area", String(100), nullable=False),
    Column("family", String(20), nullable=False),
    Column("indicator", String(100), nullable=False),
    Column("direction", String(10), nullable=False),
    Column("body", Text, nullable=False),  # JSON, see codec
    Column("digest", CHAR(64), nullable=False),
    UniqueConstraint("as_of", "digest"),
    Index("ix_signals_mineral_as_of", "mineral", "as_of"),
)

ALERT_EVENTS = Table(
    "alert_events",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("alert_id", String(200), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("mineral", String(100), nullable=False),
    Column("family", String(20), nullable=False),
    Column("direction", String(10), nullable=False),
    Column("area", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("tlp", SmallInteger, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("headline", Text, nullable=False),
    Column("words", Text, nullable=False),  # what the full-text index reads
    Column("body", Text, nullable=False),  # JSON, see codec
    Column("digest", CHAR(64), nullable=False),  # of the body and the digest before it
    UniqueConstraint("alert_id", "sequence"),
    Index("ix_alert_events_as_of", "as_of"),
    Index("ix_alert_events_mineral", "mineral", "as_of"),
    Index("ix_alert_events_grade", "grade", "as_of"),
    Index("ix_alert_events_family", "family", "as_of"),
)
