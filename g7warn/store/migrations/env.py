"""Alembic's entry: runs the migrations on the connection that `engine.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from g7warn.store import delivery_schema  # noqa: F401 - declares its tables
from g7warn.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
