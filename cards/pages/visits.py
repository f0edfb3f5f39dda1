"""Tickets: how a route knows whose request it answers.

A route sees no session of Streamlit's. So the page gives its browser a ticket that cannot be guessed, under
which lies what the page knows: the learner, the day rules, the deck. No learner can ask for another's cards.

Tickets live in this process. One that it does not know (the app was started again, or another replica
answers) is refused; the browser then has the page give it another.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cards.card import Deck
from cards.edit import Edited
from cards.pages.session import Present

MOST = 200  # visits that are remembered, and
MOST_FOUND = 4  # searches of each


class UnknownTicketError(PermissionError):
    """A ticket that this process has not given, or has forgotten."""


@dataclass
class Visit:
    """One open page.

    Attributes:
        here: The learner, and when the page was last drawn.
        deck: The book's cards as the page knows them.
        names: Their sections, tracks, kinds and tags, each in the order of the book.
        edited: The last edit of many cards, until it is taken back.
        said: The id of what was last edited or taken back, and what was said of it.
        found: The ids of the last searches, in order, each by a name of its own.
    """

    here: Present
    deck: Deck
    names: Mapping[str, tuple[str, ...]]
    edited: Edited | None = None
    said: tuple[str, str] = ("", "")
    found: OrderedDict[str, tuple[str, ...]] = field(default_factory=OrderedDict)

    def at(self, now: datetime) -> Present:
        """The learner, now."""
        return replace(self.here, now=now)

    def remember(self, ids: tuple[str, ...]) -> str:
        """Keep what a search has found, and return the name under which it can be read page by page."""
        name = secrets.token_urlsafe(6)
        self.found[name] = ids
        while len(self.found) > MOST_FOUND:
            self.found.popitem(last=False)
        return name


class Visits:
    """The open pages of this process, by ticket."""

    def __init__(self) -> None:
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._turn = threading.Lock()

    def renew(self, ticket: str, here: Present, deck: Deck) -> str:
        """Note what a page knows now, and return its ticket: the one it has, or a new one."""
        with self._turn:
            visit = self._visits.get(ticket)
            if visit is not None and visit.here.learner == here.learner:
                if visit.deck is not deck:
                    visit.deck, visit.names = deck, names(deck)
                visit.here = here
                return ticket
            ticket = secrets.token_urlsafe(24)
            self._visits[ticket] = Visit(here, deck, names(deck))
            while len(self._visits) > MOST:
                self._visits.popitem(last=False)
            return ticket

    def of(self, ticket: str) -> Visit:
        """Return the visit that a ticket was given to.

        Raises:
            UnknownTicketError: If there is none.
        """
        with self._turn:
            if ticket not in self._visits:
                raise UnknownTicketError("This page has lost its place. Load it again.")
            self._visits.move_to_end(ticket)
            return self._visits[ticket]


def names(deck: Deck) -> dict[str, tuple[str, ...]]:
    """Return what a search can name: sections, tracks and kinds, and tags with all above them."""
    cards = deck.values()
    levels = (tag.split("::") for card in cards for tag in card.tags)
    tags = ("::".join(parts[:depth]) for parts in levels for depth in range(1, len(parts) + 1))
    return {
        "section": tuple(dict.fromkeys(card.section for card in cards)),
        "track": tuple(dict.fromkeys(card.track for card in cards)),
        "kind": tuple(dict.fromkeys(card.kind for card in cards)),
        "tag": tuple(dict.fromkeys(tags)),
    }


VISITS = Visits()
# Tickets that stand in an address, which browsers remember: they open a print-out and nothing else.
PAPER = Visits()
