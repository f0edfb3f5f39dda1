"""What waits for a learner on a day, read in the desk's own order and no further than the desk reads.

An index holds the cards that may be asked by state, day and place, so what is due comes out sorted; it is
fetched some hundred rows at a time, because the caps are most often reached by then. The cards that have
moved since they were filed there (`filing`) are few, and put where they belong.
"""

from __future__ import annotations

import heapq
from itertools import chain, filterfalse
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, func, select

from cards.desk import STEPS, Step, Today, Waiting
from cards.memory import State
from cards.order import CARD
from cards.store import decisions, filing
from cards.store.log import REVIEW, on_day
from cards.store.memories import MEMORY
from cards.store.moments import from_ms
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection, Select

    from cards.order import Due

FIRST_ROWS, FIRST_LATER = 250, 8  # of what comes later, the desk asks only for the soonest
M = MEMORY.c
# The first two conditions are those of the index; without them it may not be used.
ASKED = (M.withdrawn_at.is_(None), M.suspended_at.is_(None), M.place.is_not(None))


def _of(state: State, *conditions: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (M.learner_id == bindparam("learner"), M.filed_state == str(state), *conditions, *ASKED)


def _some(statement: Select[Any]) -> Prepared:
    return Prepared(statement.limit(bindparam("most")).offset(bindparam("start")))


IS_DUE = M.filed_due_day <= bindparam("day")
BY_DAY = select(M.card_id, M.filed_due_day, M.filed_last_day, M.place).order_by(M.filed_due_day, M.place)
REVIEWS = _some(BY_DAY.where(*_of(State.REVIEW, IS_DUE)))
DUE_IDS = _some(BY_DAY.with_only_columns(M.card_id).where(*_of(State.REVIEW, IS_DUE)))
LATER = _some(BY_DAY.where(*_of(State.REVIEW, M.filed_due_day > bindparam("day"))))
NEW = _some(select(M.card_id, M.place).where(*_of(State.NEW, M.filed_due_day.is_(None))).order_by(M.place))
NEW_IDS = _some(select(M.card_id).where(*_of(State.NEW, M.filed_due_day.is_(None))).order_by(M.place))
HOW_MANY = Prepared(select(func.count()).select_from(MEMORY).where(*_of(State.REVIEW, IS_DUE)))
STEPPING = tuple(Prepared(select(M.card_id, M.due).where(*_of(state))) for state in STEPS)
BURIED = Prepared(
    select(M.card_id, M.state, M.due_day, M.buried_until).where(
        M.learner_id == bindparam("learner"), M.buried_until > bindparam("day"), *ASKED
    )
)
ANSWERED = Prepared(on_day(REVIEW.c.card_id, REVIEW.c.before_state))
BY_DAY_AND_PLACE = itemgetter(1, 3)  # of a `Due`


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
    found = _Found(connection, values)
    return Waiting(
        steps=found.steps(),
        reviews=found.reviews(),
        due_ids=found.due_ids(),
        new=found.new(),
        later=found.later(),
        buried={card_id: max(until, due_day or until) for card_id, _, due_day, until in buried},
        rechecks=decisions.rechecks(connection, learner),
        held_back=held_back,
        answered={card_id for card_id, _ in answered},
        today=Today(introduced=states.count(State.NEW), reviewed=states.count(State.REVIEW)),
        due=found.due() - due_but_buried - _due_among(connection, values, held_back),
        families=families,
    )


class _Found:
    """What the index holds for a learner on a day, with the cards that have moved since where they belong."""

    def __init__(self, connection: Connection, values: dict[str, int]) -> None:
        self._connection = connection
        self._values = values
        self._day = values["day"]
        self._moved = filing.moved(connection, values["learner"])
        self._not_there = {one.card_id for one in self._moved}

    def steps(self) -> list[Step]:
        """The cards in their steps."""
        filed = (row for each in STEPPING for row in each.all(self._connection, self._values))
        there = [Step(card_id, from_ms(ms)) for card_id, ms in filed if card_id not in self._not_there]
        return there + [Step(one.card_id, from_ms(one.due)) for one in self._moved if one.state in STEPS]

    def reviews(self) -> Iterator[Due]:
        """The reviews that are due, the longest due first, those of one day in the book's order."""
        return self._by_day(REVIEWS, self._reviews(due=True))

    def due_ids(self) -> Iterator[str]:
        """Their ids."""
        moved = self._reviews(due=True)
        return map(CARD, self._by_day(REVIEWS, moved)) if moved else self._filed_ids(DUE_IDS)

    def later(self) -> Iterator[Due]:
        """The reviews that are due on later days, the soonest first."""
        return self._by_day(LATER, self._reviews(due=False), first=FIRST_LATER)

    def new(self) -> Iterator[str]:
        """The ids of the new cards, in the book's order."""
        moved = sorted((one.place, one.card_id) for one in self._moved if one.state == State.NEW)
        if not moved:
            return self._filed_ids(NEW_IDS)
        filed = ((place, card_id) for card_id, place in self._filed(NEW))
        return (card_id for _, card_id in heapq.merge(filed, moved))

    def due(self) -> int:
        """How many reviews are due."""
        (filed,) = HOW_MANY.first(self._connection, self._values) or (0,)
        gone = sum(
            one.filed_state == State.REVIEW
            and one.filed_due_day is not None
            and one.filed_due_day <= self._day
            for one in self._moved
        )
        return int(filed) - gone + len(self._reviews(due=True))

    def _reviews(self, *, due: bool) -> list[Due]:
        """The reviews among the cards that have moved, due or later, in the order of those that are filed."""
        return sorted(
            (
                (one.card_id, one.due_day, one.last_day, one.place)
                for one in self._moved
                if one.state == State.REVIEW and one.due_day is not None and one.last_day is not None
                if (one.due_day <= self._day) is due
            ),
            key=BY_DAY_AND_PLACE,
        )

    def _by_day(self, statement: Prepared, moved: list[Due], first: int | None = None) -> Iterator[Due]:
        filed = cast("Iterator[Due]", self._filed(statement, first))
        return heapq.merge(filed, moved, key=BY_DAY_AND_PLACE) if moved else filed

    def _filed(self, statement: Prepared, first: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Fetch what is filed and has not moved."""
        rows = _rows(statement, self._connection, self._values, first)
        return (row for row in rows if row[0] not in self._not_there) if self._not_there else rows

    def _filed_ids(self, statement: Prepared) -> Iterator[str]:
        """Fetch the ids of what is filed and has not moved, which takes a third of the time."""
        ids = map(CARD, _rows(statement, self._connection, self._values))
        return filterfalse(self._not_there.__contains__, ids) if self._not_there else ids


def _due_among(connection: Connection, values: dict[str, Any], card_ids: Collection[str]) -> int:
    """How many of some cards are reviews that are due, and not buried."""
    is_due = select(func.count()).where(
        M.learner_id == bindparam("learner"),
        M.state == str(State.REVIEW),
        M.due_day <= bindparam("day"),
        M.buried_until.is_(None) | (M.buried_until <= bindparam("day")),
        *ASKED,
    )
    some = decisions.among(M.card_id, card_ids)
    return sum(connection.scalar(is_due.where(named), values) or 0 for named in some) if card_ids else 0


def _rows(
    statement: Prepared, connection: Connection, values: dict[str, Any], first: int | None = None
) -> Iterator[tuple[Any, ...]]:
    """Fetch more and more rows, each time four times as many, for as long as somebody reads on."""
    return chain.from_iterable(_pages(statement, connection, values, first or FIRST_ROWS))


def _pages(
    statement: Prepared, connection: Connection, values: dict[str, Any], most: int
) -> Iterator[list[tuple[Any, ...]]]:
    start = 0
    while True:
        rows = statement.all(connection, {**values, "start": start, "most": most})
        yield rows
        if len(rows) < most:
            return
        start, most = start + most, most * 4
