"""Answers that were given elsewhere and merged into the log by when they were given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Note of each answer when it was merged; those that were recorded here never were."""
    op.add_column("review", sa.Column("merged_at", sa.BigInteger))
