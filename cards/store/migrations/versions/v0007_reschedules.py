"""Reschedules: memories computed again under other settings, as events that a replay knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table of reschedules, and that of the cards they have changed."""
    op.create_table(
        "reschedule",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("through", sa.Integer, nullable=False),
        sa.Column("undone_at", sa.BigInteger),
        sa.Column("undone_through", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_reschedule"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_reschedule_learner_id"),
        sa.UniqueConstraint("learner_id", "client_id", name="uq_reschedule_learner_id_client_id"),
    )
    op.create_table(
        "rescheduled",
        sa.Column("reschedule_id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.String, nullable=False),
        sa.Column("preset_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("reschedule_id", "card_id", name="pk_rescheduled"),
        sa.ForeignKeyConstraint(["reschedule_id"], ["reschedule.id"], name="fk_rescheduled_reschedule_id"),
        sa.ForeignKeyConstraint(["preset_id"], ["preset.id"], name="fk_rescheduled_preset_id"),
    )
