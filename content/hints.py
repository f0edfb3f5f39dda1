"""The remedies that problems offer."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def track_hint(name: str, tracks: Iterable[str]) -> str:
    """Offer the nearest track, all that there are, and the way to begin one of that name."""
    known = sorted(tracks)
    close = difflib.get_close_matches(name, known, n=1)
    nearest = f"did you mean '{close[0]}'? " if close else ""
    are = f"there is only '{known[0]}'" if len(known) == 1 else f"there are {', '.join(known)}"
    return f"{nearest}{are}; to begin another, put a file _track.md into a folder '{name}'"


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
