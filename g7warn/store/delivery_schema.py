"""Tables of the way to members: notices, outbox, attempts, ledger, members, what people said."""

from __future__ import annotations

from sqlalchemy import (
    CHAR,
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from g7warn.store.schema import METADATA, Instant

_KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts only INTEGER keys up by itself

NOTICES = Table(
    "notices",
    METADATA,
    Column("identifier", String(300), primary_key=True),
    Column("alert_id", String(200), nullable=False, index=True),
    Column("sequence", Integer, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("tlp", SmallInteger, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("body", Text, nullable=False),  # JSON, see notices
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("delivery_id", CHAR(32), nullable=False, unique=True),  # the idempotency key
    Column("identifier", String(300), nullable=False),
    Column("endpoint_id", String(200), nullable=False),
    Column("member_id", String(200), nullable=False),
    Column("channel", String(50), nullable=False),
    Column("language", String(10), nullable=False),
    Column("realm", String(20), nullable=False),
    Column("alert_id", String(200), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("repeat", Integer, nullable=False),
    Column("grade", SmallInteger, nullable=False),
    Column("msg_type", String(10), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("state", String(20), nullable=False),
    Column("digest_id", CHAR(32)),  # delivery_id of the digest that carries the row
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String(100), nullable=False),  # the worker that leased it last
    Column("leased_until", Instant),
    Column("settled_at", Instant),
    Column("reference", Text, nullable=False),  # of the receipt
    Column("thread", Text, nullable=False),  # likewise
    Column("detail", Text, nullable=False),  # the last answer or error, one line
    UniqueConstraint("identifier", "endpoint_id"),
    Index("ix_outbox_queue", "state", "channel", "grade", "key"),
    Index("ix_outbox_told", "alert_id", "endpoint_id", "sequence"),
    Index("ix_outbox_digest", "digest_id"),
    Index("ix_outbox_created_at", "created_at"),
)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("delivery_id", CHAR(32), nullable=False, index=True),
    Column("owner", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("detail", Text, nullable=False),
)

LEDGER = Table(  # why a notice was not sent: each reason once for a reader
    "suppression_ledger",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("identifier", String(300), nullable=False),
    Column("member_id", String(200), nullable=False),
    Column("endpoint_id", String(200), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("detail", Text, nullable=False),
    Column("first_at", Instant, nullable=False),
    UniqueConstraint("identifier", "member_id", "endpoint_id", "reason"),
)

MEMBERS = Table(
    "members",
    METADATA,
    Column("member_id", String(200), primary_key=True),
    Column("body", Text, nullable=False),  # JSON, see members
    Column("changed_at", Instant, nullable=False),
)

SECRETS = Table(
    "secrets",
    METADATA,
    Column("secret_ref", String(200), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

DISABLED_ENDPOINTS = Table(
    "disabled_endpoints",
    METADATA,
    Column("endpoint_id", String(200), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("disabled_at", Instant, nullable=False),
)

APPROVALS = Table(
    "approvals",
    METADATA,
    Column("identifier", String(300), primary_key=True),
    Column("requested_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(200), nullable=False),
    Column("why", Text, nullable=False),
)

SILENCES = Table(
    "silences",
    METADATA,
    Column("silence_id", String(100), primary_key=True),
    Column("author", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Column("member_id", String(200), nullable=False),
    Column("mineral", String(100), nullable=False),
    Column("family", String(20), nullable=False),
    Column("direction", String(10), nullable=False),
    Column("alert_id", String(200), nullable=False),
)

ACKNOWLEDGEMENTS = Table(
    "acknowledgements",
    METADATA,
    Column("key", _KEY, primary_key=True),
    Column("alert_id", String(200), nullable=False),
    Column("member_id", String(200), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(200), nullable=False),
    Column("via", String(20), nullable=False),
    UniqueConstraint("alert_id", "member_id", "sequence"),
)
