"""The one statement of a search: which cards, in which order.

It selects their numbers, and joins no more tables than the query and the order need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, select

from cards.query import Sort
from cards.store.memories import MEMORY
from cards.store.search.conditions import IS_NEW, clauses, finds_kept_only, is_narrow, needs_memory, words
from cards.store.search.tables import CARD

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select

    from cards.query import Query
    from cards.store.search.conditions import Viewpoint
    from cards.store.search.text import TextSearch

OF_MEMORY = {
    Sort.DUE: case((~IS_NEW, MEMORY.c.due)),  # what a new card has there is when it was enrolled
    Sort.STABILITY: MEMORY.c.stability,
    Sort.DIFFICULTY: MEMORY.c.difficulty,
    Sort.LAPSES: MEMORY.c.lapses,
}


def statement(query: Query, search: TextSearch, view: Viewpoint, sort: Sort, *, reverse: bool) -> Select[int]:
    """Return the statement that selects the numbers of the cards that a query finds."""
    wanted = select(CARD.c.number).select_from(_joined(query, search, view, sort))
    return wanted.where(*clauses(query, search, view)).order_by(*_order(query, search, sort, reverse=reverse))


def is_of_words_alone(query: Query) -> bool:
    """Whether a query asks for words and nothing else."""
    return bool(query.terms) and len(words(query)) == len(query.terms)


def _joined(query: Query, search: TextSearch, view: Viewpoint, sort: Sort) -> FromClause:
    joined: FromClause = CARD
    if words(query):
        joined = joined.join(search.table, search.number == CARD.c.number)
    if needs_memory(query) or sort in OF_MEMORY:
        is_kept = and_(
            MEMORY.c.learner_id == view.learner,
            MEMORY.c.card_id == CARD.c.card_id,
            MEMORY.c.withdrawn_at.is_(None),
        )
        cards_first = is_narrow(query) or not finds_kept_only(query)
        joined = joined.join(MEMORY, is_kept, isouter=cards_first)
    return joined


def _order(query: Query, search: TextSearch, sort: Sort, *, reverse: bool) -> list[ColumnElement[Any]]:
    place = CARD.c.place.desc() if reverse else CARD.c.place.asc()
    if sort is Sort.RELEVANCE:
        if not search.ranks or not words(query):
            return [place]
        relevance = search.relevance(words(query))
        return [relevance.asc() if reverse else relevance.desc(), place]
    if sort is Sort.SECTION:
        return [CARD.c.title.desc() if reverse else CARD.c.title.asc(), place]
    if sort in OF_MEMORY:
        number = OF_MEMORY[sort]
        return [number.is_(None), number.desc() if reverse else number.asc(), CARD.c.place.asc()]
    return [place]
