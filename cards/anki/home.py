"""Progress that was made in Anki, brought home: the reviews in a package, merged into the learner's log.

    with path.open("rb") as package:
        home = bring_home(store, learner, package, deck, rules=rules, tuning=tuning, now=now)

The same reviews come home once, however often they are brought: an answer is known by its card and its
moment, also one that was exported from here with its history. Whatever is in the package, its schedule is not
taken over: memories and dates are computed again from all reviews, by the learner's own settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cards.anki.reading import database
from cards.anki.reading.reviews import Found, found_in
from cards.anki.reading.unpacking import unpacked
from cards.remembered import remembered
from cards.store import Merged, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from typing import BinaryIO

    from cards.card import Card, Deck
    from cards.days import DayRules
    from cards.store import Store
    from cards.tuning import Tuning

Value = TypeVar("Value")


@dataclass(frozen=True)
class Home:
    """What was in a package, and what merging it came to, or would."""

    found: Found
    merged: Merged


class OfCards(Mapping[str, Value]):
    """What each card of a deck has, found out when it is asked for: most have nothing new."""

    def __init__(self, deck: Deck, value: Callable[[Card], Value]) -> None:
        self._deck = deck
        self._value = value

    def __getitem__(self, card_id: str) -> Value:
        return self._value(self._deck[card_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._deck)

    def __len__(self) -> int:
        return len(self._deck)


def bring_home(
    store: Store,
    learner: int,
    package: BinaryIO,
    deck: Deck,
    *,
    rules: DayRules,
    tuning: Tuning,
    now: datetime,
    dry_run: bool = False,
) -> Home:
    """Merge the reviews of a package into a learner's log.

    Args:
        store: Where the log is.
        learner: Whose it is.
        package: An `.apkg` or a `.colpkg`, open for reading.
        deck: The cards of the book by id; others are merged only if the learner keeps them.
        rules: Where the learner's day begins.
        tuning: The learner's scheduler settings.
        now: The present, in UTC.
        dry_run: Whether to find out what it comes to, and write nothing.

    Raises:
        PackageError: The package cannot be read; nothing was written.
        StoreProblem: The database cannot be written; nothing was.
        OSError: There is no room to unpack it; nothing was written.
    """
    asked = remembered(deck)  # nobody grades the others, in Anki neither, also if they were kept once
    kept = asked.keys() | (store.ever_kept(learner) - deck.keys())
    by_track = {track: tuning.settings_for(track) for track in {card.track for card in deck.values()}}
    terms = Terms(
        rules,
        tuning.settings_for(None),
        settings=OfCards(deck, lambda card: by_track[card.track]),
        sections=OfCards(deck, lambda card: card.section),
    )
    with unpacked(package) as path, database.opened(path) as connection:
        found = found_in(connection, kept, now)
        return Home(found, store.merge(learner, found.arrivals, terms, now, dry_run=dry_run))
