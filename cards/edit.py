"""What a learner can do to many cards at once, and what became of it: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cards.decision import Matter


class Edit(StrEnum):
    """Changes of state, each with its opposite."""

    KEEP = "keep"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    RESUME = "resume"
    BURY = "bury"
    DIG_OUT = "dig-out"
    MARK = "mark"
    UNMARK = "unmark"

    @property
    def matter(self) -> Matter:
        """What it decides."""
        return MATTERS[self]


MATTERS = {
    Edit.KEEP: Matter.KEEP,
    Edit.WITHDRAW: Matter.KEEP,
    Edit.SUSPEND: Matter.SUSPEND,
    Edit.RESUME: Matter.SUSPEND,
    Edit.BURY: Matter.BURY,
    Edit.DIG_OUT: Matter.BURY,
    Edit.MARK: Matter.MARK,
    Edit.UNMARK: Matter.MARK,
}


@dataclass(frozen=True)
class Edited:
    """What an edit has done: all that taking it back needs.

    Attributes:
        client_id: The id that it was sent with.
        edit: The edit.
        value: What was written: milliseconds since 1970, a day number, or None.
        before: What was there before, by the id of each card that was changed.
        already: How many cards were so already.
        not_kept: How many are not kept, and could not be changed.
        late: About how many another sender has decided since it was made, which stands.
        is_repeated: Whether it had been made before, and so nothing was done.
    """

    client_id: str
    edit: Edit
    value: int | None
    before: Mapping[str, int | None] = field(default_factory=dict)
    already: int = 0
    not_kept: int = 0
    late: int = 0
    is_repeated: bool = False
