"""Turns at what belongs to everyone, on a server where several may write at once.

What belongs to a learner is put in order by a lock on the learner's row (`cards.store.engine`). The tables
themselves, the list of learners, the book's texts and its index belong to nobody: who looks at one of them to
change it takes its turn first, and has it until its transaction ends. SQLite's writers take turns anyway.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Turn(IntEnum):
    """At what: the numbers of locks that PostgreSQL gives to one transaction at a time."""

    TABLES = 7_301_001
    LEARNERS = 7_301_002
    TEXTS = 7_301_003
    SEARCH = 7_301_004


def take(connection: Connection, turn: Turn) -> None:
    """Wait until it is this transaction's turn."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(int(turn))))
