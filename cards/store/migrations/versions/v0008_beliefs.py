"""Claims, credences, how claims turn out, checks of conservation, and which card a prediction answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables of beliefs, and widen the predictions."""
    op.add_column("prediction", sa.Column("card_id", sa.String, nullable=False, server_default=""))
    op.create_table(
        "claim",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("claim_id", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("by_day", sa.Integer),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "claim_id", name="pk_claim"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_claim_learner_id"),
    )
    _create_log(
        "credence",
        sa.Column("claim_id", sa.String, nullable=False),
        sa.Column("probability", sa.Float),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("repeat", sa.Boolean, nullable=False),
        sa.Column("occasion", sa.String, nullable=False),
    )
    op.create_index("ix_credence_claim", "credence", ["learner_id", "claim_id"])
    _create_log(
        "resolution",
        sa.Column("claim_id", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
    )
    _create_log(
        "conservation_check",
        sa.Column("check_id", sa.String, nullable=False),
        sa.Column("prior", sa.Float, nullable=False),
        sa.Column("if_true", sa.Float, nullable=False),
        sa.Column("if_false", sa.Float, nullable=False),
        sa.Column("happened", sa.Boolean, nullable=False),
        sa.Column("after", sa.Float),
    )


def _create_log(name: str, *columns: sa.Column[object]) -> None:
    """Create a table whose rows are added one by one, each of which can be taken back."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        *columns,
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=f"fk_{name}_learner_id"),
        sa.UniqueConstraint("learner_id", "client_id", name=f"uq_{name}_learner_id_client_id"),
    )
