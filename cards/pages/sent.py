"""What a browser has sent, read without trusting it: a value that is not as it should be is as none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cards.card import LONGEST_ID

LONGEST_NOTE = 2000  # characters: a note says in a few lines what the card does not
MILLISECOND = timedelta(milliseconds=1)


def value(raw: object, name: str) -> Any:  # noqa: ANN401 - whatever a browser may send
    """What stands under a name."""
    return raw.get(name) if isinstance(raw, Mapping) else None


def has(raw: object, name: str) -> bool:
    """Whether anything stands under a name."""
    return isinstance(raw, Mapping) and name in raw


def text(raw: object, name: str) -> str:
    """A name, such as that of a card; empty where there is none."""
    found = value(raw, name)
    return found if is_name(found) else ""


def words(raw: object, name: str, longest: int = LONGEST_NOTE) -> str:
    """What a learner has written, cut off where it is too long; empty where there is nothing."""
    found = value(raw, name)
    return clean(found)[:longest] if isinstance(found, str) else ""


def is_name(found: object) -> bool:
    """Whether this can be the name of something."""
    return isinstance(found, str) and 0 < len(found) <= LONGEST_ID and clean(found) == found


def clean(written: str) -> str:
    """Leave out what no database takes as text: NUL, and halves of characters that JSON can name."""
    return written.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def duration(raw: object, name: str, longest: timedelta) -> timedelta:
    """A number of milliseconds from none to the longest; none where there is no number."""
    found = value(raw, name)
    if not isinstance(found, int | float) or not found > 0:  # neither is "not a number"
        return timedelta()
    return min(longest, timedelta(milliseconds=min(found, longest / MILLISECOND)))
