"""Which cards are to be taken away, as the learner chooses them on the page; all of them until they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st
from starlette.datastructures import QueryParams

from cards.card import Card, Deck
from cards.choice import choose
from cards.kind import get
from cards.pages.session import Present

ALL = "All"
KEPT = "kept"  # the name under which an address says that only kept cards are meant


@dataclass(frozen=True)
class Choice:
    """What was chosen: slugs and names of kinds, none of a sort for all, and whether only of kept cards."""

    tracks: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    kept_only: bool = False

    def of(self, here: Present, deck: Deck) -> list[Card]:
        """Return the chosen cards, in the order of the book.

        Raises:
            StoreProblem: If it cannot be read which are kept.
        """
        kept = here.memories() if self.kept_only else None
        cards = choose(deck.values(), tracks=self.tracks, sections=self.sections, kinds=self.kinds, kept=kept)
        return sorted(cards, key=lambda card: card.order)

    @classmethod
    def asked_for(cls, query: QueryParams) -> Choice:
        """Read what `query` returned, from the address of a request."""
        tracks, sections, kinds = (tuple(query.getlist(sort)) for sort in ("track", "section", "kind"))
        return cls(tracks, sections, kinds, kept_only=KEPT in query)

    def query(self, kept: str = "1") -> list[tuple[str, str]]:
        """The choice as names and values of an address; `kept` is the value that means only kept ones."""
        named = [("track", self.tracks), ("section", self.sections), ("kind", self.kinds)]
        chosen = [(sort, name) for sort, names in named for name in names]
        return [*chosen, (KEPT, kept)] if self.kept_only else chosen

    def print_address(self, ticket: str = "") -> str:
        """Where the chosen cards are laid out for paper; the ticket says to whom the kept ones belong."""
        query = urlencode(self.query(ticket))
        return f"/cards/print?{query}" if query else "/cards/print"


def choice(deck: Deck) -> Choice:
    """Show what can be chosen, and return what is."""
    with st.container(key="away-choice"):
        tracks = _some("Tracks", "track", deck, lambda card: (card.track, card.track_title))
        of_tracks = {slug: card for slug, card in deck.items() if not tracks or card.track in tracks}
        sections = _some("Sections", "section", of_tracks, lambda card: (card.section, card.section_title))
        kinds = _some("Kinds", "kind", deck, lambda card: (card.kind, get(card.kind).title))
        kept_only = st.checkbox("Only the cards that I keep", key="away-kept")
    return Choice(tracks, sections, kinds, kept_only)


def _some(label: str, name: str, deck: Deck, named: Callable[[Card], tuple[str, str]]) -> tuple[str, ...]:
    titles = dict(named(card) for card in _in_order(deck.values()))
    chosen = st.multiselect(
        label,
        list(titles),
        format_func=lambda slug: titles.get(slug, slug),
        placeholder=ALL,
        key=f"away-{name}",
    )
    return tuple(slug for slug in chosen if slug in titles)


def _in_order(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: card.order)
