"""Everything that can be wrong: found once, at the right word, with a remedy, and nothing else is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.blocks import ProblemBlock, Prose
from content.problems import LONGEST, Code, Problem
from sim import spec
from tests.content.books import GLOSSARY, HEAD, OTHER, SOURCES, MakeLibrary, ReadSection

BODY = "First.\n\n{}\n\nLast.\n"


def _with(text: str) -> dict[str, str | bytes]:
    return {"alpha/here.md": HEAD + BODY.format(text)}


CARD = ":::{{card}} {}\nQ\n---\nA\n:::"
# What is wrong; the file that has it; the text at its place.
CASES: dict[Code, tuple[dict[str, str | bytes], str, str]] = {
    Code.UNREADABLE_FILE: ({"alpha/here.md": HEAD.encode() + b"caf\xe9"}, "here", ""),
    Code.BAD_FRONT_MATTER: ({"alpha/here.md": HEAD.replace("order: 1", "order: one")}, "here", "one"),
    Code.UNKNOWN_TRACK: ({"alpha/here.md": HEAD.replace("alpha", "alhpa")}, "here", "alhpa"),
    Code.BAD_SLUG: ({"alpha/Not A Slug.md": HEAD}, "Not A Slug", "---"),
    Code.DUPLICATE_SECTION: ({"a/here.md": HEAD, "b/here.md": HEAD}, "b/here", "---"),
    Code.UNCLOSED_FENCE: (_with(":::{sim} belief_walk"), "here", ":::{sim} belief_walk"),
    Code.STRAY_FENCE: (_with(":::"), "here", ":::"),
    Code.UNKNOWN_DIRECTIVE: (_with(":::{sym} belief_walk\n:::"), "here", "sym}"),
    Code.UNKNOWN_OPTION: (_with(":::{sim} belief_walk\n:strat: 1\n:::"), "here", "strat: 1"),
    Code.BAD_OPTION: (_with(":::{sim} belief_walk\n:seed: x\n:::"), "here", "x"),
    Code.UNKNOWN_ROLE: (_with("a {trem}`martingale`"), "here", "trem}"),
    Code.UNKNOWN_TOY: (_with(":::{sim} belif_walk\n:::"), "here", "belif_walk"),
    Code.BAD_SETTING: (_with(":::{sim} belief_walk\n:start: 7\n:::"), "here", "7"),
    Code.UNKNOWN_FACT: (_with("{value}`belief_walk:varance`"), "here", "varance`"),
    Code.STALE_VALUE: (_with("{value}`belief_walk:variance start=0.5 | 0.26`"), "here", "0.26`"),
    Code.UNKNOWN_TERM: (_with("a {term}`martingal`"), "here", "martingal`"),
    Code.UNKNOWN_REFERENCE: (_with("a {ref}`elswhere`"), "here", "elswhere`"),
    Code.UNKNOWN_SOURCE: (
        {"alpha/here.md": HEAD.replace("order: 1", "order: 1\nsources: [kwa-2024, kwa-2042]")},
        "here",
        "kwa-2042]",
    ),
    Code.UNKNOWN_FOOTNOTE: (_with("a claim[^note]"), "here", "[^note]"),
    Code.MISSING_ID: (_with(":::{card}\nQ\n---\nA\n:::"), "here", "card}"),
    Code.BAD_ID: (_with(CARD.format("An_Id")), "here", "An_Id"),
    Code.DUPLICATE_ID: (
        {"alpha/elsewhere.md": OTHER + CARD.format("same"), "beta/here.md": HEAD + CARD.format("same")},
        "here",
        "same",
    ),
    Code.LONELY_FAMILY: (_with(":::{card} only\n:family: twins\nQ\n---\nA\n:::"), "here", "twins"),
    Code.MISSING_QUESTION: (_with(":::{card} empty\n---\nA\n:::"), "here", "card}"),
    Code.MISSING_ANSWER: (_with(":::{card} half\nQ\n:::"), "here", "card}"),
    Code.BAD_CLAIM: (_with(":::{credence} asked\nIs it?\n---\nWeigh it.\n:::"), "here", "credence}"),
    Code.EXTRA_PART: (_with(":::{card} long\nQ\n---\nA\n---\nB\n:::"), "here", "---"),
    Code.MISPLACED_BLOCK: (_with("- :::{sim} belief_walk\n  :::"), "here", "sim}"),
    Code.RAW_HTML: (_with("a <b>word</b>"), "here", "<b>"),
    Code.MISSING_FIGURE: (_with("![Walks](figures/wlak.svg)"), "here", "figures/wlak.svg)"),
    Code.MISSING_ALT: (_with("![](figures/walk.svg)"), "here", "figures/walk.svg)"),
    Code.BAD_LINK: (_with("[text](ftp://example.org)"), "here", "ftp:"),
}


def test_there_is_an_example_of_every_problem() -> None:
    assert set(CASES) == set(Code)


@pytest.mark.parametrize("code", CASES)
def test_one_mistake_is_one_problem_at_its_word(code: Code, make_library: MakeLibrary) -> None:
    files, name, text = CASES[code]
    book = make_library(
        {
            "alpha/elsewhere.md": OTHER,
            "glossary.md": GLOSSARY,
            "sources.md": SOURCES,
            "figures/walk.svg": "",
            **files,
        }
    ).load()
    problem, *others = book.problems
    assert (problem.code, others) == (code, [])
    assert problem.path.endswith(f"{name}.md")
    assert _text_at(problem).startswith(text)
    assert problem.message.endswith(".")
    assert problem.hint


@pytest.mark.parametrize("code", [code for code, (files, *_) in CASES.items() if "First." in str(files)])
def test_the_text_around_a_problem_stays(code: Code, make_library: MakeLibrary) -> None:
    files, _, _ = CASES[code]
    section = make_library(files).load().sections[0]
    prose = "".join(block.html for block in section.blocks if isinstance(block, Prose))
    assert "First." in prose
    assert "Last." in prose


def _text_at(problem: Problem) -> str:
    text = Path(problem.path).read_bytes().decode("utf-8", errors="replace").removeprefix("\ufeff")
    return text.split("\n")[problem.line - 1][problem.column - 1 :]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "{value}`belief_walk:variance start=0.5 | 26%`",
            "7:42: stale-value: The text says 26%, and belief_walk:variance is 0.25. (write '25%')",
        ),
        (
            ":::{crad} x\n:::",
            "7:5: unknown-directive: There is no directive called 'crad'. (did you mean 'card'?)",
        ),
        (
            "{term}`martin\ngal`",
            "7:8: unknown-term: The glossary has no term 'martin gal'. (did you mean 'martingale'?)",
        ),
    ],
)
def test_a_problem_reads_as_editors_expect(text: str, sentence: str, read_section: ReadSection) -> None:
    (problem,) = read_section(text).problems
    assert str(problem) == f"{problem.path}:{sentence}"


@pytest.mark.parametrize(
    ("body", "code", "at", "words"),
    [
        ("variance start=0.5 start=0.3", Code.BAD_SETTING, "start=0.3", "'start' is given twice."),
        ("variance start=0.5 start=0.5 | 0.25", Code.BAD_SETTING, "start=0.5 |", "'start' is given twice."),
        ("variance start=0.5 start=7", Code.BAD_SETTING, "7", "belief_walk: start is 7, above"),
        ("variance:start start=0.5", Code.UNKNOWN_FACT, "variance:start", "belief_walk has no fact called"),
        ("variance start=0.5 | 0.25 | 7", Code.STALE_VALUE, "0.25 | 7", "'0.25 | 7' is not a number"),
        (f"variance start=0.5 | 0.{'0' * 5000}", Code.STALE_VALUE, "0.000", "'0.000"),
        (f"variance start=0.5 | {'9' * 5000}", Code.STALE_VALUE, "9" * 5000, "'9999"),
    ],
)
def test_what_a_value_says_twice_or_too_often_is_one_problem(
    body: str, code: Code, at: str, words: str, read_section: ReadSection
) -> None:
    """Nothing that an author wrote is passed over, and nothing ends in a trace."""
    section = read_section(f"{{value}}`belief_walk:{body}`")
    (problem,) = section.problems
    assert problem.code is code
    assert problem.message.startswith(words)
    assert problem.column == len("{value}`belief_walk:") + body.rindex(at) + 1


def test_a_setting_out_of_bounds_names_field_value_and_bounds(read_section: ReadSection) -> None:
    (problem,) = read_section(":::{sim} belief_walk\n:start: 2\n:::").problems
    bounds = spec.get("belief_walk").module.Config.model_json_schema()["properties"]["start"]
    assert "start is 2" in problem.message
    assert problem.hint == f"write a number from {bounds['minimum']} to {bounds['maximum']}"


def test_problems_are_sorted_by_their_place(read_section: ReadSection) -> None:
    section = read_section("{ref}`b` {ref}`a`\n\n:::\n\n{term}`c`\n", HEAD.replace("order: 1", "order: x"))
    places = [(problem.line, problem.column) for problem in section.problems]
    assert places == sorted(places)
    assert len(places) == 5


def test_byte_order_mark_and_line_endings_do_not_move_a_problem(make_library: MakeLibrary) -> None:
    text = HEAD + "Text.\n\n{term}`nothing` here\n"
    plain = make_library({"here.md": text}, "plain").load().problems
    for name, ending in (("dos", "\r\n"), ("old", "\r")):
        data = b"\xef\xbb\xbf" + text.replace("\n", ending).encode()
        other = make_library({"here.md": data}, name).load().problems
        assert [(p.line, p.column, p.code) for p in other] == [(p.line, p.column, p.code) for p in plain]


def test_an_unreadable_file_shows_where(make_library: MakeLibrary) -> None:
    book = make_library(
        {"bad.md": HEAD.encode() + b"ab\n\xc3\xa9c\xff", "nul.md": b"one\ntw\0o", "good.md": OTHER}
    ).load()
    places = {problem.path.rsplit("/", 1)[-1]: (problem.line, problem.column) for problem in book.problems}
    assert places == {"bad.md": (8, 3), "nul.md": (2, 3)}
    assert isinstance(book.by_slug["bad"].blocks[0], ProblemBlock)
    assert not book.by_slug["good"].problems


@pytest.mark.parametrize(
    "text",
    [
        CARD.format("x").replace("Q", f":edition: {'9' * 100_000}\nQ"),
        f"[text](ftp:{'a' * 100_000})",
        f"a {{ref}}`{'b' * 100_000}`",
        f":::{{sim}} {'c' * 100_000}\n:::",
        f":::{{sim}} belief_walk\n:start: {'7' * 100_000}\n:::",
        f"{{{'d' * 100_000}}}`x`",
    ],
)
def test_a_sentence_stays_one_however_much_it_has_to_quote(text: str, read_section: ReadSection) -> None:
    for problem in read_section(text).problems:
        assert 10 < len(problem.message) <= LONGEST
        assert problem.message.endswith(".")
        assert len(problem.hint) <= LONGEST


@pytest.mark.parametrize(
    "address", ["/", "/review", "/tuning", "/lab", "/lab-belief-walk", "/lab-belief_walk#top"]
)
def test_a_link_may_lead_to_a_page_of_the_app(address: str, read_section: ReadSection) -> None:
    assert read_section(f"[there]({address})").problems == ()


@pytest.mark.parametrize(
    "address", ["/lab-belif-walk", "/lab-", "/lab-_drawing", "lab-belief-walk", "/lab/belief-walk"]
)
def test_a_link_to_a_simulation_that_there_is_not_leads_nowhere(
    address: str, read_section: ReadSection
) -> None:
    (problem,) = read_section(f"[there]({address})").problems
    assert problem.code is Code.BAD_LINK
