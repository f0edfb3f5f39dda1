"""A piece of a file that knows where it stands, so that a problem can point at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A piece of text and the place where it begins.

    Attributes:
        text: What is written; it may run over several lines.
        line: Counted from 1.
        column: Counted from 1, in characters.
        rows: Line and column of each further line of the text.
    """

    text: str
    line: int
    column: int
    rows: tuple[tuple[int, int], ...] = ()

    def part(self, start: int, end: int | None = None) -> Word:
        """Cut out `text[start:end]`, keeping its place."""
        text = self.text[start:end]
        above = self.text.count("\n", 0, start)
        if above == 0 or above > len(self.rows):
            line, column = self.line, self.column + start
        else:
            line, column = self.rows[above - 1]
            column += start - self.text.rfind("\n", 0, start) - 1
        return Word(text, line, column, self.rows[above : above + text.count("\n")])

    def stripped(self) -> Word:
        """The same without the white space around it."""
        start = len(self.text) - len(self.text.lstrip())
        return self.part(start, start + len(self.text.strip()))

    def split(self, separator: str) -> list[Word]:
        """Cut at each separator; the pieces are stripped, and empty ones kept."""
        pieces, start = [], 0
        for piece in self.text.split(separator):
            pieces.append(self.part(start, start + len(piece)).stripped())
            start += len(piece) + len(separator)
        return pieces

    def words(self) -> Iterator[Word]:
        """Cut at white space."""
        for match in re.finditer(r"\S+", self.text):
            yield self.part(*match.span())
