"""The newest version of each observation beside its history, to read what is known now fast."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_REST = "value, unit_key, status, conf, is_estimated, payload_key"


def upgrade() -> None:
    """Create the table and fill it from the history."""
    op.create_table(
        "newest_observations",
        sa.Column("series_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit_key", sa.Integer(), nullable=False),
        sa.Column("status", sa.CHAR(length=1), nullable=False),
        sa.Column("conf", sa.CHAR(length=1), nullable=False),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("payload_key", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series_key", "period"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "INSERT INTO newest_observations "  # noqa: S608 - names of ours
            f"SELECT series_key, period, max(known_at), {_REST} FROM observations "
            "GROUP BY series_key, period"
        )
        return
    op.execute(
        "INSERT INTO newest_observations "  # noqa: S608 - names of ours
        f"SELECT DISTINCT ON (series_key, period) series_key, period, known_at, {_REST} "
        "FROM observations ORDER BY series_key, period, known_at DESC"
    )
