"""A docstring is set as prose, nothing of it is lost, and nothing in it is markup."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.pages.explanation import ENOUGH, explained, opening
from sim.spec import get, names

DOCSTRING = """
A credence starts at p₀. It moves by one step s, up or down, with
`chance` ½ each.

With n = 1/s,

    E[T] = k (n − k)        T < ∞
    E[Σ]   = p₀ (1 − p₀)

and no more. Source: W. Feller (1968). Left out: steps of unequal
size, and `drift`.
"""


def words(html: str) -> list[str]:
    return re.sub(r"[\s:]+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).casefold().split()


def test_each_kind_of_block_is_set_in_its_own_way() -> None:
    assert explained(DOCSTRING) == (
        "<p>A credence starts at p₀. It moves by one step s, up or down, with <code>chance</code> ½ each.</p>"
        "<p>With n = 1/s,</p>"
        '<pre class="equations"><span>E[T] = k (n − k)</span>        <span>T &lt; ∞</span>\n'
        "<span>E[Σ]</span>   <span>= p₀ (1 − p₀)</span></pre>"
        "<p>and no more.</p>"
        '<dl class="apart ui"><dt>Source</dt><dd>W. Feller (1968).</dd>'
        "<dt>Left out</dt><dd>Steps of unequal size, and <code>drift</code>.</dd></dl>"
    )


@pytest.mark.parametrize("name", names())
def test_no_word_of_a_toys_docstring_is_lost(name: str) -> None:
    plain = re.sub(r"[\s:]+", " ", get(name).explanation.replace("`", " ")).casefold().split()
    assert words(explained(get(name).explanation)) == plain


@pytest.mark.parametrize("name", names())
def test_every_toy_opens_with_a_whole_sentence(name: str) -> None:
    said = opening(get(name).explanation)
    assert said.endswith((".", "!", "?"))
    assert 30 < len(said) < 300
    assert words(said)[:-1] == words(explained(get(name).explanation))[: len(words(said)) - 1]


@pytest.mark.parametrize(
    ("explanation", "said"),
    [
        ("A short one. And another. And a third.", "A short one. And another."),
        (f"{'Long ' * 20}enough. And another.", f"{'Long ' * 20}enough."),
        ("It gives them back,\n\n    y = x\n\nwhere x is.", "It gives them back."),
        ("W. Feller and J. L. Doob did it.", "W. Feller and J. L. Doob did it."),
        ("Over two\n   lines? Yes!", "Over two lines? Yes!"),
        ("A `name` < 3", "A <code>name</code> &lt; 3."),
        ("", ""),
    ],
)
def test_the_opening_is_a_sentence_or_two(explanation: str, said: str) -> None:
    assert opening(explanation) == said


def test_a_short_sentence_is_one_below_the_limit() -> None:
    just, long = "A" + "a" * (ENOUGH - 3) + ".", "A" + "a" * (ENOUGH - 2) + "."
    assert opening(f"{just} More.") == f"{just} More."
    assert opening(f"{long} More.") == long


@given(st.text())
def test_whatever_it_says_is_text(explanation: str) -> None:
    for html in (explained(explanation), opening(explanation)):
        tags = set(re.findall(r"<[^>]*>?", html))
        assert tags <= {
            "<p>", "</p>", "<code>", "</code>", '<pre class="equations">', "</pre>", "<span>", "</span>",
            '<dl class="apart ui">', "</dl>", "<dt>", "</dt>", "<dd>", "</dd>",
        }  # fmt: skip
