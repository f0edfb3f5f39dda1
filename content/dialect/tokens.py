"""The little that the rules need to know of the parser, so that only `content/parse.py` depends on it.

Names are the parser's own, and so are the conventions: a rule is called with `silent` true when the parser
only asks whether it would match; lines are counted from 0; `map` is a token's range of lines, end excluded.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, Literal, Protocol

from content.reading import Reading

Nesting = Literal[-1, 0, 1]


class Token(Protocol):
    """A token of the parser."""

    type: str
    tag: str
    nesting: Nesting
    attrs: dict[str, str | int | float]
    map: list[int] | None
    level: int
    content: str
    markup: str
    info: str
    meta: dict[Any, Any]
    hidden: bool

    @property
    def children(self) -> Sequence[Token] | None:
        """The tokens inside an inline token; a list, which the inline parser fills."""


class BlockState(Protocol):
    """The block parser at work."""

    src: str
    env: MutableMapping[str, Any]
    md: Any
    bMarks: list[int]  # noqa: N815 - the parser's name: where a line begins, after the marks of lists and quotations
    eMarks: list[int]  # noqa: N815 - where a line ends
    tShift: list[int]  # noqa: N815 - how many characters a line is indented by
    sCount: list[int]  # noqa: N815 - how many columns a line is indented by
    blkIndent: int  # noqa: N815 - how many columns the enclosing block is indented by
    parentType: str  # noqa: N815 - which rule the lines are read for
    line: int
    lineMax: int  # noqa: N815 - the line after the last one
    level: int

    def is_code_block(self, line: int) -> bool:
        """Tell whether a line is indented code."""

    def push(self, ttype: str, tag: str, nesting: Nesting) -> Token:
        """Append a token."""


class InlineState(Protocol):
    """The inline parser at work."""

    src: str
    env: MutableMapping[str, Any]
    md: Any
    pos: int
    posMax: int  # noqa: N815 - where the text ends

    def push(self, ttype: str, tag: str, nesting: Nesting) -> Token:
        """Append a token."""


class CoreState(Protocol):
    """The parser between its stages."""

    env: MutableMapping[str, Any]
    md: Any

    @property
    def tokens(self) -> Sequence[Token]:
        """All tokens."""


Env = MutableMapping[str, Any]
Render = Callable[[Sequence[Token], int, Any, Env], str]


def reading_of(env: Env) -> Reading:
    """Return the reading that the parser carries along."""
    reading = env["reading"]
    if not isinstance(reading, Reading):
        raise TypeError(f"The parser carries a {type(reading).__name__}, not a Reading.")
    return reading
