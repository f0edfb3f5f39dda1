"""Totals that are brought up to date now and then, instead of by every answer, which wrote twice the pages.

The triggers of step `0005` go. A trigger on the memories is left, which puts down how a card was counted
before its first change; answers and undos are told by their numbers.

A step that copies a table of SQLite's and drops the old one drops its triggers too, and has to put them back.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

FORMER = {
    "answer_counted": "review",
    "answer_taken_back": "undo",
    "memory_counted": "memory",
    "memory_left": "memory",
    "memory_moved": "memory",
    "memory_gone": "memory",
}
WATCHED = "UPDATE OF state, due_day, last_day, stability, difficulty, withdrawn_at, suspended_at"
WAS = (
    "OLD.learner_id, OLD.card_id, OLD.withdrawn_at IS NULL AND OLD.suspended_at IS NULL, "
    "OLD.state, OLD.due_day, OLD.last_day, OLD.stability, OLD.difficulty"
)
WAS_NOT_THERE = "NEW.learner_id, NEW.card_id, FALSE, NULL, NULL, NULL, NULL, NULL"
PUT_DOWN = (
    "INSERT INTO recount (learner_id, card_id, is_counted, state, due_day, last_day, stability, difficulty) "
    "VALUES ({values}) ON CONFLICT DO NOTHING"
)
FUNCTION = "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"
UP_TO_DATE = """
INSERT INTO counted_through (learner_id, review, undo)
SELECT id, coalesce((SELECT max(id) FROM review WHERE learner_id = learner.id), 0),
    coalesce((SELECT max(id) FROM undo WHERE learner_id = learner.id), 0)
FROM learner
"""


def upgrade() -> None:
    """Create what tells how far the totals go, and have the memories' changes put down."""
    op.create_table(
        "recount",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("card_id", sa.String, nullable=False),
        sa.Column("is_counted", sa.Boolean, nullable=False),
        sa.Column("state", sa.String),
        sa.Column("due_day", sa.Integer),
        sa.Column("last_day", sa.Integer),
        sa.Column("stability", sa.Float),
        sa.Column("difficulty", sa.Float),
        sa.PrimaryKeyConstraint("learner_id", "card_id", name="pk_recount"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_recount_learner_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counted_through",
        sa.Column("learner_id", sa.Integer, nullable=False),
        sa.Column("review", sa.Integer, nullable=False),
        sa.Column("undo", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name="pk_counted_through"),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name="fk_counted_through_learner_id"),
    )
    connection = op.get_bind()
    connection.exec_driver_sql(UP_TO_DATE)
    for name, table in FORMER.items():
        _drop(connection, name, table)
    for name, event, values in (
        ("memory_came", "INSERT", WAS_NOT_THERE),
        ("memory_changed", WATCHED, WAS),
        ("memory_went", "DELETE", WAS),
    ):
        _put_down(connection, name, event, values)


def _drop(connection: sa.Connection, name: str, table: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
        connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def _put_down(connection: sa.Connection, name: str, event: str, values: str) -> None:
    """Create a trigger that puts down how a card was counted before an event."""
    body = PUT_DOWN.format(values=values)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"CREATE TRIGGER {name} AFTER {event} ON memory BEGIN {body}; END")
    else:
        connection.exec_driver_sql(FUNCTION.format(name=name, body=body))
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} AFTER {event} ON memory FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
