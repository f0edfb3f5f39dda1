"""A sentence with holes in it.

    :::{cloze} variance-adds
    The variance of the whole walk is {{the sum of the variances of its steps::what of its steps?}}.
    ---
    Extra, shown with the answer.
    :::

The book renders each hole as `<span class="cloze" data-hint="…">…</span>`, here called a *deletion*; maths
and other markup may be inside, another deletion may not. One block is one card: all its deletions are
hidden together, so that a sentence never gives away one answer by asking for another.

In Anki a deletion is `{{c1::answer::hint}}`. `}}` would end it early and `::` would start a hint, so inside
a deletion the second character of each is written as an entity, or, in TeX, set apart by a space, which TeX
ignores. (Anki's editor turns entities back into characters when a note is saved; a space survives that, and
TeX is where `}}` is common.)
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, ClassVar

from cards.kind import NO_OPTIONS, Faces, Fields, Finding, Kind, Options
from cards.markup import Element, find, is_blank, rewrite
from cards.note_type import SMALL_PRINT, NoteField, NoteTemplate, NoteType

if TYPE_CHECKING:
    from cards.card import Card

_OPENS_A_DELETION = re.compile(r"\{(?=\{c\d+::)")
_MARKS_TOUCHING = re.compile(r"(?<=\})(?=\})|(?<=:)(?=:)")
_MARKS = re.compile(r"(?<=\})\}|(?<=:):|[}:]\Z")
_ENTITIES = {"}": "&#125;", ":": "&#58;"}


class Cloze(Kind):
    """Hide parts of a sentence, then show them."""

    name: ClassVar[str] = "cloze"
    directive: ClassVar[str] = "cloze"
    title: ClassVar[str] = "Fill in"
    parts: ClassVar[tuple[str, ...]] = ("text", "extra")
    optional_parts: ClassVar[frozenset[str]] = frozenset({"extra"})

    # Every id and every field is frozen: see cards/note_type.py.
    note_type: ClassVar[NoteType] = NoteType(
        id=1_764_500_000_102,
        name="Martingale cloze",
        fields=(
            NoteField(7_302_001, "Text"),
            NoteField(7_302_002, "Extra"),
            NoteField(7_302_003, "Section"),
            NoteField(7_302_004, "Link"),
            NoteField(7_302_005, "Sources"),
            NoteField(7_302_006, "Checked"),
            NoteField(7_302_007, "CardId"),
            NoteField(7_302_008, "Spare1"),
            NoteField(7_302_009, "Spare2"),
        ),
        templates=(
            NoteTemplate(
                7_302_101,
                "Cloze",
                front="<main>{{cloze:Text}}</main>",
                back="<main>{{cloze:Text}}\n{{#Extra}}<div class=extra>{{Extra}}</div>{{/Extra}}</main>"
                + SMALL_PRINT,
            ),
        ),
        revised=datetime(2026, 11, 22, tzinfo=UTC),
        cloze=True,
    )

    def check(self, fields: Fields, options: Options = NO_OPTIONS) -> list[Finding]:
        """Return a finding for an empty sentence, a sentence with no deletion, and an empty deletion."""
        del options
        text = fields.get("text", "")
        if is_blank(text):
            return [
                Finding("missing-question", "The card has no sentence.", "write one with {{a hole}} in it")
            ]
        deletions = find(text, _is_deletion)
        if not deletions:
            return [
                Finding("missing-answer", "The sentence hides nothing.", "put {{braces}} around the answer")
            ]
        if any(is_blank(deletion.inner) for deletion in deletions):
            return [Finding("missing-answer", "A pair of braces is empty.", "write the answer inside {{ }}")]
        return []

    def faces(self, fields: Fields) -> Faces:
        """Return the sentence with each deletion hidden, and with each shown, followed by the extra."""
        back = rewrite(fields["text"], _shown)
        extra = fields.get("extra", "")
        return Faces(
            front=rewrite(fields["text"], _hidden),
            back=back if is_blank(extra) else f'{back}\n<div class="extra">{extra}</div>',
        )

    def note_fields(self, card: Card) -> dict[str, str]:
        """Return the sentence in Anki's own cloze syntax, and the extra."""
        text = _OPENS_A_DELETION.sub("&#123;", card.fields["text"])
        return {
            "Text": rewrite(text, _as_anki_writes_it),
            "Extra": card.fields.get("extra", ""),
        }


def _is_deletion(element: Element) -> bool:
    return "cloze" in element.classes


def _hidden(element: Element) -> str | None:
    if not _is_deletion(element):
        return None
    return f'<span class="cloze blank">[{escape(element.attributes.get("data-hint") or "…")}]</span>'


def _shown(element: Element) -> str | None:
    return f'<span class="cloze">{element.inner}</span>' if _is_deletion(element) else None


def _as_anki_writes_it(element: Element) -> str | None:
    if "math" in element.classes:
        return element.around(_MARKS_TOUCHING.sub(" ", element.inner))
    if not _is_deletion(element):
        return None
    hint = _without_marks(escape(element.attributes.get("data-hint", "")))
    return f"{{{{c1::{_without_marks(element.inner)}{'::' if hint else ''}{hint}}}}}"


def _without_marks(html: str) -> str:
    return _MARKS.sub(lambda mark: _ENTITIES[mark.group()], html)


KIND = Cloze()
