"""A search as a page asks for it: read, held against the book, made once, and kept to be paged through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cards.pages.session import Present
from cards.pages.visits import Visit
from cards.query import Sort, known, parse


class UnknownSortError(ValueError):
    """An order that there is not."""


@dataclass(frozen=True)
class Asked:
    """What a page asks for.

    Attributes:
        text: The query as it was typed.
        sort: The name of the order; empty for the most relevant first.
        reverse: Whether the order is turned round.
        name: Under which it was found before; empty for a new search.
    """

    text: str
    sort: str = ""
    reverse: bool = False
    name: str = ""


class Found(NamedTuple):
    """What a search has found: the name it is kept under, the ids in order, and what was not understood."""

    name: str
    ids: tuple[str, ...]
    problems: tuple[str, ...]


def find(visit: Visit, asked: Asked, here: Present) -> Found:
    """Return what a search finds, or what it found when it was first made.

    Raises:
        UnknownSortError: If there is no such order.
        StoreProblem: If the store cannot search.
    """
    if asked.name in visit.found:
        return Found(asked.name, visit.found[asked.name], ())
    sort = _sort(asked.sort)
    read = parse(asked.text)
    held = known(read.query, visit.names)
    ids = here.store.search(
        here.learner,
        visit.deck,
        held.query,
        now=here.now,
        rules=here.rules,
        leech=here.leech_threshold,
        sort=sort,
        reverse=asked.reverse,
    )
    # The index may just have been brought in step with another page's newer book.
    present = tuple(card_id for card_id in ids if card_id in visit.deck)
    remark = here.store.search_remark(visit.deck)
    problems = (*read.problems, *held.problems, *((remark,) if remark else ()))
    return Found(visit.remember(present), present, problems)


def _sort(name: str) -> Sort:
    try:
        return Sort(name or Sort.RELEVANCE)
    except ValueError:
        raise UnknownSortError(f"There is no order '{name}'. There are {', '.join(Sort)}.") from None
