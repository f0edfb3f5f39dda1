"""What makes a card the same card in a learner's Anki, for ever.

Everything here is a function of ids that authors write, never of text, clocks or order. A change to any of
it would give every learner a second copy of every note, so these functions and constants are frozen;
`tests/cards` pins their values. The note types' ids are frozen too, and stand with their kinds
(`cards/kinds`).

- A note is found again by its GUID. Anki takes any text, so it is readable: `martingale:<card id>`.
- Anki reads a note's or card's number as the millisecond it was made, and replaces one that lies ahead.
  Ours are digests of the id, spread over ten past years: 3 × 10¹¹ values, so two of 10,000 cards share one
  in about one book in 6,000, and then the later one moves to the next free number. Two things depend on that
  number: a learner who deletes a card and imports it again keeps its review log, and a push knows a note
  that the learner has given another note type.
- A deck is found again by its name, and Anki gives it a number of its own; ours only has to be free.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

OURS = "martingale:"
FIRST_MILLISECOND = 1_420_070_400_000  # 2015-01-01 in UTC
LAST_MILLISECOND = 1_735_689_600_000  # 2025-01-01 in UTC, excluded
DIGITS = np.dtype(">u8")  # of a digest, those that a number is made of


def note_guid(card_id: str) -> str:
    """Return the GUID by which Anki finds a card's note again."""
    return f"{OURS}{card_id}"


def card_of(guid: object) -> str | None:
    """Return the id of the card whose note has this GUID, or None if the note is not one of ours."""
    if not isinstance(guid, str) or not guid.startswith(OURS) or guid == OURS:
        return None
    return guid.removeprefix(OURS)


def past_millisecond(name: str) -> int:
    """Return a number in Anki's range that depends on nothing but the name."""
    (number,) = past_milliseconds([name])
    return number


def past_milliseconds(names: Iterable[str]) -> list[int]:
    """Return the number of each name, as `past_millisecond` gives it."""
    digests = b"".join([sha256(name.encode()).digest()[: DIGITS.itemsize] for name in names])
    spread = np.frombuffer(digests, DIGITS) % (LAST_MILLISECOND - FIRST_MILLISECOND)
    return [int(number) for number in (FIRST_MILLISECOND + spread).tolist()]


def each_once(wanted: Iterable[int]) -> list[int]:
    """Return numbers that are all different: each is the one that is wanted, or the next one that is free."""
    taken: set[int] = set()
    given = []
    for one in wanted:
        number = one
        while number in taken:
            number += 1
        taken.add(number)
        given.append(number)
    return given
