"""The parser: it holds to CommonMark, it never raises, and what it reports lies inside the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.blocks import CardBlock, Prose, SimBlock
from content.context import Context
from content.parse import dialect
from content.reading import Reading
from content.section import Draft, read_opening, read_section
from content.source import Source, decode
from tests.content.books import HEAD, ReadSection

# One example or more of each rule of CommonMark, written for this test.
COMMONMARK = [
    "# One\n\n## Two ##\n\n####### seven\n\n#none",
    "Heading\n===\n\nAnother\n---\n\nOver\ntwo lines\n===",
    "***\n---\n___\n\n - - -\n\n+++",
    "    code\n\n\ttabbed\n\ntext\n    lazy",
    "```py a b\n*x*\n```\n\n~~~\n```\n~~~\n\n````\n```\n````",
    "- a\n- b\n\n  c\n- d",
    "1. a\n   - b\n2) c\n\n10. d",
    "* a\n\n* b\n+ c",
    "> a\nlazy\n\n> > b\n> c",
    "> - a\n>   b\n>\n> c",
    "[a]: /url 'title'\n\n[a], [text][a], [b][]",
    "[a](/u 'it''s') [b](<a b>) [c]() [d [e](f)](g)",
    "`a ` b`` c``d`e``",
    "*a* _b_ **c** __d__ ***e*** *a **b** c* a*b*c a_b_c **a*b**",
    r"\*a\* \\ \a \#",
    "a  \nb\\\nc\nd",
    "&amp; &copy; &#35; &#x22; &nope; &#0;",
    "<https://example.org/?a=b> <a@example.org>",
    "a\n\n\n\nb",
    "- \n  a\n-\n\n  b",
    "1986\\. A great year\n\n- - a",
    "text\n- list\n\ntext\n2. no list",
    "\tfoo\tbaz\n\n  \tfoo\n\n- foo\n\n\tbar",
    "[link *em `code`*](/u) *[a*](/u)",
]
PLAIN_PIECES = """# |## |> |- |1. |    |`|```|*|**|_|[|]|(|)|a|b c|\\|&amp;|<|>|~~~|***|---|===|/u|[a]: /u"""
MARKED_PIECES = """:::{sim} belief_walk¦:::{card} an-id¦:::{cloze} c¦:::{aside} T¦::::{caveat}¦:::{¦:::¦::::¦
:::x¦---¦:start: 0.5¦:start: 7¦:tags: a¦:caption: *x* {ref}`x`¦:x¦{{¦}}¦{{a::b}}¦{term}`x`¦{ref}`x`¦{nope}`¦
{value}`¦{value}`belief_walk:variance | 1`¦`¦``¦$¦$$¦$x$¦[^a]¦[^a]: note¦<b>¦</b>¦<!--¦![](figures/x¦
![a](figures/x.svg)¦[a](javascript:x)¦| a | b |¦|---|---|¦Term¦: definition¦> ¦- ¦1. ¦    ¦\t¦# H¦```¦é¦Text¦
\ufeff¦\x0c¦\u2028¦\r¦\n\n¦\n"""
PLAIN = st.lists(st.sampled_from([*PLAIN_PIECES.split("|"), "\n", "\n\n", "\t"]), max_size=30).map("".join)
MARKED = st.lists(st.sampled_from([*MARKED_PIECES.split("¦"), "\n", "\n\n"]), max_size=40).map("".join)
ANYTHING = MARKED | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)


def read(text: str) -> Draft:
    source = decode(Path("here.md"), text.encode())
    return read_section(source, read_opening(source), Context())


def shape(tokens: list[Token] | None) -> list[tuple[object, ...]]:
    return [
        (token.type, token.tag, token.content, token.attrs, token.map, token.hidden, shape(token.children))
        for token in tokens or []
    ]


def as_commonmark(text: str) -> list[tuple[object, ...]]:
    bare = MarkdownIt("commonmark", {"html": False})
    bare.validateLink = bool  # every address but an empty one, as the dialect does
    return shape(bare.parse(text))


def as_dialect(text: str) -> list[tuple[object, ...]]:
    source = Source("here.md", text)
    return shape(dialect().parse(text, {"reading": Reading(source, Context())}))


@pytest.mark.parametrize("text", COMMONMARK)
def test_commonmark_is_read_as_commonmark(text: str) -> None:
    assert as_dialect(text) == as_commonmark(text)


@given(PLAIN)
@example("<b c\\>")
@settings(max_examples=300)
def test_text_without_the_dialects_marks_is_commonmark(text: str) -> None:
    assert as_dialect(text) == as_commonmark(text)


@given(ANYTHING)
@settings(max_examples=300)
def test_nothing_is_raised_and_every_problem_lies_in_the_file(text: str) -> None:
    draft = read(HEAD + text)
    lines = decode(Path("here.md"), (HEAD + text).encode()).lines
    for problem in draft.section.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert "\n" not in str(problem)
    assert len(set(draft.section.problems)) == len(draft.section.problems)


@given(MARKED)
@settings(max_examples=50)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read(HEAD + text) == read(HEAD + text)


@given(st.lists(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True), unique=True, max_size=6))
@settings(max_examples=50)
def test_an_id_comes_back_as_it_was_written(ids: list[str]) -> None:
    text = "\n\n".join(f":::{{card}} {name}\nQ{number}\n---\nA\n:::" for number, name in enumerate(ids))
    draft = read(HEAD + text)
    assert [card.id for card in draft.section.cards] == ids
    assert [word.text for word in draft.ids] == ids
    assert all(HEAD.count("\n") + 1 + 6 * n == card.line for n, card in enumerate(draft.section.cards))


def test_a_cards_hash_depends_on_its_contents_alone(read_section: ReadSection) -> None:
    def hash_of(text: str) -> str:
        return read_section(text).cards[0].text_hash

    card = ":::{card} one\nQ\n---\nA\n:::"
    same = "Text above.\n\n::::{card} another-id\n:tags: a\n\nQ\n\n-----\nA\n\n::::"
    assert hash_of(card) == hash_of(same)
    changed = [
        card.replace("Q", "Q?"),
        card.replace("A", "*A*"),
        card.replace("Q\n---\nA", "A\n---\nQ"),
        ":::{cloze} one\n{{Q}}\n---\nA\n:::",
    ]
    assert len({hash_of(card), *map(hash_of, changed)}) == 5


def test_html_of_a_card_does_not_depend_on_its_place(read_section: ReadSection) -> None:
    card = "\n\n:::{card} one\n| a |\n|---|\n| $b$ |\n---\n## H\n:::\n\n"
    between = "## H\n\n| a |\n|---|\n| c |\n"
    section = read_section(card + between + card.replace("one", "two"))
    first, second = section.cards
    assert first.fields == second.fields


def test_headings_words_and_blocks_of_a_section(read_section: ReadSection) -> None:
    section = read_section(
        "Four words stand here.\n\n## The $d^2$ {term}`variance` & `code`\n\n### Under\n\n#### Deep\n\n"
        "> ## Quoted\n\n:::{sim} belief_walk\n:::\n\n:::{card} one\n## Not listed\n---\nA\n:::\n"
    )
    assert [(heading.text, heading.anchor, heading.level) for heading in section.headings] == [
        ("The d^2 variance & code", "the-d-2-variance-code", 2),
        ("Under", "under", 3),
    ]
    assert section.words == 4 + 5 + 1 + 1 + 1
    assert [type(block) for block in section.blocks] == [Prose, SimBlock, CardBlock]
