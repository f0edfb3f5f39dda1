"""What a learner says of a card past its shelf life: that it holds, or not any more, or neither after all.

    {"id", "kind": "verify", "card", "verdict": "holds" | "fails" | "open", "note", "age"}

None of it touches a memory. A card that holds is asked again, for another shelf life; one that fails is
suspended, with a note; "open" takes either back. Sent twice, each does the same once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cards.pages.session import Present


class Finding(StrEnum):
    """What can be said of a card."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"


@dataclass(frozen=True)
class Verdict:
    """What was said of a card.

    Attributes:
        client_id: Its own id.
        card_id: The card.
        finding: What was said.
        note: Why, in the learner's words; it is added to the note on the card.
        at: When, in UTC.
    """

    client_id: str
    card_id: str
    finding: Finding
    note: str
    at: datetime


def keep(present: Present, verdict: Verdict) -> None:
    """Do as the learner has said.

    Raises:
        StoreProblem: It cannot be saved.
    """
    store, learner, cards = present.store, present.learner, [verdict.card_id]
    match verdict.finding:
        case Finding.HOLDS:
            store.verify(learner, cards, verdict.at)
        case Finding.FAILS:
            store.suspend(learner, cards, verdict.at)
            _add_to_note(present, verdict)
        case Finding.OPEN:
            store.resume(learner, cards)
            store.verify(learner, cards, None)


def _add_to_note(present: Present, verdict: Verdict) -> None:
    note = verdict.note.strip()
    before = present.store.notes(present.learner).get(verdict.card_id, "")
    if note and not before.endswith(note):
        both = f"{before}\n{note}" if before else note
        present.store.write_note(present.learner, verdict.card_id, both, verdict.at)
