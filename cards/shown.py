"""What somebody else wrote, as a sentence can name it: never longer than a few words, and always a text."""

from __future__ import annotations

LONGEST = 40  # characters
LONGEST_PATH = 200  # characters: where a file lies is no use without its end


def shown(value: object) -> str:
    """Return a value as Python writes it, cut off with an ellipsis where it is long."""
    return shortened(repr(value))


def shortened(text: str) -> str:
    """Return a text, cut off with an ellipsis where it is long.

    Half a character, which no page and no terminal can be given, becomes the escape that JSON has for it.
    """
    return _whole(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def path_shown(path: object) -> str:
    """Return a path, cut off at its beginning where it is long; so are bytes that are no text shown."""
    text = str(path)
    return _whole(text if len(text) <= LONGEST_PATH else f"…{text[-LONGEST_PATH:]}")


def is_text(text: str) -> bool:
    """Tell whether a text can be written down; half a character cannot, which JSON and a name can hold."""
    return _whole(text) == text


def _whole(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
