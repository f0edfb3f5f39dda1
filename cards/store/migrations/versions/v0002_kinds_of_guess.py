"""Guesses that are intervals or choices, scores of all guesses, and counterexamples.

A guess that was made before is a number. It is scored here by the rule for numbers as it was when this step
was written, |ln(guess / truth)|; SQLite may have no logarithm, so Python computes it.
"""

from __future__ import annotations

import math

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PREDICTION = sa.table(
    "prediction",
    sa.column("id", sa.Integer),
    sa.column("guess", sa.Float),
    sa.column("truth", sa.Float),
    sa.column("score", sa.Float),
)


def upgrade() -> None:
    """Widen the predictions, score them, and create the table of counterexamples."""
    for column in (
        sa.Column("kind", sa.String, nullable=False, server_default="number"),
        sa.Column("low", sa.Float),
        sa.Column("high", sa.Float),
        sa.Column("confidence", sa.Float),
        sa.Column("choice", sa.String, nullable=False, server_default=""),
        sa.Column("score", sa.Float),
    ):
        op.add_column("prediction", column)
    _score_what_was_guessed(op.get_bind())
    op.create_table(
        "counterexample",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("section", sa.String, nullable=False),
        sa.Column("block", sa.String, nullable=False),
        sa.Column("toy", sa.String, nullable=False),
        sa.Column("settings", sa.String, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_counterexample"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_counterexample_learner_id"),
        sa.UniqueConstraint("learner_id", "client_id", name="uq_counterexample_learner_id_client_id"),
    )


def _score_what_was_guessed(connection: sa.Connection) -> None:
    guessed = sa.select(PREDICTION).where(PREDICTION.c.guess.is_not(None))
    for row in connection.execute(guessed).all():
        score = _log_ratio(row.guess, row.truth)
        connection.execute(sa.update(PREDICTION).where(PREDICTION.c.id == row.id).values(score=score))


def _log_ratio(guess: float, truth: float) -> float | None:
    if guess == truth:
        return 0.0
    if guess == 0 or truth == 0 or (guess < 0) != (truth < 0):
        return None
    return abs(math.log(abs(guess)) - math.log(abs(truth)))
