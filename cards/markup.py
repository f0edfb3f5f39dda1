"""Rewriting chosen elements of sanitised HTML, and leaving every other byte alone.

The text is walked with the standard library's parser, elements are offered to a rule from the inside out,
and what the rule does not replace is copied from the source. So entities, attribute order and white space
survive unchanged.

Left out: scripts, comments and documents. The input is a fragment that has passed the HTML gate; a tag that
is never closed, or closed without being opened, stays as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"})


@dataclass(frozen=True)
class Element:
    """One element as a rule sees it.

    Attributes:
        name: The tag's name in lower case.
        attributes: Their values, with entities decoded.
        opening: The opening tag as it is written.
        inner: What is inside, already rewritten.
        closing: The closing tag as it is written; empty for `<br>` and its like.
    """

    name: str
    attributes: Mapping[str, str]
    opening: str
    inner: str
    closing: str

    @property
    def classes(self) -> frozenset[str]:
        """The words of its `class` attribute."""
        return frozenset(self.attributes.get("class", "").split())

    def around(self, inner: str) -> str:
        """Return the same element with something else inside."""
        return f"{self.opening}{inner}{self.closing}"


def rewrite(html: str, rule: Callable[[Element], str | None]) -> str:
    """Replace the elements for which `rule` returns HTML; `None` keeps an element as it is."""
    if "<" not in html:
        return html
    walker = _Walker(html, rule)
    walker.feed(html)
    walker.close()
    return walker.result()


def find(html: str, wanted: Callable[[Element], bool]) -> list[Element]:
    """Return the elements that are wanted, in the order in which they close."""
    found: list[Element] = []

    def collect(element: Element) -> None:
        if wanted(element):
            found.append(element)

    rewrite(html, collect)
    return found


def is_blank(html: str) -> bool:
    """Tell whether a reader would see nothing: no text and no picture."""
    search = _Content()
    search.feed(html)
    search.close()
    return not search.found


@dataclass
class _Open:
    """An element whose closing tag has not been met yet."""

    name: str
    attributes: Mapping[str, str]
    tag: str
    pieces: list[str] = field(default_factory=list)


class _Walker(HTMLParser):
    def __init__(self, html: str, rule: Callable[[Element], str | None]) -> None:
        super().__init__(convert_charrefs=False)
        self._html = html
        self._rule = rule
        self._line_starts = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self._copied = 0
        self._open = [_Open("", {}, "")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        attributes = {name: value or "" for name, value in attrs}
        self._copy_up_to_tag(len(written))
        if tag in VOID:
            self._close(_Open(tag, attributes, written), "")
        else:
            self._open.append(_Open(tag, attributes, written))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        self._copy_up_to_tag(len(written))
        self._close(_Open(tag, {name: value or "" for name, value in attrs}, written), "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in [element.name for element in self._open]:
            return
        start = self._position()
        written = self._html[start : self._html.index(">", start) + 1]
        self._copy_up_to_tag(len(written))
        while self._open[-1].name != tag:
            self._leave_unclosed()
        self._close(self._open.pop(), written)

    def result(self) -> str:
        self._open[-1].pieces.append(self._html[self._copied :])
        while len(self._open) > 1:
            self._leave_unclosed()
        return "".join(self._open[0].pieces)

    def _position(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _copy_up_to_tag(self, length: int) -> None:
        start = self._position()
        self._open[-1].pieces.append(self._html[self._copied : start])
        self._copied = start + length

    def _close(self, opened: _Open, closing: str) -> None:
        inner = "".join(opened.pieces)
        element = Element(opened.name, opened.attributes, opened.tag, inner, closing)
        replacement = self._rule(element)
        self._open[-1].pieces.append(element.around(inner) if replacement is None else replacement)

    def _leave_unclosed(self) -> None:
        opened = self._open.pop()
        self._open[-1].pieces += [opened.tag, *opened.pieces]


class _Content(HTMLParser):
    found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.found = self.found or tag == "img"

    def handle_data(self, data: str) -> None:
        self.found = self.found or bool(data.strip())
