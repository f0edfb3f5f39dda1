"""genanki's note types, notes and decks, each of which knows a little more."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import genanki

from cards.anki.presets import preset_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from cards.schedule import SchedulerSettings


class Model(genanki.Model):  # type: ignore[misc]  # genanki ships no types
    """A note type that knows when it was last revised, and the cards of each pattern of empty fields.

    Attributes:
        revised: When, in seconds since 1970.
        field_names: The names of its fields.
        blank: A field's value where a note says nothing of it, by name.
        in_order: Takes the fields' values from a mapping by name.
    """

    def __init__(self, *, revised: datetime, **given: Any) -> None:  # noqa: ANN401 - genanki's own
        super().__init__(**given)
        self.revised = int(revised.timestamp())
        self.field_names = tuple(field["name"] for field in self.fields)
        self.blank = dict.fromkeys(self.field_names, "")
        self.in_order: Callable[[Mapping[str, str]], tuple[str, ...]] = itemgetter(*self.field_names)
        self._made: dict[tuple[bool, ...], Sequence[int]] = {}

    def cards_of(self, fields: Sequence[str]) -> Sequence[int]:
        """Return which templates genanki makes a card of, by their places.

        It goes by which fields are empty, unless the note is a cloze.
        """
        if self.model_type == Model.CLOZE:
            return self._cards_of(fields)
        pattern = tuple(map(bool, fields))
        known = self._made.get(pattern)
        if known is None:
            known = self._made[pattern] = self._cards_of(fields)
        return known

    def _cards_of(self, fields: Sequence[str]) -> Sequence[int]:
        return [card.ord for card in genanki.Note(model=self, fields=fields).cards]


class Note(NamedTuple):
    """A note.

    Attributes:
        model: Its note type.
        fields: The values of the note type's fields, in order.
        text: All of them as one text, as a collection holds them.
        tags: Its tags, with a space before each and after the last.
        media: The files that it shows, by name.
    """

    model: Model
    fields: Sequence[str]
    text: str
    tags: str
    media: Mapping[str, bytes]


class Deck(genanki.Deck):  # type: ignore[misc]  # genanki ships no types
    """A deck that knows its preset."""

    def __init__(self, name: str, *, number: int, settings: SchedulerSettings | None) -> None:
        super().__init__(number, name)
        self.settings = settings

    def to_json(self) -> dict[str, Any]:
        """Return it as a collection's `decks` holds it."""
        kept: dict[str, Any] = super().to_json()
        return kept if self.settings is None else {**kept, "conf": preset_id(self.settings)}
