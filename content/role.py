"""What a role is: a directive's small sister inside a line, written {name}`…`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from content.reading import Reading
from content.word import Word


@dataclass(frozen=True)
class Inline:
    """What a role becomes: plain text, for headings and outlines, and HTML."""

    text: str
    html: str


class Role(ABC):
    """A role, one file each in `content/roles`."""

    @abstractmethod
    def read(self, body: Word, reading: Reading) -> Inline | None:
        """Return what to show for the text between the backticks; `None` once a problem is reported."""


def text_and_target(body: Word) -> tuple[str, Word]:
    """Split "text <target>"; without angle brackets the text is the target, and the text is empty."""
    opening = body.text.rfind("<")
    closing = len(body.text.rstrip()) - 1
    if opening < 0 or body.text[closing] != ">":
        return "", body.stripped()
    return " ".join(body.text[:opening].split()), body.part(opening + 1, closing).stripped()
