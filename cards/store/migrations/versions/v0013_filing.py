"""Answers are filed later: neither the desk's index nor that of the days is told of each at once.

Moving a card in the desk's index and adding to that of the days took an answer a third of the pages that it
wrote. Both indexes now go by what has been filed, which is all there is so far.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

FOUND_BY = ("learner_id", "filed_state", "filed_due_day", "place")
READ_TOO = ("card_id", "filed_last_day", "withdrawn_at", "suspended_at")
ASKED = sa.text("withdrawn_at IS NULL AND suspended_at IS NULL")


def upgrade() -> None:
    """Add what is filed, file everything, and let the indexes go by it."""
    for index, table in (("ix_memory_queue", "memory"), ("ix_review_day", "review")):
        op.drop_index(index, table)
    op.add_column("learner", sa.Column("filed_through", sa.Integer))
    op.add_column("memory", sa.Column("filed_state", sa.String))
    op.add_column("memory", sa.Column("filed_due_day", sa.Integer))
    op.add_column("memory", sa.Column("filed_last_day", sa.Integer))
    op.add_column("review", sa.Column("is_filed", sa.Boolean, nullable=False, server_default=sa.true()))
    op.execute("UPDATE memory SET filed_state = state, filed_due_day = due_day, filed_last_day = last_day")
    op.execute("UPDATE learner SET filed_through = (SELECT max(id) FROM review)")
    op.create_index(
        "ix_memory_queue", "memory", [*FOUND_BY, *READ_TOO], sqlite_where=ASKED, postgresql_where=ASKED
    )
    op.create_index(
        "ix_review_day",
        "review",
        ["learner_id", "day"],
        sqlite_where=sa.text("is_filed = 1"),
        postgresql_where=sa.text("is_filed"),
    )
