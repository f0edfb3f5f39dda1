"""What waits for a learner on a day, read in the desk's own order and no further than the desk reads.

An index holds the cards that may be asked by state, day and place, so what is due comes out sorted; it is
fetched some hundred rows at a time, because the caps are most often reached by then.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, func, select

from cards.desk import STEPS, Step, Today, Waiting
from cards.memory import State
from cards.order import CARD
from cards.store import decisions
from cards.store.log import COUNTS, REVIEW, WITH_UNDO
from cards.store.memories import MEMORY
from cards.store.moments import from_ms
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection, Select

    from cards.order import Due

FIRST_ROWS = 250
M = MEMORY.c
# The first two conditions are those of the index; without them it may not be used.
ASKED = (M.withdrawn_at.is_(None), M.suspended_at.is_(None), M.place.is_not(None))


def _of(state: State, *conditions: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (M.learner_id == bindparam("learner"), M.state == str(state), *conditions, *ASKED)


def _some(statement: Select[Any]) -> Prepared:
    return Prepared(statement.limit(bindparam("most")).offset(bindparam("start")))


IS_DUE = M.due_day <= bindparam("day")
BY_DAY = select(M.card_id, M.due_day, M.last_day).order_by(M.due_day, M.place)
REVIEWS = _some(BY_DAY.where(*_of(State.REVIEW, IS_DUE)))
LATER = _some(BY_DAY.where(*_of(State.REVIEW, M.due_day > bindparam("day"))))
NEW = _some(select(M.card_id).where(*_of(State.NEW, M.due_day.is_(None))).order_by(M.place))
HOW_MANY = Prepared(select(func.count()).select_from(MEMORY).where(*_of(State.REVIEW, IS_DUE)))
STEPPING = tuple(Prepared(select(M.card_id, M.due).where(*_of(state))) for state in STEPS)
BURIED = Prepared(
    select(M.card_id, M.state, M.due_day, M.buried_until).where(
        M.learner_id == bindparam("learner"), M.buried_until > bindparam("day"), *ASKED
    )
)
ANSWERED = Prepared(
    select(REVIEW.c.card_id, REVIEW.c.before_state)
    .select_from(WITH_UNDO)
    .where(REVIEW.c.learner_id == bindparam("learner"), REVIEW.c.day == bindparam("day"), COUNTS)
)


def waiting(
    connection: Connection,
    learner: int,
    day: int,
    families: Mapping[str, str],
    held_back: Collection[str] = (),
) -> Waiting:
    """Return what waits on the day of this number; it is to be read while the connection is open.

    What is held back is not asked, and not counted. The places of the memories must have been written
    (`places`), and the families are the same book's.
    """
    values = {"learner": learner, "day": day}
    buried = BURIED.all(connection, values)
    answered = ANSWERED.all(connection, values)
    states = [state for _, state in answered]
    due_but_buried = sum(state == State.REVIEW and due_day <= day for _, state, due_day, _ in buried)
    (due,) = HOW_MANY.first(connection, values) or (0,)
    return Waiting(
        steps=[
            Step(card_id, from_ms(ms)) for each in STEPPING for card_id, ms in each.all(connection, values)
        ],
        reviews=cast("Iterator[Due]", _rows(REVIEWS, connection, values)),
        new=map(CARD, _rows(NEW, connection, values)),
        later=cast("Iterator[Due]", _rows(LATER, connection, values)),
        buried={card_id: max(until, due_day or until) for card_id, _, due_day, until in buried},
        rechecks=decisions.rechecks(connection, learner),
        held_back=held_back,
        answered={card_id for card_id, _ in answered},
        today=Today(introduced=states.count(State.NEW), reviewed=states.count(State.REVIEW)),
        due=due - due_but_buried - _due_among(connection, values, held_back),
        families=families,
    )


def _due_among(connection: Connection, values: dict[str, Any], card_ids: Collection[str]) -> int:
    """How many of some cards are reviews that are due, and not buried."""
    is_due = select(func.count()).where(
        *_of(State.REVIEW, IS_DUE), (M.buried_until.is_(None) | (M.buried_until <= bindparam("day")))
    )
    some = decisions.among(M.card_id, card_ids)
    return sum(connection.scalar(is_due.where(named), values) or 0 for named in some) if card_ids else 0


def _rows(statement: Prepared, connection: Connection, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Fetch more and more rows, each time four times as many, for as long as somebody reads on."""
    return chain.from_iterable(_pages(statement, connection, values))


def _pages(
    statement: Prepared, connection: Connection, values: dict[str, Any]
) -> Iterator[list[tuple[Any, ...]]]:
    start, most = 0, FIRST_ROWS
    while True:
        rows = statement.all(connection, {**values, "start": start, "most": most})
        yield rows
        if len(rows) < most:
            return
        start, most = start + most, most * 4
