"""Learners, and what they have chosen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from cards.store import turns
from cards.store.prepared import Prepared
from cards.store.tables import Learner, Setting
from cards.store.turns import Turn

LOCAL = "local"  # the learner of a local install

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cards.store.records import Json


# The first question that an app asks; compiling it anew takes longer than opening the database.
NAMED = Prepared(select(Learner.id).where(col(Learner.name) == bindparam("name")))


def named(connection: Connection, name: str) -> int:
    """Return the id of the learner of this name, who is added if there is none."""
    found = NAMED.first(connection, {"name": name})
    if found is None:
        turns.take(connection, Turn.LEARNERS)
        found = NAMED.first(connection, {"name": name})  # whose turn came first may have added them
    if found is not None:
        return int(found[0])
    with Session(connection) as session:
        learner = Learner(name=name)
        session.add(learner)
        session.flush()
        return cast("int", learner.id)  # only a row that is not yet in the database has none


def everyone(connection: Connection) -> dict[str, int]:
    """Return the ids of all learners, by name."""
    with Session(connection) as session:
        rows = session.exec(select(Learner).order_by(col(Learner.id)))
        return {row.name: cast("int", row.id) for row in rows}


def setting(connection: Connection, learner: int, key: str, default: Json) -> Json:
    """Return what a learner has chosen, or the default; also where what is kept cannot be read."""
    with Session(connection) as session:
        row = session.get(Setting, (learner, key))
    try:
        return default if row is None else cast("Json", json.loads(row.value))
    except (ValueError, RecursionError):  # an examination tells of it (`consistency`)
        return default


def set_setting(connection: Connection, learner: int, key: str, value: Json) -> None:
    """Keep what a learner has chosen."""
    with Session(connection) as session:
        session.merge(Setting(learner_id=learner, key=key, value=json.dumps(value)))
        session.flush()
