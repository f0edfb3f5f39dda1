"""What Alembic runs around the migrations: on the connection it was handed, in the transaction open on it."""

from __future__ import annotations

from alembic import context

from cards.store.migrations import VERSION_TABLE
from cards.store.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite changes a table by copying it
)
context.run_migrations()
