"""What a learner can do to many cards at once, and what became of it: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(frozen=True)
class Edited:
    """What an edit has done: all that taking it back needs.

    Attributes:
        edit: The edit.
        value: What was written: milliseconds since 1970, a day number, or None.
        before: What was there before, by the id of each card that was changed.
        already: How many cards were so already.
        not_kept: How many are not kept, and could not be changed.
    """

    edit: Edit
    value: int | None
    before: Mapping[str, int | None] = field(default_factory=dict)
    already: int = 0
    not_kept: int = 0
