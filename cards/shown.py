"""What somebody else wrote, as a sentence can name it: never longer than a few words, and always a text."""

from __future__ import annotations

LONGEST = 40  # characters


def shown(value: object) -> str:
    """Return a value as Python writes it, cut off with an ellipsis where it is long."""
    return shortened(repr(value))


def shortened(text: str) -> str:
    """Return a text, cut off with an ellipsis where it is long.

    Half a character, which no page and no terminal can be given, becomes the escape that JSON has for it.
    """
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return cut.encode("utf-8", "backslashreplace").decode()
