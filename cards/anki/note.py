"""One card of ours as one note of Anki's: its note type, its fields, its tags, and the name of its deck."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cards.anki.field import card_address, to_fields
from cards.anki.parts import Model, Note
from cards.kind import get
from cards.note_type import own_print, shared_print

if TYPE_CHECKING:
    from cards.card import Card


class Notes:
    """Makes the notes of cards; what many of them have in common is made once.

    Args:
        base_url: The app's address without a slash at its end, or empty.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._printed: dict[tuple[str, tuple[str, ...], str], dict[str, str]] = {}
        self._tags: dict[tuple[str, str, tuple[str, ...]], str] = {}

    def of(self, card: Card) -> Note:
        """Return the card's note.

        Raises:
            UnknownKindError: If no kind has the card's name.
        """
        kind, model = get(card.kind), _model(card.kind)
        media = kind.media(card)
        values = {
            **model.blank,
            **kind.note_fields(card),
            **self._shared_print(card),
            **own_print(card.id, card_address(card, self._base_url)),
        }
        fields, text = to_fields(
            model.in_order(values), section=card.section, base_url=self._base_url, media=media
        )
        return Note(model, fields, text, self._tags_of(card), media)

    def _shared_print(self, card: Card) -> dict[str, str]:
        told = card.section_title, card.sources, card.as_of
        printed = self._printed.get(told)
        if printed is None:
            printed = self._printed[told] = shared_print(*told)
        return printed

    def _tags_of(self, card: Card) -> str:
        """Return a note's tags; Anki has no spaces in them."""
        told = card.track, card.section, card.tags
        tags = self._tags.get(told)
        if tags is None:
            written = (f"martingale::{card.track}::{card.section}", *card.tags)
            tags = self._tags[told] = f" {' '.join('-'.join(tag.split()) for tag in written)} "
        return tags


@cache
def deck_name(*titles: str) -> str:
    """Return the name of a deck inside decks; `::` in a title, which would nest it deeper, becomes `:`."""
    return "::".join(" ".join(re.sub("::+", ":", title).split()).strip(":") or "-" for title in titles)


@cache
def _model(kind_name: str) -> Model:
    note_type = get(kind_name).note_type
    return Model(
        model_id=note_type.id,
        name=note_type.name,
        fields=[{"id": field.id, "name": field.name} for field in note_type.fields],
        templates=[
            {"id": template.id, "name": template.name, "qfmt": template.front, "afmt": template.back}
            for template in note_type.templates
        ],
        css=note_type.css,
        model_type=Model.CLOZE if note_type.cloze else Model.FRONT_BACK,
        revised=note_type.revised,
    )
