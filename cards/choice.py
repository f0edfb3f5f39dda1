"""Which cards of the book to take: those of some tracks, sections or kinds, or those that a learner keeps.

Names of one sort widen the choice, and sorts narrow each other: two sections and a kind are the cards of
that kind in either section. No names of a sort are no limit.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from cards.shown import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable

    from cards.card import Card


class UnknownChoiceError(ValueError):
    """A name that no card has; the message lists those that cards have."""


def choose(
    deck: Iterable[Card],
    *,
    tracks: Collection[str] = (),
    sections: Collection[str] = (),
    kinds: Collection[str] = (),
    kept: Container[str] | None = None,
) -> list[Card]:
    """Return the cards of these tracks, sections (by slug) and kinds, in their order.

    Args:
        deck: The cards to choose from.
        tracks: Some tracks; none are all.
        sections: Some sections; none are all.
        kinds: Some kinds; none are all.
        kept: The cards that a learner keeps, by id, if only these are wanted.

    Raises:
        UnknownChoiceError: If a track, section or kind is named that no card of the deck has.
    """
    cards = list(deck)
    limits: list[tuple[str, Collection[str], Callable[[Card], str]]] = [
        ("track", tracks, lambda card: card.track),
        ("section", sections, lambda card: card.section),
        ("kind", kinds, lambda card: card.kind),
    ]
    for sort, wanted, name_of in limits:
        _refuse_unknown(sort, wanted, sorted({name_of(card) for card in cards}))
    return [
        card
        for card in cards
        if (kept is None or card.id in kept)
        and all(not wanted or name_of(card) in wanted for _, wanted, name_of in limits)
    ]


def _refuse_unknown(sort: str, wanted: Collection[str], known: list[str]) -> None:
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            listed = ", ".join(known) or "none"
            raise UnknownChoiceError(
                f"There are no cards of the {sort} '{shortened(name)}'.{hint} Known: {listed}."
            )
