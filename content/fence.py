"""A directive as its author wrote it, and where it ends.

    :::{name} argument
    :option: value
    Body.
    :::

More than three colons are allowed, and needed to put one directive inside another: a fence is closed by the
first line of at least as many colons. A fence that is opened inside another one with as many colons as the
outer one has means that the outer one was never closed. Options stand at the top of the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from content.word import Word

_OPENING = re.compile(r":{3,}[ \t]*\{")
_CLOSING = re.compile(r"(:{3,})[ \t]*$")
_HEAD = re.compile(r":{3,}[ \t]*(?:\{([^{}]*)\}|([^\s{]+))?[ \t]*(.*)")
_OPTION = re.compile(r":([A-Za-z][\w-]*):(?:[ \t]+(.*))?$")
_CODE = re.compile(r"(`{3,})[^`]*$|(~{3,})")


@dataclass(frozen=True)
class Option:
    """One `:name: value` line."""

    name: Word
    value: Word


@dataclass(frozen=True)
class Fence:
    """A directive with its places.

    Attributes:
        opening: The whole opening line.
        name: What stands in the braces.
        argument: What follows them.
        options: In the order in which they are written.
        body: The first line after the options, counted from 1.
        last: The last line, with its closing colons, counted from 1.
        closed: Whether it has closing colons.
    """

    opening: Word
    name: Word
    argument: Word
    options: tuple[Option, ...] = ()
    body: int = 0
    last: int = 0
    closed: bool = True
    values: Mapping[str, str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        values = {option.name.text: option.value.text for option in reversed(self.options)}
        object.__setattr__(self, "values", values)

    @property
    def line(self) -> int:
        """The line of the opening fence, counted from 1."""
        return self.opening.line

    def option(self, name: str) -> Option | None:
        """Return an option, if it is given."""
        return next((option for option in self.options if option.name.text == name), None)


class End(NamedTuple):
    """Where a directive ends.

    Attributes:
        body: Index of the line after its body.
        after: Index of the line after all of it.
        closed: Whether its author closed it.
        crossed: Index of the opening line of the next fence, where that is how one knows; else -1.
    """

    body: int
    after: int
    closed: bool
    crossed: int = -1


def read_head(line: Word) -> tuple[Word, Word]:
    """Split an opening line, without white space at its end, into name and argument; either may be empty."""
    match = _HEAD.match(line.text)
    assert match is not None, line.text  # noqa: S101 - the pattern matches whatever begins with three colons
    braced = 1 if match[1] is not None else 2
    name = line.part(*match.span(braced)).stripped() if match[braced] is not None else line.part(0, 0)
    return name, line.part(*match.span(3))


def has_braces(line: Word) -> bool:
    """Tell whether an opening line has its name in braces, as it should."""
    return _OPENING.match(line.text) is not None


def is_closing(text: str) -> bool:
    """Tell whether a line is colons only."""
    return _CLOSING.match(text) is not None


def colons(text: str) -> int:
    """Count the colons that a line begins with."""
    return len(text) - len(text.lstrip(":"))


def read_option(line: Word) -> Option | None:
    """Read a `:name: value` line without white space at its end; `None` if it is not one."""
    match = _OPTION.match(line.text)
    if match is None:
        return None
    value = line.part(*match.span(2)) if match[2] is not None else line.part(len(line.text)).stripped()
    return Option(line.part(*match.span(1)), value)


def find_end(lines: Iterable[str], count: int) -> End:
    """Find where a fence ends.

    Args:
        lines: What follows its opening line, each without its indentation; index 0 is the next line. Gone
            through more than once, but no further than needed.
        count: How many colons it was opened with.
    """
    end = _find_end(lines, count, skip_code=True)
    return end or _find_end(lines, count, skip_code=False) or _unclosed(lines)


def _find_end(lines: Iterable[str], count: int, *, skip_code: bool) -> End | None:
    """Look for the closing colons; `None` if the lines end first, perhaps in a code block that never does."""
    code = ""
    for index, line in enumerate(lines):
        if code:
            code = "" if _closes_code(line, code) else code
        elif skip_code and (match := _CODE.match(line)):
            code = match[1] or match[2]
        elif colons(line) >= count:
            if is_closing(line):
                return End(index, index + 1, closed=True)
            if _OPENING.match(line):
                return _unclosed(lines, index)
    return None


def _unclosed(lines: Iterable[str], crossed: int = -1) -> End:
    """End a fence that was never closed at the next empty line, so that the text after it is still read."""
    stop = 0
    for index, line in enumerate(lines):
        if index == crossed or not line.strip():
            break
        stop = index + 1
    return End(stop, stop, closed=False, crossed=crossed)


def _closes_code(line: str, mark: str) -> bool:
    stripped = line.rstrip()
    return len(stripped) >= len(mark) and stripped == mark[0] * len(stripped)
