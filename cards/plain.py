"""A card's face as plain text, and as the pieces of one line: for search and for lists.

The HTML is sanitised, as `cards.card` describes it: every `<` in it begins a tag, attributes are quoted, and
maths is marked and holds TeX as escaped text, which is kept as it is. Of a picture its description is kept.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

MATHS = re.compile(r'<(span|div) class="math (?:inline|block)">(.*?)</\1>', re.DOTALL)
TAG = re.compile(r"""<(/?[a-zA-Z][a-zA-Z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
DESCRIPTION = re.compile(r'\balt="([^"]*)"')
WITHIN_WORDS = frozenset({"a", "b", "code", "em", "i", "mark", "s", "small", "span", "strong", "sub", "sup"})
SPACES = re.compile(r"\s+")


class Piece(NamedTuple):
    """A run of text, or a formula in TeX."""

    text: str
    is_tex: bool = False


def plain(html: str) -> str:
    """Return the text of a face on one line, with formulas as TeX."""
    return SPACES.sub(" ", _without_tags(html)).strip()


def pieces(html: str, longest: int) -> tuple[Piece, ...]:
    """Return the text of a face on one line, in pieces.

    Args:
        html: The face.
        longest: Characters after which text is cut off with an ellipsis; formulas are left out or whole.
    """
    found: list[Piece] = []
    left = longest
    for piece in _pieces(html):
        if len(piece.text) > left:
            return (*found, Piece(" …" if piece.is_tex else f"{piece.text[:left].rstrip()}…"))
        found.append(piece)
        left -= len(piece.text)
    return tuple(found)


def _pieces(html: str) -> list[Piece]:
    found: list[Piece] = []
    end = 0
    for maths in MATHS.finditer(html):
        found += [Piece(_line(html[end : maths.start()])), Piece(unescape(maths[2]).strip(), is_tex=True)]
        end = maths.end()
    return [piece for piece in (*found, Piece(_line(html[end:]))) if piece.text]


def _line(html: str) -> str:
    """The text between two formulas, its spaces on either side kept."""
    return SPACES.sub(" ", _without_tags(html))


def _without_tags(html: str) -> str:
    return unescape(TAG.sub(_in_place_of, html))


def _in_place_of(tag: re.Match[str]) -> str:
    """Set blocks apart, and leave words whole whose letters are marked."""
    name = tag[1].lstrip("/").lower()
    if name == "img":
        described = DESCRIPTION.search(tag[2])
        return f" {described[1]} " if described else " "
    return "" if name in WITHIN_WORDS else " "
