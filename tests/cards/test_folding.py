"""Words as search compares them: folded alike however they are written, and for good."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.folding import LONGEST, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Fair WALK", ("the", "fair", "walk")),
        ("naïve Erdős–Rényi", ("naive", "erdos", "renyi")),
        ("Straße", ("strasse",)),
        (r"\frac{1}{\sigma^2} \le p_{1}", ("frac", "1", "sigma", "2", "le", "p", "1")),
        ("ﬁt 𝔼[X²]", ("fit", "e", "x2")),
        ("soft\u00adhyphen", ("softhyphen",)),
        ("под_чертой", ("под", "чертои")),
        (" +–= ", ()),
        ("", ()),
    ],
)
def test_examples(text: str, found: tuple[str, ...]) -> None:
    assert words(text) == found


@given(st.text())
def test_folding_what_was_folded_changes_nothing(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(st.text())
def test_words_are_letters_and_digits_alone(text: str) -> None:
    for word in words(text):
        assert word.isalnum()
        assert len(word) <= LONGEST


@given(st.text())
def test_composed_and_decomposed_letters_are_the_same(text: str) -> None:
    assert words(unicodedata.normalize("NFC", text)) == words(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(codec="ascii")))
def test_ascii_takes_the_short_way_to_the_same_end(text: str) -> None:
    assert words(text) == words(f"{text} é")[:-1]
