"""What a query asks of a card, in SQL that every database understands."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select, true

from cards.days import DayRules, day_number, start_of_day
from cards.memory import State
from cards.query import Compare, Condition, Is, Named, Query, Words
from cards.store.memories import MEMORY
from cards.store.moments import to_ms
from cards.store.search.tables import CARD, TAG
from cards.store.tables import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement

    from cards.store.search.text import TextSearch

NOTE = Row.metadata.tables["card_note"]
KEPT: ColumnElement[bool] = MEMORY.c.card_id.is_not(None)  # it is joined only where the card is kept
IS_NEW: ColumnElement[bool] = MEMORY.c.state == str(State.NEW)
OPERATORS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
COLUMNS = {name: MEMORY.c[name] for name in ("stability", "difficulty", "lapses", "reps")}
NAMES = {name: CARD.c[name] for name in ("section", "track", "kind")}
LEECH = 8  # lapses from which a card is a leech, as in Anki


@dataclass(frozen=True)
class Viewpoint:
    """Whose cards are searched, and when.

    Attributes:
        learner: The learner's id.
        now: The moment, in UTC.
        rules: Where the learner's day begins.
        leech: Lapses from which a card is a leech.
    """

    learner: int
    now: datetime
    rules: DayRules
    leech: int = LEECH

    @property
    def today(self) -> int:
        """The number of the learner's day."""
        return day_number(self.now, self.rules)


def clauses(query: Query, search: TextSearch, view: Viewpoint) -> list[ColumnElement[bool]]:
    """Return the conditions that a card meets if it is found; all of them speak of joined tables."""
    plainly = not is_narrow(query)
    asked = [_clause(term, view, plainly=plainly) for term in query.terms if not isinstance(term, Words)]
    if wanted := words(query):
        asked.append(search.has_all(wanted))
    if unwanted := words(query, negated=True):
        asked.append(CARD.c.number.not_in(search.has_any(unwanted)))
    return asked


def words(query: Query, *, negated: bool = False) -> list[Words]:
    """Return the words that a card must have, or must not."""
    return [term for term in query.terms if isinstance(term, Words) and term.negated is negated]


def needs_memory(query: Query) -> bool:
    """Whether where a card stands with the learner matters at all."""
    return any(_is_of_memory(term) for term in query.terms)


def finds_kept_only(query: Query) -> bool:
    """Whether a card that is not kept cannot be found."""
    return any(_is_of_memory(term) and not term.negated for term in query.terms)


def is_narrow(query: Query) -> bool:
    """Whether the book's side of it, its words and names, leaves few cards to look at."""
    return any(isinstance(term, Words | Named) and not term.negated for term in query.terms)


def _is_of_memory(term: object) -> bool:
    return isinstance(term, Compare) or (isinstance(term, Is) and term.condition is not Condition.NOTE)


def _clause(term: Is | Named | Compare, view: Viewpoint, *, plainly: bool) -> ColumnElement[bool]:
    """Return a term's condition, or that it does not hold.

    What is unknown of a card is not so: its negation holds, where SQL would leave both unknown. `IS TRUE`
    says the same of a positive term, and keeps a planner from reading all memories first, of whose number it
    knows nothing, where the cards are few.
    """
    met = _met(term, view)
    if term.negated:
        return met.is_not(true())
    return met if plainly or isinstance(term, Named) else met.is_(true())


def _met(term: Is | Named | Compare, view: Viewpoint) -> ColumnElement[bool]:
    match term:
        case Is(condition):
            return IS[condition](view)
        case Named("tag", name):
            return CARD.c.number.in_(select(TAG.c.number).where(TAG.c.tag == name))
        case Named(field, name):
            return NAMES[field] == name
        case Compare("due", comparison, number):
            return _due(comparison, view.today + int(number), view.rules)
        case Compare(field, comparison, number):
            return OPERATORS[comparison](COLUMNS[field], number)


def _is_due(view: Viewpoint) -> ColumnElement[bool]:
    """Whether it would be asked now: `cards.schedule.is_due`, of a card that is not put aside."""
    memory = MEMORY.c
    has_come = or_(
        memory.due_day <= view.today, and_(memory.due_day.is_(None), memory.due <= to_ms(view.now))
    )
    in_view = or_(memory.buried_until.is_(None), memory.buried_until <= view.today)
    return and_(~IS_NEW, memory.suspended_at.is_(None), in_view, has_come)


def _due(comparison: str, day: int, rules: DayRules) -> ColumnElement[bool]:
    """Compare the day on which a card comes back with another; a moment is compared with where days begin."""
    memory = MEMORY.c
    begins, ends = to_ms(start_of_day(day, rules)), to_ms(start_of_day(day + 1, rules))
    by_moment = {
        "<": memory.due < begins,
        "<=": memory.due < ends,
        "=": and_(memory.due >= begins, memory.due < ends),
        ">=": memory.due >= begins,
        ">": memory.due >= ends,
    }[comparison]
    by_day = OPERATORS[comparison](memory.due_day, day)
    return and_(~IS_NEW, or_(by_day, and_(memory.due_day.is_(None), by_moment)))


IS: dict[Condition, Callable[[Viewpoint], ColumnElement[bool]]] = {
    Condition.KEPT: lambda _: KEPT,
    Condition.NEW: lambda _: IS_NEW,
    Condition.LEARNING: lambda _: MEMORY.c.state.in_([str(State.LEARNING), str(State.RELEARNING)]),
    Condition.REVIEW: lambda _: MEMORY.c.state == str(State.REVIEW),
    Condition.DUE: _is_due,
    Condition.SUSPENDED: lambda _: MEMORY.c.suspended_at.is_not(None),
    Condition.BURIED: lambda view: MEMORY.c.buried_until > view.today,
    Condition.MARKED: lambda _: MEMORY.c.marked_at.is_not(None),
    Condition.LEECH: lambda view: and_(
        MEMORY.c.lapses >= view.leech, MEMORY.c.lapses > MEMORY.c.leech_passed
    ),
    Condition.NOTE: lambda view: exists().where(
        NOTE.c.learner_id == view.learner, NOTE.c.card_id == CARD.c.card_id
    ),
}
