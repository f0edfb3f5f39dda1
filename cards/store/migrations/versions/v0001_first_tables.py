"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "learner",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
        sa.UniqueConstraint("name", name="uq_learner_name"),
    )
    op.create_table(
        "memory",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.String, nullable=False),
        sa.Column("enrolled_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("step", sa.Integer),
        sa.Column("stability", sa.Float),
        sa.Column("difficulty", sa.Float),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("due_day", sa.Integer),
        sa.Column("last_review", sa.BigInteger),
        sa.Column("last_day", sa.Integer),
        sa.Column("reps", sa.Integer, nullable=False),
        sa.Column("lapses", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "card_id", name="pk_memory"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_memory_learner_id"),
    )
    op.create_table(
        "preset",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("settings", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_preset"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_preset_learner_id"),
        sa.UniqueConstraint("learner_id", "settings", name="uq_preset_learner_id_settings"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("card_id", sa.String, nullable=False),
        sa.Column("rating", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("elapsed_ms", sa.Integer, nullable=False),
        sa.Column("preset_id", sa.Integer, nullable=False),
        sa.Column("before_state", sa.String, nullable=False),
        sa.Column("before_step", sa.Integer),
        sa.Column("before_stability", sa.Float),
        sa.Column("before_difficulty", sa.Float),
        sa.Column("before_due", sa.BigInteger, nullable=False),
        sa.Column("before_due_day", sa.Integer),
        sa.Column("before_last_review", sa.BigInteger),
        sa.Column("before_last_day", sa.Integer),
        sa.Column("before_reps", sa.Integer, nullable=False),
        sa.Column("before_lapses", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_review_learner_id"),
        sa.ForeignKeyConstraint(["preset_id"], ["preset.id"], name="fk_review_preset_id"),
        sa.UniqueConstraint("learner_id", "client_id", name="uq_review_learner_id_client_id"),
    )
    op.create_index("ix_review_day", "review", ["learner_id", "day"])
    op.create_table(
        "undo",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("review_id", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_undo"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_undo_learner_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_undo_review_id"),
        sa.UniqueConstraint("learner_id", "client_id", name="uq_undo_learner_id_client_id"),
        sa.UniqueConstraint("review_id", name="uq_undo_review_id"),
    )
    op.create_table(
        "reading",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("slug", sa.String, nullable=False),
        sa.Column("share", sa.Float, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "slug", name="pk_reading"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_reading_learner_id"),
    )
    op.create_table(
        "prediction",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("toy", sa.String, nullable=False),
        sa.Column("fact", sa.String, nullable=False),
        sa.Column("settings", sa.String, nullable=False),
        sa.Column("guess", sa.Float),
        sa.Column("truth", sa.Float, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_prediction"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_prediction_learner_id"),
        sa.UniqueConstraint("learner_id", "client_id", name="uq_prediction_learner_id_client_id"),
    )
    op.create_table(
        "setting",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "key", name="pk_setting"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_setting_learner_id"),
    )
    op.create_table(
        "card_text",
        sa.Column("card_id", sa.String, nullable=False),
        sa.Column("text_hash", sa.String, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("card_id", name="pk_card_text"),
    )
