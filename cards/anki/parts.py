"""genanki's note types, notes and decks, each of which knows a little more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import genanki

from cards.anki.presets import preset_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from cards.schedule import SchedulerSettings


class Model(genanki.Model):  # type: ignore[misc]  # genanki ships no types
    """A note type that knows when it was last revised, and the cards of each pattern of empty fields."""

    def __init__(self, *, revised: datetime, **given: Any) -> None:  # noqa: ANN401 - genanki's own
        super().__init__(**given)
        self.revised = int(revised.timestamp())
        self.field_names = tuple(field["name"] for field in self.fields)
        self.cards: dict[tuple[bool, ...], list[genanki.Card]] = {}


class Note(genanki.Note):  # type: ignore[misc]  # genanki ships no types
    """A note that knows when its content last changed, the files that it shows by name, and its number."""

    tags: Sequence[str] = ()  # which genanki would look through for spaces once more

    def __init__(
        self,
        *,
        modified: datetime,
        media: Mapping[str, bytes],
        **given: Any,  # noqa: ANN401 - genanki's own
    ) -> None:
        super().__init__(**given)
        self.modified = int(modified.timestamp())
        self.media = media
        self.number = 0  # given by the collection, in which it must be unique

    @property
    def cards(self) -> list[genanki.Card]:
        """The cards that genanki makes of it: by which fields are empty, unless it is a cloze."""
        if self.model.model_type == Model.CLOZE:
            return list(self._cloze_cards())
        known: dict[tuple[bool, ...], list[genanki.Card]] = self.model.cards
        pattern = tuple(map(bool, self.fields))
        if pattern not in known:
            known[pattern] = self._front_back_cards()
        return known[pattern]


class Deck(genanki.Deck):  # type: ignore[misc]  # genanki ships no types
    """A deck that knows its preset."""

    def __init__(self, name: str, *, number: int, settings: SchedulerSettings | None) -> None:
        super().__init__(number, name)
        self.settings = settings

    def to_json(self) -> dict[str, Any]:
        """Return it as a collection's `decks` holds it."""
        kept: dict[str, Any] = super().to_json()
        return kept if self.settings is None else {**kept, "conf": preset_id(self.settings)}
