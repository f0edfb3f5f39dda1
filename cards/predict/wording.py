r"""The text of a card with its settings filled in: `{start}` becomes "37%".

A placeholder is a setting's name in single braces. Those in maths, in code and inside tags are left alone,
so that `\frac{start}{2}` stays TeX.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEPT = re.compile(
    r'<(?P<of>span|div) class="math (?:inline|block)">.*?</(?P=of)>|<pre>.*?</pre>|<code\b.*?</code>|<[^>]*>',
    re.DOTALL,
)
_PLACEHOLDER = re.compile(r"(?<!\{)\{([A-Za-z_]\w*)\}(?!\})", re.ASCII)


def placeholders(html: str) -> list[str]:
    """The names in braces, in order, each once."""
    names = (name for text, is_kept in _pieces(html) if not is_kept for name in _PLACEHOLDER.findall(text))
    return list(dict.fromkeys(names))


def says_twice(html: str, name: str, unit: str) -> bool:
    """Whether the unit that a setting's value is filled in with stands right behind the setting once more.

    Right behind is as one of the next two words: "{flips} coin flips" would read "18 flips coin flips".
    """
    behind = rf"\{{{name}\}}\s*([\w%]+)?(?:\s+([\w%]+))?"
    return any(
        word == unit
        for text, is_kept in _pieces(html)
        if not is_kept
        for words in re.findall(behind, text)
        for word in words
        if word
    )


def fill(html: str, words: Mapping[str, str]) -> str:
    """Put words in the place of names; a name that has none stays as it is written."""

    def word(match: re.Match[str]) -> str:
        return escape(words[match[1]]) if match[1] in words else match[0]

    return "".join(text if is_kept else _PLACEHOLDER.sub(word, text) for text, is_kept in _pieces(html))


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """The html in pieces, each with whether it is left alone."""
    end = 0
    for kept in _KEPT.finditer(html):
        yield html[end : kept.start()], False
        yield kept[0], True
        end = kept.end()
    yield html[end:], False
