"""An index of the texts whose meaning has changed, which are few: each day's queue asks for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

CHANGED = sa.text("meaning_changed_at IS NOT NULL")


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_card_text_changed",
        "card_text",
        ["meaning_changed_at", "card_id"],
        sqlite_where=CHANGED,
        postgresql_where=CHANGED,
    )
