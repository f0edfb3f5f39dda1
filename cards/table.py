"""Cards as a table for a spreadsheet: CSV as RFC 4180 has it, in UTF-8, with a row of names first.

One row a card. What it asks and answers is there twice, as plain text with formulas in TeX, and as the HTML
that it was made from; of a claim, what to weigh stands in the place of an answer. A card that asks something
else each time is given as it asks nobody in particular. No cell is a formula (`cards.cells`).
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from cards.cells import guarded
from cards.kind import get
from cards.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from cards.card import Card

COLUMNS = (
    "id",
    "kind",
    "track",
    "section",
    "title",
    "question",
    "answer",
    "question_html",
    "answer_html",
    "tags",
    "sources",
    "checked",
    "link",
)


def write_table(file: TextIO, cards: Iterable[Card], base_url: str) -> int:
    """Write the cards, in their order, and return how many there are.

    Args:
        file: To write to; it leaves the ends of lines as they are.
        cards: The cards.
        base_url: The app's address, for links back into the book; empty for none.

    Raises:
        UnknownKindError: If a card is of a kind that is not there.
        OSError: If it cannot be written.
    """
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(COLUMNS)
    count = 0
    for card in cards:
        table.writerow(map(guarded, _row(card, base_url)))
        count += 1
    return count


def _row(card: Card, base_url: str) -> tuple[str, ...]:
    asked = get(card.kind).instance(card)
    return (
        card.id,
        card.kind,
        card.track,
        card.section,
        card.section_title,
        plain(asked.front),
        plain(asked.back),
        asked.front,
        asked.back,
        " ".join("-".join(tag.split()) for tag in card.tags),
        "; ".join(card.sources),
        card.as_of,
        f"{base_url}/{card.section}#card-{card.id}" if base_url else "",
    )
