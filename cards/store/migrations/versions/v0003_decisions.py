"""What a learner decides about a card, notes on cards, and the edition of a card's meaning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Widen the memories and the texts, and create the table of notes."""
    for column in (
        sa.Column("suspended_at", sa.BigInteger),
        sa.Column("buried_until", sa.Integer),
        sa.Column("marked_at", sa.BigInteger),
        sa.Column("leech_passed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("verified_at", sa.BigInteger),
    ):
        op.add_column("memory", column)
    op.add_column("card_text", sa.Column("edition", sa.Integer, nullable=False, server_default="1"))
    op.add_column("card_text", sa.Column("meaning_changed_at", sa.BigInteger))
    op.create_table(
        "card_note",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "card_id", name="pk_card_note"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_card_note_learner_id"),
    )
