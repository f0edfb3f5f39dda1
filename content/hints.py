"""The remedies that problems offer."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Offer the nearest known name, or all of them where none is near and they are few."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    if len(names) == 1:
        return f"there is only '{names[0]}'"
    few = 12
    return f"there are {', '.join(names)}" if 0 < len(names) <= few else ""
