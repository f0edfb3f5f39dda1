"""The book's cards as an Anki package: one note a card, one deck a section.

What a learner may count on, each point tested against Anki's own importer:

- an import never makes a second copy of a note, whatever was edited, renamed or moved in between;
- it updates the notes whose content has changed since, and leaves the learner's own edits on the others;
- a card that has left the book stays in Anki, with its history.

Only a card's own text counts as its content: a section's new title reaches the small print of a note, and
its tags, when the note is next updated.

Decks are `Martingale::<track>::<section>`, by title. Anki never moves a card that it knows: once a title
has changed, the old cards stay in the old deck, and only new ones go to the new. Tags are made of slugs,
which never change: `martingale::<track>::<section>`. New cards are numbered in the order of the book; Anki
goes deck by deck, in the order of their names, unless its option "new card gather order" is "ascending
position".

A picture that a kind of card draws for its note travels in the package, under a name that tells its content,
so that another picture never hides behind an old name. Left out: the pictures of the prose. They are fetched
from the app's address, when that can be reached.

With a learner's progress (`cards.anki.progress`) it also says where each card stands, and why.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from cards.anki.collection import Collection
from cards.anki.deflating import Pieces
from cards.anki.identity import past_millisecond
from cards.anki.note import Notes, deck_name
from cards.anki.parts import Deck, Note
from cards.taking import checked_address
from cards.written import MARKED, target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import BinaryIO

    from cards.anki.progress import Progress
    from cards.card import Card

BOOK_TITLE = "Martingale"
DEFLATE = 1  # of 9: the fastest, and what the others gain in bytes (6: 6%) takes three times as long


@dataclass(frozen=True)
class Package:
    """A package in memory, with how many notes it holds and how many cards Anki makes of them."""

    data: bytes
    notes: int
    cards: int


@dataclass(frozen=True)
class Written:
    """A package on disk, with how many notes it holds and how many cards Anki makes of them."""

    notes: int
    cards: int
    path: Path


def write_package(
    path: Path,
    deck: Iterable[Card],
    *,
    modified: Mapping[str, datetime],
    base_url: str,
    book_title: str = BOOK_TITLE,
    now: datetime,
    progress: Progress | None = None,
) -> Written:
    """Write what `make_package` makes of the same arguments; a file at `path` is replaced once that is whole.

    Raises:
        OSError: If the file cannot be written; what was there is still there.
        StoreProblem: As `make_package` raises it.
        ValueError: As `make_package` raises it.
        UnknownKindError: As `make_package` raises it.
    """
    path = target(path)
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name[:MARKED]}.") as aside:
        whole = Path(aside) / "package"
        collection = _collection(deck, modified, base_url, book_title, progress)
        with whole.open("wb") as file:
            _write(file, collection, now, Path(aside))
        whole.replace(path)
    return Written(collection.counts.notes, collection.counts.cards, path)


def make_package(
    deck: Iterable[Card],
    *,
    modified: Mapping[str, datetime],
    base_url: str,
    book_title: str = BOOK_TITLE,
    now: datetime,
    progress: Progress | None = None,
) -> Package:
    """Build a package in memory; the same arguments give the same bytes.

    Args:
        deck: The cards, each id once.
        modified: When the content of each card last changed, by id, with a time zone.
        base_url: The app's address, for links back into the book; empty for notes without links.
        book_title: The name of the deck that holds all others.
        now: The date of the package, with a time zone.
        progress: What the learner takes along, if they do.

    Raises:
        OSError: If there is no room to build it in.
        StoreProblem: If what is taken along cannot be read.
        ValueError: If `base_url` is not an address, or a card has no time in `modified`.
        UnknownKindError: If a card is of a kind that is not there.
    """
    collection, file = _collection(deck, modified, base_url, book_title, progress), BytesIO()
    with TemporaryDirectory() as aside:
        _write(file, collection, now, Path(aside))
    return Package(file.getvalue(), notes=collection.counts.notes, cards=collection.counts.cards)


def _changed_at(card: Card, modified: Mapping[str, datetime]) -> datetime:
    when = modified.get(card.id)
    if when is None or when.tzinfo is None:
        raise ValueError(f"Card '{card.id}' was last changed at {when}, which is not a time with a zone.")
    return when


def _collection(
    deck: Iterable[Card],
    modified: Mapping[str, datetime],
    base_url: str,
    book_title: str,
    progress: Progress | None,
) -> Collection:
    notes, cards = Notes(checked_address(base_url)), list(deck)
    decks = _decks(cards, book_title, progress)

    def note(card: Card) -> tuple[Note, Deck, int]:
        changed = int(_changed_at(card, modified).timestamp())
        return notes.of(card), decks[card.track_title, card.section_title], changed

    return Collection(dict.fromkeys(decks.values()), cards, note, progress)


def _decks(cards: Iterable[Card], book_title: str, progress: Progress | None) -> dict[tuple[str, str], Deck]:
    """The decks, by the titles of a track and of a section."""
    by_titles: dict[tuple[str, str], Deck] = {}
    by_key: dict[str, Deck] = {}
    for card in cards:
        titles = card.track_title, card.section_title
        if titles in by_titles:
            continue
        name = deck_name(book_title, *titles)
        key = name.casefold()  # to Anki, names that differ in case alone are one deck
        if key not in by_key:
            settings = None if progress is None else progress.settings_for(card.track)
            by_key[key] = Deck(name, number=past_millisecond(f"deck:{card.section}"), settings=settings)
        by_titles[titles] = by_key[key]
    return by_titles


def _write(file: BinaryIO, collection: Collection, now: datetime, aside: Path) -> None:
    # Anki 2.1.50 and later read this older of its two formats too, and only this one needs nothing but
    # Python.
    database = aside / "collection.anki2"
    # An entry opened by its bare name is dated 1980, so that the bytes do not depend on the clock.
    with (
        ZipFile(file, "w", ZIP_DEFLATED, compresslevel=DEFLATE) as archive,
        Pieces(database, DEFLATE) as pieces,
    ):
        collection.write(database, now, settled_from=pieces.begin)
        pieces.add(archive, database.name)
        names = json.dumps({str(number): name for number, name in enumerate(collection.media)}).encode()
        files = ((str(number), data) for number, data in enumerate(collection.media.values()))
        for name, data in (("media", names), *files):
            with archive.open(name, "w") as entry:
                entry.write(data)
