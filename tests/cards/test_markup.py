"""Rewriting parts of HTML, and leaving every other byte alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.markup import Element, find, is_blank, rewrite

SNIPPETS = [
    "<b>",
    "</b>",
    "<span class='a'>",
    "</span>",
    "<br>",
    "<img src=x />",
    "</p>",
    "<p\n>",
    "&amp;",
    "<",
    "&",
    "\n",
    "x",
]


def bold(pieces: list[str]) -> str:
    return f"<b>{''.join(pieces)}</b>"


def keep(element: Element) -> None:
    del element


def is_bold(element: Element) -> bool:
    return element.name == "b"


@given(st.lists(st.sampled_from(SNIPPETS)).map("".join) | st.text().filter(lambda text: "<!" not in text))
def test_what_is_not_replaced_survives_byte_for_byte(html: str) -> None:
    assert rewrite(html, keep) == html


@given(st.recursive(st.sampled_from(["x", "&lt;", "\n", "<br>"]), lambda inner: st.lists(inner).map(bold)))
def test_replacing_every_element_of_a_name_leaves_none(html: str) -> None:
    """The oracle is a substitution, which is exact here since nothing but `<b>` and `</b>` is written so."""
    shouted = rewrite(html, lambda element: f"*{element.inner}*" if is_bold(element) else None)
    assert shouted == re.sub("</?b>", "*", html)
    assert len(find(html, is_bold)) == html.count("<b>")


def test_a_rule_sees_decoded_attributes_and_the_rewritten_inside() -> None:
    seen: list[Element] = []
    rewrite('<i class="a b" data-hint="x &lt; &quot;y&quot;">1<b>2</b></i>', lambda e: seen.append(e) or "!")
    assert [(element.name, element.inner) for element in seen] == [("b", "2"), ("i", "1!")]
    assert seen[1].attributes["data-hint"] == 'x < "y"'
    assert seen[1].classes == {"a", "b"}


@pytest.mark.parametrize("html", ["", "  \n", "<p></p>", "<p>&nbsp;<br></p>", "<ul><li></li></ul>"])
def test_blank(html: str) -> None:
    assert is_blank(html)


@pytest.mark.parametrize(
    "html", ["x", "<p>&amp;</p>", '<img src="a.svg">', '<span class="math inline">0</span>']
)
def test_not_blank(html: str) -> None:
    assert not is_blank(html)
