"""Answers tell themselves how their card was counted before, and the memories' trigger need not put it down.

The row of an answer holds the memory before it. What the trigger of step `0009` put down of the same card was
that memory once more, for a page of the log that most answers wrote in vain. It now passes over a change that
the last answer explains, and says of every other after which answer it was: the one that a card was changed
by first tells how it is counted. What has been put down before this step was first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WATCHED = "UPDATE OF state, due_day, last_day, stability, difficulty, withdrawn_at, suspended_at"
LAST = "coalesce((SELECT max(id) FROM review), 0)"
WAS = (
    "OLD.learner_id, OLD.card_id, OLD.withdrawn_at IS NULL AND OLD.suspended_at IS NULL, "
    "OLD.state, OLD.due_day, OLD.last_day, OLD.stability, OLD.difficulty"
)
WAS_NOT_THERE = "NEW.learner_id, NEW.card_id, FALSE, NULL, NULL, NULL, NULL, NULL"
PUT_DOWN = (
    "INSERT INTO recount "
    "(learner_id, card_id, is_counted, state, due_day, last_day, stability, difficulty, after_review) "
    "VALUES ({values}, {last}) ON CONFLICT DO NOTHING"
)
EXPLAINED = (
    "NEW.reps = OLD.reps + 1 AND OLD.withdrawn_at IS NULL AND OLD.suspended_at IS NULL AND EXISTS "
    "(SELECT 1 FROM review WHERE id = {last} AND learner_id = NEW.learner_id AND card_id = NEW.card_id "
    "AND before_reps = OLD.reps AND merged_at IS NULL)"
)
TRIGGERS = (
    ("memory_came", "INSERT", WAS_NOT_THERE, None),
    ("memory_changed", WATCHED, WAS, EXPLAINED),
    ("memory_went", "DELETE", WAS, None),
)
FUNCTION = (
    "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; "
    "RETURN NULL; END $$"
)


def upgrade() -> None:
    """Let what is put down say after which answer it was, and put down no answer."""
    op.add_column(
        "recount", sa.Column("after_review", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    connection = op.get_bind()
    for name, event, values, unless in TRIGGERS:
        body = PUT_DOWN.format(values=values, last=LAST)
        _put_down(connection, name, event, body, unless and unless.format(last=LAST))


def _put_down(connection: sa.Connection, name: str, event: str, body: str, unless: str | None) -> None:
    """Have a trigger put down how a card was counted before an event, unless something holds."""
    if connection.dialect.name == "sqlite":
        when = f"WHEN NOT ({unless})" if unless else ""
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} AFTER {event} ON memory {when} BEGIN {body}; END")
    else:  # the trigger stays, and does what its function does; a server's own WHEN may ask no other table
        if unless:
            body = f"IF NOT ({unless}) THEN {body}; END IF"
        connection.exec_driver_sql(FUNCTION.format(name=name, body=body))
