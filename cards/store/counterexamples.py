"""Settings at which simulations contradict sections, as learners found them.

One that is taken off the list keeps its row, so that it can be put back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from cards.store.moments import from_ms, to_ms
from cards.store.records import Counterexample
from cards.store.tables import Row

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

FOUND = Row.metadata.tables["counterexample"]
NAMED = (FOUND.c.learner_id == bindparam("learner"), FOUND.c.client_id == bindparam("client"))
RECORDED = select(FOUND.c.id).where(*NAMED)
WITHDRAW = update(FOUND).where(*NAMED, FOUND.c.withdrawn_at.is_(None)).values(withdrawn_at=bindparam("now"))
RESTORE = update(FOUND).where(*NAMED).values(withdrawn_at=None)


def record(connection: Connection, learner: int, found: Counterexample) -> None:
    """Keep a counterexample; one that was kept before is left as it is."""
    if connection.execute(RECORDED, {"learner": learner, "client": found.client_id}).first() is not None:
        return
    row = {
        "learner_id": learner,
        "client_id": found.client_id,
        "section": found.section,
        "block": found.block,
        "toy": found.toy,
        "settings": json.dumps(dict(found.settings), sort_keys=True),
        "seed": found.seed,
        "note": found.note,
        "at": to_ms(found.at),
    }
    connection.execute(insert(FOUND), row)


def withdraw(connection: Connection, learner: int, client_id: str, now: datetime) -> None:
    """Take one off the list; one that is off it stays so."""
    connection.execute(WITHDRAW, {"learner": learner, "client": client_id, "now": to_ms(now)})


def restore(connection: Connection, learner: int, client_id: str) -> None:
    """Put one back; one that is on the list stays there."""
    connection.execute(RESTORE, {"learner": learner, "client": client_id})


def rename(connection: Connection, learner: int, old: str, new: str) -> None:
    """Keep what was found against a section under the slug that it has now."""
    of_section = (FOUND.c.learner_id == learner, FOUND.c.section == old)
    connection.execute(update(FOUND).where(*of_section).values(section=new))


def sections(connection: Connection, learner: int) -> set[str]:
    """Return the sections that something was found against, by slug."""
    return set(connection.scalars(select(FOUND.c.section).where(FOUND.c.learner_id == learner).distinct()))


def oldest_first(connection: Connection, learner: int, section: str) -> list[Counterexample]:
    """Return those of a section that are on the list, oldest first."""
    rows = connection.execute(
        select(FOUND)
        .where(FOUND.c.learner_id == learner, FOUND.c.section == section, FOUND.c.withdrawn_at.is_(None))
        .order_by(FOUND.c.id)
    )
    return [
        Counterexample(
            client_id=row.client_id,
            section=row.section,
            block=row.block,
            toy=row.toy,
            settings=json.loads(row.settings),
            seed=row.seed,
            note=row.note,
            at=from_ms(row.at),
        )
        for row in rows
    ]
