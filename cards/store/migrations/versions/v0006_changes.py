"""Every decision about a card as it was made, so that one that arrives late overrides none made since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table of changes."""
    op.create_table(
        "card_change",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("card_id", sa.String, nullable=False),
        sa.Column("matter", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("heeded", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_card_change"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_card_change_learner_id"),
        sa.UniqueConstraint(
            "learner_id", "client_id", "card_id", name="uq_card_change_learner_id_client_id_card_id"
        ),
    )
    op.create_index("ix_card_change_card", "card_change", ["learner_id", "card_id", "matter"])
