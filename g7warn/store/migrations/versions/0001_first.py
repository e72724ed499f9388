"""First schema: payloads, observations, doubts about them, signals and alert events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, their guards and the full-text index."""
    _create_payload_bodies()
    _create_payloads()
    _create_runs()
    _create_texts()
    _create_series()
    _create_observations()
    _create_series_releases()
    _create_quarantine()
    _create_vintages()
    _create_holds()
    _create_signals()
    _create_alert_events()
    for table in ("observations", "alert_events"):
        _forbid_rewriting(table)
    _create_full_text_index()


def _create_payload_bodies() -> None:
    op.create_table(
        "payload_bodies",
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )


def _create_payloads() -> None:
    op.create_table(
        "payloads",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("feed", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.CHAR(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["payload_bodies.sha256"],
        ),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("feed", "sha256"),
    )


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("feed", sa.String(length=100), nullable=False),
        sa.Column("payload", sa.CHAR(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ran_at", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=True),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("last_period", sa.String(length=20), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_runs_feed_ran_at", "runs", ["feed", "ran_at"], unique=False)
    op.create_index("ix_runs_payload", "runs", ["payload", "feed"], unique=False)


def _create_texts() -> None:
    op.create_table(
        "texts",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("text"),
    )


def _create_series() -> None:
    op.create_table(
        "series",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Text(), nullable=False),
        sa.Column("mineral", sa.String(length=100), nullable=False),
        sa.Column("stage", sa.String(length=100), nullable=False),
        sa.Column("measure", sa.String(length=100), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("feed", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("series_id"),
    )
    op.create_index(("ix_series_feed"), "series", ["feed"], unique=False)
    op.create_index(("ix_series_mineral"), "series", ["mineral"], unique=False)


def _create_observations() -> None:
    op.create_table(
        "observations",
        sa.Column("series_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("known_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit_key", sa.Integer(), nullable=False),
        sa.Column("status", sa.CHAR(length=1), nullable=False),
        sa.Column("conf", sa.CHAR(length=1), nullable=False),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("payload_key", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series_key", "period", "known_at"),
        sqlite_with_rowid=False,
    )


def _create_series_releases() -> None:
    op.create_table(
        "series_releases",
        sa.Column("series_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("released_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_period", sa.Integer(), nullable=False),
        sa.Column("last_period", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series_key", "released_at"),
        sqlite_with_rowid=False,
    )


def _create_quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("feed", sa.String(length=100), nullable=False),
        sa.Column("payload", sa.CHAR(length=64), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("series_id", sa.Text(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("expectation", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("feed", "digest"),
    )
    op.create_index(("ix_quarantine_feed"), "quarantine", ["feed"], unique=False)
    op.create_index(("ix_quarantine_state"), "quarantine", ["state"], unique=False)


def _create_vintages() -> None:
    op.create_table(
        "vintages",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("feed", sa.String(length=100), nullable=False),
        sa.Column("payload", sa.CHAR(length=64), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("previous_last_period", sa.String(length=20), nullable=False),
        sa.Column("last_period", sa.String(length=20), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("feed", "payload"),
    )


def _create_holds() -> None:
    op.create_table(
        "holds",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("feed", sa.String(length=100), nullable=False),
        sa.Column("payload", sa.CHAR(length=64), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("feed", "payload"),
    )


def _create_signals() -> None:
    op.create_table(
        "signals",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("mineral", sa.String(length=100), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=20), nullable=False),
        sa.Column("indicator", sa.String(length=100), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("as_of", "digest"),
    )
    op.create_index("ix_signals_mineral_as_of", "signals", ["mineral", "as_of"], unique=False)


def _create_alert_events() -> None:
    op.create_table(
        "alert_events",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("alert_id", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("mineral", sa.String(length=100), nullable=False),
        sa.Column("family", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("tlp", sa.SmallInteger(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.CHAR(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("alert_id", "sequence"),
    )
    op.create_index("ix_alert_events_as_of", "alert_events", ["as_of"], unique=False)
    op.create_index("ix_alert_events_family", "alert_events", ["family", "as_of"], unique=False)
    op.create_index("ix_alert_events_grade", "alert_events", ["grade", "as_of"], unique=False)
    op.create_index("ix_alert_events_mineral", "alert_events", ["mineral", "as_of"], unique=False)


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


def _create_full_text_index() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE alert_words USING "
            "fts5(words, content='alert_events', content_rowid='key', tokenize='porter unicode61')"
        )
        op.execute(
            "CREATE TRIGGER alert_events_index AFTER INSERT ON alert_events BEGIN "
            "INSERT INTO alert_words (rowid, words) VALUES (new.key, new.words); END"
        )
        return
    op.execute(
        "CREATE INDEX ix_alert_events_words ON alert_events "
        "USING gin (to_tsvector('english', words))"
    )
