"""What the desk's queue is found by: each card's place in the book, and indexes over what may be asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

FOUND_BY = ("learner_id", "state", "due_day", "place")
READ_TOO = ("card_id", "last_day", "withdrawn_at", "suspended_at")
ASKED = sa.text("withdrawn_at IS NULL AND suspended_at IS NULL")
BURIED = sa.text("buried_until IS NOT NULL")


def upgrade() -> None:
    """Widen the memories and the learners, add the indexes, and move a choice among the preferences."""
    op.add_column("memory", sa.Column("place", sa.Integer))
    op.add_column("learner", sa.Column("placed", sa.String))
    op.create_index(
        "ix_memory_queue",
        "memory",
        [*FOUND_BY, *READ_TOO],
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )
    op.create_index(
        "ix_memory_buried",
        "memory",
        ["learner_id", "buried_until"],
        sqlite_where=BURIED,
        postgresql_where=BURIED,
    )
    op.execute(
        "INSERT INTO setting (learner_id, key, value) "
        "SELECT learner_id, 'preferences', '{\"two_grades\": ' || value || '}' FROM setting "
        "WHERE key = 'two_grades' AND value IN ('true', 'false')"
    )
    op.execute("DELETE FROM setting WHERE key = 'two_grades'")
