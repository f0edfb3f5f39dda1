"""One card of ours as one note of Anki's: its note type, its fields, its tags, and the name of its deck."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cards.anki.field import card_address, to_fields
from cards.anki.identity import note_guid
from cards.anki.parts import Model, Note
from cards.kind import get
from cards.note_type import small_print

if TYPE_CHECKING:
    from datetime import datetime

    from cards.card import Card


def note_of(card: Card, *, modified: datetime, base_url: str) -> Note:
    """Return the card's note.

    Args:
        card: The card.
        modified: When its content last changed.
        base_url: The app's address without a slash at its end, or empty.

    Raises:
        UnknownKindError: If no kind has the card's name.
    """
    kind, model = get(card.kind), _model(card.kind)
    media = kind.media(card)
    values = kind.note_fields(card) | small_print(card, card_address(card, base_url))
    fields = to_fields(values, section=card.section, base_url=base_url, media=media)
    return Note(
        model=model,
        fields=[fields.get(name, "") for name in model.field_names],
        tags=_tags(card.track, card.section, card.tags),
        guid=note_guid(card.id),
        due=card.order,
        modified=modified,
        media=media,
    )


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


@cache
def _tags(track: str, section: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return a note's tags; Anki has no spaces in them."""
    return tuple("-".join(tag.split()) for tag in (f"martingale::{track}::{section}", *tags))
