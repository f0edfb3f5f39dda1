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

OURS = "martingale:"
FIRST_MILLISECOND = 1_420_070_400_000  # 2015-01-01 in UTC
LAST_MILLISECOND = 1_735_689_600_000  # 2025-01-01 in UTC, excluded


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
    digest = int.from_bytes(sha256(name.encode()).digest()[:8])
    return FIRST_MILLISECOND + digest % (LAST_MILLISECOND - FIRST_MILLISECOND)


class Numbers:
    """Hands out each number once in a package."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def claim(self, wanted: int) -> int:
        """Return the number that is wanted, or the next one that is free."""
        while wanted in self._taken:
            wanted += 1
        self._taken.add(wanted)
        return wanted
