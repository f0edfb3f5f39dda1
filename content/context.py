"""What a file of the book may name outside itself.

Every look-up goes through `find`, so that a file that was read before need not be read again unless one of
the answers it got has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Things(StrEnum):
    """The sorts of thing that can be named."""

    SECTION = "section"
    TERM = "term"
    SOURCE = "source"
    FIGURE = "figure"


@dataclass(frozen=True)
class Named:
    """What a name stands for: its slug, and what to call it."""

    slug: str
    title: str


@dataclass(frozen=True)
class Context:
    """Everything that has a name, by sort and name; former and alternative names are names too."""

    things: Mapping[Things, Mapping[str, Named]] = field(default_factory=dict)

    def find(self, sort: Things, name: str) -> Named | None:
        """Return what has this name, if anything has."""
        return self.things.get(sort, {}).get(name)

    def names(self, sort: Things) -> Iterable[str]:
        """Return all names of a sort."""
        return self.things.get(sort, {}).keys()

    def still_answers(self, asked: Mapping[tuple[Things, str], Named | None]) -> bool:
        """Tell whether every look-up would get the answer that it got before."""
        return all(self.find(*question) == answer for question, answer in asked.items())
