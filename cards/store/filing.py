"""Filing: telling two indexes of what was answered, for many answers at once.

An answer adds its row to the log and sets its card's memory. To move the card in the index by which the desk
finds what is due, and to add the day to the index of days, would take two and a half pages of the database
more than the four that it writes. So both indexes go by what has been *filed*: of a memory, the state and the
days it had then, in columns of their own; of an answer, that it was. What has come since is at the end of the
log, where the learner's `filed_through` ends, and is looked at card by card; the desk files it when it has
become more than some.

Whatever else sets a memory files it at once, and memories without a place in the book (`places`) are filed
when they get one. So a memory is filed under what it is, or one of the answers since says that it may not be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select, true, update

from cards.store.log import FILED_THROUGH, REVIEW, SINCE, UNFILED
from cards.store.memories import FILED, MEMORY
from cards.store.prepared import Prepared
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

LEARNER = Row.metadata.tables["learner"]
RECOUNT = Row.metadata.tables["recount"]
M = MEMORY.c
SOME = 64  # answers: to look at their cards takes the desk an eighth of a millisecond

NEWEST = select(func.coalesce(func.max(REVIEW.c.id), 0)).scalar_subquery()
BEHIND = Prepared(select(NEWEST - FILED_THROUGH))
CARDS = select(REVIEW.c.card_id).where(SINCE)
AS_IT_IS = {name: M[of] for name, of in FILED.items()}
IS_MISFILED = or_(*(M[name].is_distinct_from(M[of]) for name, of in FILED.items()))
# Adding 0 keeps planners from the desk's index, by which they would go through all that is asked.
IS_ASKED = and_((M.withdrawn_at + 0).is_(None), (M.suspended_at + 0).is_(None), M.place.is_not(None))
OF_LEARNER = M.learner_id == bindparam("learner")


class Moved(NamedTuple):
    """A card that the desk's index has elsewhere.

    Attributes:
        card_id: Which it is.
        state: Its state.
        due: When it comes back, in milliseconds since 1970.
        due_day: The day number on which it does, or None.
        last_day: The day number on which it was answered last, or None.
        place: Its place in the book.
        filed_state: The state that it was filed under.
        filed_due_day: The day that it was filed under.
    """

    card_id: str
    state: str
    due: int
    due_day: int | None
    last_day: int | None
    place: int
    filed_state: str | None
    filed_due_day: int | None


MOVED = Prepared(
    select(*(M[name] for name in Moved._fields)).where(
        OF_LEARNER, M.card_id.in_(CARDS), IS_MISFILED, IS_ASKED
    )
)


def moved(connection: Connection, learner: int) -> list[Moved]:
    """Return the cards that may be asked and have moved since they were filed."""
    return list(map(Moved._make, MOVED.all(connection, {"learner": learner})))


def is_due(connection: Connection, learner: int) -> bool:
    """Whether more answers than some have come since a learner's were filed."""
    (behind,) = BEHIND.first(connection, {"learner": learner}) or (0,)
    return bool(behind > SOME)


def file(connection: Connection, learner: int) -> None:
    """File what has come since a learner's answers were filed."""
    values = {"learner": learner}
    connection.execute(update(MEMORY).where(OF_LEARNER, M.card_id.in_(CARDS)).values(AS_IT_IS), values)
    connection.execute(update(REVIEW).where(SINCE).values(is_filed=true()), values)
    connection.execute(
        update(LEARNER).where(LEARNER.c.id == bindparam("learner")).values(filed_through=NEWEST), values
    )


def keep_within_the_log(connection: Connection) -> None:
    """See that nothing is noted beyond the end of the log, once the answers at its end have been deleted.

    SQLite gives their numbers again. An answer whose number counts as filed, and is not, is overlooked; one
    with a number that a change came after (`counts`) is taken to have come before that change.
    """
    if connection.dialect.name == "sqlite":
        for column in (LEARNER.c.filed_through, RECOUNT.c.after_review):
            connection.execute(update(column.table).where(column > NEWEST).values({column: NEWEST}))


def file_memories(connection: Connection, learner: int) -> None:
    """File all memories of a learner as they are."""
    connection.execute(update(MEMORY).where(OF_LEARNER, IS_MISFILED).values(AS_IT_IS), {"learner": learner})


def misfiled(connection: Connection, learner: int) -> Sequence[str]:
    """Return the cards with a place that are filed as they are not, and no answer says so; always none."""
    wrong = select(M.card_id).where(OF_LEARNER, M.card_id.not_in(CARDS), IS_MISFILED, M.place.is_not(None))
    return connection.scalars(wrong, {"learner": learner}).all()


def passed_over(connection: Connection, learner: int) -> int:
    """Return how many answers were there when others were filed, and have not been; always none."""
    count = select(func.count()).where(UNFILED, REVIEW.c.id <= FILED_THROUGH)
    return connection.scalar(count, {"learner": learner}) or 0


def rebuild(connection: Connection, learner: int) -> int:
    """File everything anew; return how many memories and answers were not filed as they should be."""
    wrong = len(misfiled(connection, learner)) + passed_over(connection, learner)
    file_memories(connection, learner)
    connection.execute(update(REVIEW).where(UNFILED).values(is_filed=true()), {"learner": learner})
    return wrong
