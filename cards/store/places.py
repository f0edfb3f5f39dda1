"""Where the cards of the book stand, written beside the memories, so that a database can sort by it.

The place of a memory is its card's `order`, or null if the book has no such card. The learner's row says by a
digest which order was written, and enrolling a card takes the digest away; so it is known without looking at
any memory whether they must be written again. That is after the book has changed or cards were enrolled.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from cards.store.prepared import Prepared
from cards.store.tables import Row

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cards.card import Deck

MEMORY = Row.metadata.tables["memory"]
LEARNER = Row.metadata.tables["learner"]
PLACED = Prepared(select(LEARNER.c.placed).where(LEARNER.c.id == bindparam("learner")))
SET_PLACED = Prepared(
    update(LEARNER).where(LEARNER.c.id == bindparam("learner")).values(placed=bindparam("digest"))
)
PLACE = (
    update(MEMORY)
    .where(MEMORY.c.learner_id == bindparam("learner"), MEMORY.c.card_id == bindparam("card"))
    .values(place=bindparam("new_place"))
)


def digest(deck: Deck) -> str:
    """Return a digest of which cards a book has and where they stand."""
    places = "\n".join(f"{card.order} {card_id}" for card_id, card in deck.items())
    return sha256(places.encode()).hexdigest()


def are_written(connection: Connection, learner: int, order: str) -> bool:
    """Whether a learner's memories have the places of the book with this digest."""
    return PLACED.first(connection, {"learner": learner}) == (order,)


def write(connection: Connection, learner: int, deck: Deck, order: str) -> None:
    """Write the places of a book, whose digest is given, beside a learner's memories."""
    rows = connection.execute(select(MEMORY.c.card_id, MEMORY.c.place).where(MEMORY.c.learner_id == learner))
    wanted = ((card_id, old, deck[card_id].order if card_id in deck else None) for card_id, old in rows)
    moved = [
        {"learner": learner, "card": card_id, "new_place": new} for card_id, old, new in wanted if old != new
    ]
    if moved:
        connection.execute(PLACE, moved)
    SET_PLACED.run(connection, {"learner": learner, "digest": order})


def forget(connection: Connection, learner: int) -> None:
    """Note that a learner has memories without a place."""
    SET_PLACED.run(connection, {"learner": learner, "digest": None})
