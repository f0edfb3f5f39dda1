"""A claim, and what to weigh before one believes it or does not.

    :::{credence} would-need-thousands
    :by: 2027-12-31
    I will update on this claim more than twenty times before it resolves.
    ---
    What to weigh, shown after the reader has answered; several considerations may be a list.
    :::

`:by:` is the last day on which it can still turn out; a claim without one need never be settled. With
`:before: true` it is also asked where its section opens. The reader answers with a probability, which nobody
grades: a claim is not something to be remembered, and has no answer that could be.

A claim is one paragraph that is true or false, so that a probability of it means something: a list, a second
paragraph and a question are refused. Left out: claims with more than two outcomes.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, ClassVar

from cards.kind import NO_OPTIONS, Faces, Fields, Finding, Kind, Options
from cards.markup import find, is_blank
from cards.note_type import SMALL_PRINT, NoteField, NoteTemplate, NoteType
from cards.plain import plain

if TYPE_CHECKING:
    from cards.card import Card

DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
BLOCKS = frozenset({"p", "ul", "ol", "dl", "blockquote", "pre", "table", "h2", "h3", "h4", "h5", "h6"})
NO_ANSWER = "<p>No answer is right or wrong here. This is what to weigh.</p>"
PUT_A_NUMBER = '{{#Link}}<p><a href="{{text:Link}}">Put a number on it where it stands</a></p>{{/Link}}'


class Credence(Kind):
    """Ask how likely a claim is, then show what to weigh."""

    name: ClassVar[str] = "credence"
    directive: ClassVar[str] = "credence"
    title: ClassVar[str] = "Claim"
    parts: ClassVar[tuple[str, ...]] = ("claim", "weigh")
    options: ClassVar[frozenset[str] | None] = frozenset({"by", "before"})
    is_remembered: ClassVar[bool] = False

    # Every id and every field is frozen: see cards/note_type.py.
    note_type: ClassVar[NoteType] = NoteType(
        id=1_764_500_000_104,
        name="Martingale claim",
        fields=(
            NoteField(7_304_001, "Claim"),
            NoteField(7_304_002, "Weigh"),
            NoteField(7_304_003, "By"),
            NoteField(7_304_004, "Section"),
            NoteField(7_304_005, "Link"),
            NoteField(7_304_006, "Sources"),
            NoteField(7_304_007, "Checked"),
            NoteField(7_304_008, "CardId"),
            NoteField(7_304_009, "Spare1"),
            NoteField(7_304_010, "Spare2"),
        ),
        templates=(
            NoteTemplate(
                7_304_101,
                "Claim",
                front="<main><p>How likely is it?</p>\n{{Claim}}\n{{#By}}<p>By {{By}}.</p>{{/By}}</main>",
                back="{{FrontSide}}\n<hr id=answer>\n<main>"
                f"{NO_ANSWER}\n{{{{Weigh}}}}\n{PUT_A_NUMBER}</main>{SMALL_PRINT}",
            ),
        ),
        revised=datetime(2026, 11, 26, tzinfo=UTC),
    )

    def check(self, fields: Fields, options: Options = NO_OPTIONS) -> list[Finding]:
        """Return a finding for a part that is empty, for what is no claim, and for options that are wrong."""
        return [
            *_check_claim(fields.get("claim", "")),
            *_check_weigh(fields.get("weigh", "")),
            *_check_by(options.get("by")),
            *_check_before(options.get("before", "false")),
        ]

    def faces(self, fields: Fields) -> Faces:
        """Return the claim, and what to weigh."""
        return Faces(front=fields["claim"], back=fields["weigh"])

    def note_fields(self, card: Card) -> dict[str, str]:
        """Return the claim, what to weigh, and the date by which it turns out, if it has one."""
        by = by_date(card)
        return {
            "Claim": card.fields["claim"],
            "Weigh": card.fields["weigh"],
            "By": "" if by is None else f"{by.day} {by:%B %Y}",
        }


def by_date(card: Card) -> date | None:
    """Return the last day on which a claim can still turn out, or None if it has none."""
    return _date(card.options.get("by", ""))


def is_asked_before(card: Card) -> bool:
    """Whether a claim is to be asked where its section opens, too."""
    return card.options.get("before") == "true"


def _check_claim(html: str) -> list[Finding]:
    if is_blank(html):
        return [Finding("missing-question", "The card makes no claim.", "write it above the line ---")]
    blocks = [element.name for element in find(html, lambda element: element.name in BLOCKS)]
    if len(blocks) > 1 or not {"p"}.issuperset(blocks):
        message = "The claim is more than one paragraph, so that a probability of it has no one meaning."
        return [Finding("bad-claim", message, "make one claim a card, and put the rest below ---")]
    if plain(html).rstrip().endswith("?"):
        message = "The claim is a question, and only what is true or false has a probability."
        return [Finding("bad-claim", message, "write it as a sentence that will turn out true or false")]
    return []


def _check_weigh(html: str) -> list[Finding]:
    if not is_blank(html):
        return []
    hint = "write below a line of its own, ---, what speaks for the claim and what against it"
    return [Finding("missing-answer", "The card has nothing to weigh.", hint)]


def _check_by(text: str | None) -> list[Finding]:
    if text is None or _date(text) is not None:
        return []
    return [
        Finding(
            "bad-option", f"by is '{text}', which is not a date.", "write, for instance, 2027-12-31", "by"
        )
    ]


def _check_before(text: str) -> list[Finding]:
    if text in {"true", "false"}:
        return []
    message = f"before is '{text}', which is not true or false."
    return [Finding("bad-option", message, "write true", "before")]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:  # such as the 30th of February
        return None


KIND = Credence()
