"""A question and its answer.

    :::{card} updates-from-half
    Question
    ---
    Answer
    :::

`:reverse: true` also asks the other way round in Anki, where one note can make two cards. The desk asks one
way: a card has one id, and one memory.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from cards.kind import NO_OPTIONS, Faces, Fields, Finding, Kind, Options
from cards.markup import is_blank
from cards.note_type import SMALL_PRINT, NoteField, NoteTemplate, NoteType

if TYPE_CHECKING:
    from cards.card import Card


class Recall(Kind):
    """Ask, then show."""

    name: ClassVar[str] = "recall"
    directive: ClassVar[str] = "card"
    title: ClassVar[str] = "Recall"
    parts: ClassVar[tuple[str, ...]] = ("front", "back")
    options: ClassVar[frozenset[str] | None] = frozenset({"reverse"})

    # Every id and every field is frozen: see cards/note_type.py.
    note_type: ClassVar[NoteType] = NoteType(
        id=1_764_500_000_101,
        name="Martingale recall",
        fields=(
            NoteField(7_301_001, "Front"),
            NoteField(7_301_002, "Back"),
            NoteField(7_301_003, "AddReverse"),
            NoteField(7_301_004, "Section"),
            NoteField(7_301_005, "Link"),
            NoteField(7_301_006, "Sources"),
            NoteField(7_301_007, "Checked"),
            NoteField(7_301_008, "CardId"),
            NoteField(7_301_009, "Spare1"),
            NoteField(7_301_010, "Spare2"),
        ),
        templates=(
            NoteTemplate(
                7_301_101,
                "Recall",
                front="<main>{{Front}}</main>",
                back="{{FrontSide}}\n<hr id=answer>\n<main>{{Back}}</main>" + SMALL_PRINT,
            ),
            NoteTemplate(
                7_301_102,
                "Reverse",
                front="{{#AddReverse}}<main>{{Back}}</main>{{/AddReverse}}",
                back="{{FrontSide}}\n<hr id=answer>\n<main>{{Front}}</main>" + SMALL_PRINT,
            ),
        ),
        revised=datetime(2026, 11, 22, tzinfo=UTC),
    )

    def check(self, fields: Fields, options: Options = NO_OPTIONS) -> list[Finding]:
        """Return a finding for a side that is empty and for a `reverse` that is neither true nor false."""
        findings = []
        if is_blank(fields.get("front", "")):
            findings.append(
                Finding("missing-question", "The card has no question.", "write it above the line ---")
            )
        if is_blank(fields.get("back", "")):
            findings.append(
                Finding("missing-answer", "The card has no answer.", "write it below a line of its own: ---")
            )
        reverse = options.get("reverse", "false")
        if reverse not in {"true", "false"}:
            findings.append(
                Finding("bad-option", f"reverse is '{reverse}', which is not true or false.", "write true")
            )
        return findings

    def faces(self, fields: Fields) -> Faces:
        """Return the question and the answer as they are written."""
        return Faces(front=fields["front"], back=fields["back"])

    def note_fields(self, card: Card) -> dict[str, str]:
        """Return both sides; `AddReverse` holds something when the card is to be asked both ways."""
        return {
            "Front": card.fields["front"],
            "Back": card.fields["back"],
            "AddReverse": "1" if card.options.get("reverse") == "true" else "",
        }


KIND = Recall()
