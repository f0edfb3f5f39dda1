"""One file while it is being read: where things stand in it, what is wrong with it, what it names.

The parser makes one `Reading` a file and hands it to every rule, directive and role.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from content.context import Context, Named, Things
from content.front_matter import FrontMatter
from content.problems import Code, Problem
from content.source import Source
from content.word import Word


@dataclass(frozen=True)
class Stretch:
    """A stretch of text whose inline markup is being read.

    Attributes:
        content: The text, with the marks of lists and quotations removed.
        first: Index of its first line in the file.
        cell: Which of the equal cells on its line it is, counted from 0; `None` outside tables.
    """

    content: str
    first: int
    cell: int | None = None


@dataclass
class Reading:
    """The state of reading one file.

    Attributes:
        source: The file.
        context: What it may name outside itself.
        slug: The section's slug; empty in a file that is not a section.
        front: Its front matter.
        problems: What is wrong with it, in the order in which it was found.
        asked: What it has looked up, and the answers.
        ids: The ids of its cards, with their places.
        families: The families that its cards name, with their places.
        stretch: The text that inline rules are reading.
        enclosing: The directives around the line that is being read, outermost first.
        has_unclosed: Whether a fence was not closed; a closing line too many then needs no mention.
        inline: Renders a word of inline markup to sanitised HTML.
    """

    source: Source
    context: Context
    slug: str = ""
    front: FrontMatter = field(default_factory=FrontMatter)
    problems: list[Problem] = field(default_factory=list)
    asked: dict[tuple[Things, str], Named | None] = field(default_factory=dict)
    ids: list[Word] = field(default_factory=list)
    families: list[Word] = field(default_factory=list)
    stretch: Stretch = field(default_factory=lambda: Stretch("", 0))
    enclosing: list[str] = field(default_factory=list)
    has_unclosed: bool = False
    inline: Callable[[Word], str] = field(default=lambda word: escape(word.text))
    _numbers: Counter[str] = field(default_factory=Counter)

    def report(self, code: Code, word: Word, message: str, hint: str = "") -> Problem:
        """Note a problem at a word."""
        problem = Problem(self.source.path, word.line, word.column, code, message, hint)
        self.problems.append(problem)
        return problem

    def problems_within(self, first: int, last: int) -> list[Problem]:
        """Return what is wrong between two lines, both included, in order."""
        return sorted({problem for problem in self.problems if first <= problem.line <= last})

    def find(self, sort: Things, name: str) -> Named | None:
        """Look up a name outside the file."""
        answer = self.context.find(sort, name)
        self.asked[sort, name] = answer
        return answer

    def number(self, name: str) -> int:
        """Count the uses of a name, from 1."""
        self._numbers[name] += 1
        return self._numbers[name]

    def line(self, index: int) -> str:
        """Return a line of the file; lines past its end are empty."""
        return self.source.lines[index] if index < len(self.source.lines) else ""

    def word(self, text: str, start: int, end: int) -> Word:
        """Place a part of the stretch that is being read.

        Args:
            text: What the rule reads: the stretch, or (in a picture's description) a part of it.
            start: Where the part begins in `text`.
            end: Where it ends.
        """
        content = self.stretch.content
        shift = 0 if text == content else max(content.find(text), 0)
        start, end = start + shift, end + shift
        starts = [start]
        while (feed := content.find("\n", starts[-1], end)) >= 0:
            starts.append(feed + 1)
        places = [self._place(offset) for offset in starts]
        return Word(content[start:end], *places[0], tuple(places[1:]))

    def _place(self, offset: int) -> tuple[int, int]:
        content = self.stretch.content
        index = self.stretch.first + content.count("\n", 0, offset)
        row = content.rfind("\n", 0, offset) + 1
        row_end = content.find("\n", row)
        piece = content[row : row_end if row_end >= 0 else len(content)]
        line = self.line(index)
        return index + 1, min(self._column(line, piece) + offset - row, len(line)) + 1

    def _column(self, line: str, piece: str) -> int:
        """Find where a piece begins in its line: at the end of the line, except in a table."""
        piece = piece.rstrip()
        if self.stretch.cell is None and line.rstrip().endswith(piece):
            return len(line.rstrip()) - len(piece)
        column = -1
        for _ in range((self.stretch.cell or 0) + 1):
            column = line.find(piece, column + 1)
        return max(column, line.find(piece.replace("|", "\\|")), 0)
