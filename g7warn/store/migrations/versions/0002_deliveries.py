"""The way to members: notices, outbox, attempts, ledger, members and what people said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables; notices, attempts and the ledger are append-only."""
    _create_notices()
    _create_outbox()
    _create_attempts()
    _create_suppression_ledger()
    _create_members()
    _create_secrets()
    _create_disabled_endpoints()
    _create_approvals()
    _create_silences()
    _create_acknowledgements()
    for table in ("notices", "attempts", "suppression_ledger", "acknowledgements"):
        _forbid_rewriting(table)


def _create_acknowledgements() -> None:
    op.create_table(
        "acknowledgements",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("alert_id", sa.String(length=200), nullable=False),
        sa.Column("member_id", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("alert_id", "member_id", "sequence"),
    )


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("identifier", sa.String(length=300), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("identifier"),
    )


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("delivery_id", sa.CHAR(length=32), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(op.f("ix_attempts_delivery_id"), "attempts", ["delivery_id"], unique=False)


def _create_disabled_endpoints() -> None:
    op.create_table(
        "disabled_endpoints",
        sa.Column("endpoint_id", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id"),
    )


def _create_members() -> None:
    op.create_table(
        "members",
        sa.Column("member_id", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id"),
    )


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("identifier", sa.String(length=300), nullable=False),
        sa.Column("alert_id", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("tlp", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("identifier"),
    )
    op.create_index(op.f("ix_notices_alert_id"), "notices", ["alert_id"], unique=False)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("delivery_id", sa.CHAR(length=32), nullable=False),
        sa.Column("identifier", sa.String(length=300), nullable=False),
        sa.Column("endpoint_id", sa.String(length=200), nullable=False),
        sa.Column("member_id", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=50), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("realm", sa.String(length=20), nullable=False),
        sa.Column("alert_id", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("msg_type", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("digest_id", sa.CHAR(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("delivery_id"),
        sa.UniqueConstraint("identifier", "endpoint_id"),
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"], unique=False)
    op.create_index("ix_outbox_digest", "outbox", ["digest_id"], unique=False)
    op.create_index("ix_outbox_queue", "outbox", ["state", "channel", "grade", "key"], unique=False)
    op.create_index(
        "ix_outbox_told", "outbox", ["alert_id", "endpoint_id", "sequence"], unique=False
    )


def _create_secrets() -> None:
    op.create_table(
        "secrets",
        sa.Column("secret_ref", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("secret_ref"),
    )


def _create_silences() -> None:
    op.create_table(
        "silences",
        sa.Column("silence_id", sa.String(length=100), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.String(length=200), nullable=False),
        sa.Column("mineral", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("alert_id", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("silence_id"),
    )
    op.create_index(op.f("ix_silences_ends_at"), "silences", ["ends_at"], unique=False)


def _create_suppression_ledger() -> None:
    op.create_table(
        "suppression_ledger",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("identifier", sa.String(length=300), nullable=False),
        sa.Column("member_id", sa.String(length=200), nullable=False),
        sa.Column("endpoint_id", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("identifier", "member_id", "endpoint_id", "reason"),
    )


def _forbid_rewriting(table: str) -> None:
    message = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_rewriting BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
