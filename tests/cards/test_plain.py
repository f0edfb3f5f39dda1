"""Faces as plain text: tags gone, words whole, TeX as it was written."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.plain import Piece, pieces, plain

MATHS = '<span class="math inline">p &lt; \\frac{1}{2}</span>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>What of it?</p>", "What of it?"),
        ("<p>un<em>like</em>ly</p><p>next</p>", "unlikely next"),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ("one<br>two", "one two"),
        ('<td>a</td><td title="x > y">b</td>', "a b"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        (f"<p>If {MATHS}, then?</p>", r"If p < \frac{1}{2}, then?"),
        ('<p>See <img src="/figures/x.png" alt="a walk"></p>', "See a walk"),
        ('<span class="cloze blank" data-hint="x>y">[hint]</span>', "[hint]"),
    ],
)
def test_examples(html: str, text: str) -> None:
    assert plain(html) == text


@given(st.text())
def test_text_comes_through_whole(text: str) -> None:
    assert plain(f"<p>{escape(text)}</p>").split() == text.split()


def test_formulas_are_pieces_of_their_own() -> None:
    block = '<div class="math block">\nx^2\n</div>'
    assert pieces(f"<p>If {MATHS}, then?</p>{block}", 100) == (
        Piece(" If "),
        Piece(r"p < \frac{1}{2}", is_tex=True),
        Piece(", then? "),
        Piece("x^2", is_tex=True),
    )


@given(st.lists(st.one_of(st.text("ab ", min_size=1), st.just(MATHS)), max_size=8), st.integers(1, 40))
def test_a_line_is_cut_between_formulas_never_in_one(parts: list[str], longest: int) -> None:
    whole = pieces("".join(parts), 10_000)
    cut = pieces("".join(parts), longest)
    assert all(piece in whole for piece in cut if piece.is_tex)
    assert sum(len(piece.text) for piece in cut) <= longest + len(" …")
    if cut != whole:
        assert cut[-1].text.endswith("…")
