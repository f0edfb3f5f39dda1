"""What a role is: a directive's small sister inside a line, written {name}`…`."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass

from content.reading import Reading
from content.word import Word

_TARGET = re.compile(r"(.*?)\s*<([^<>]*)>\s*", re.DOTALL)


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
    match = _TARGET.fullmatch(body.text)
    if match is None:
        return "", body.stripped()
    return " ".join(match[1].split()), body.part(*match.span(2)).stripped()
