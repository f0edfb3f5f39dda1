"""A docstring is set as prose, nothing of it is lost, and nothing in it is markup."""

from __future__ import annotations

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.pages.explanation import ENOUGH, explained, opening
from sim.spec import get, names

FEWEST_WORDS = 4  # of a sentence that says something
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
def test_no_word_of_a_toys_docstring_is_lost_but_for_its_modules(name: str) -> None:
    explanation = re.sub(r" ?\(`(?:_|sim\.)[^`]*`\)", "", " ".join(get(name).explanation.split()))
    clauses = re.split(r"(?<=[.;:]) ", explanation)
    shown = " ".join(words(explained(get(name).explanation)))
    for clause in clauses:
        if "`_" not in clause and "`sim." not in clause:
            assert " ".join(words(escape(clause.rstrip(".;:").replace("`", " ")))) in shown


@pytest.mark.parametrize("name", names())
def test_no_reader_is_told_of_a_private_module(name: str) -> None:
    html = explained(get(name).explanation) + opening(get(name).explanation)
    assert not re.search(r"<code>(?:_|sim\.)|`", html)
    assert not re.search(r"\(\s*\)|<p>[\s.]*</p>|\s[.,;:](?:\s|<)|[;:]\.", html)


@pytest.mark.parametrize("name", names())
def test_every_toy_opens_with_whole_sentences(name: str) -> None:
    said = opening(get(name).explanation)
    assert said.endswith((".", "!", "?"))
    assert 30 < len(said) < 300
    assert words(said)[:-1] == words(explained(get(name).explanation))[: len(words(said)) - 1]
    last = re.split(r"(?<=[.!?]) (?=[A-Z])", said)[-1]
    assert len(last.split()) >= FEWEST_WORDS, f"a stump: {last}"


@pytest.mark.parametrize(
    ("explanation", "said"),
    [
        ("It is exact (`_theory`); the rest is run.", "It is exact; the rest is run."),
        ("The law is in `_law`; the run draws it. So.", "The run draws it. So."),
        ("It is gradual: see `_measures` for what is told. So.", "It is gradual. So."),
        ("It is so. `_law` has it.\nIt is in `_run` and `_walk`, too.", "It is so."),
        ("What `chance` is, see\n`_law`. A `chance` is kept.", "A <code>chance</code> is kept."),
        ("It is judged as a reader is (`sim.score`).", "It is judged as a reader is."),
        ("All of it is in `_law`.", ""),
    ],
)
def test_what_is_said_of_the_houses_own_modules_is_left_out(explanation: str, said: str) -> None:
    assert explained(explanation) == (f"<p>{said}</p>" if said else "")


@pytest.mark.parametrize(
    ("explanation", "said"),
    [
        ("A short one. And another. And a third.", "A short one. And another."),
        (f"{'Long ' * 20}enough. And another.", f"{'Long ' * 20}enough."),
        ("It gives them back,\n\n    y = x\n\nwhere x is.", "It gives them back."),
        ("It is one. It gives them back,\n\n    y = x", "It is one. It gives them back."),
        ("It is one. Its law is:\n\n    y = x", "It is one."),
        ("It cannot multiply. But\n\n    xy = z", "It cannot multiply."),
        ("It is in `_law`. It is so. And more.", "It is so. And more."),
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
