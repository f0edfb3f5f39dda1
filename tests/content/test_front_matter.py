"""Front matter: YAML read as text, each mistake at its own word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.front_matter import LAST, FrontMatter, read_front_matter
from content.front_matter_faults import OR_END
from content.source import Source

GOOD = "---\ntitle: A title\ntrack: alpha\norder: 20\nsummary: One sentence.\n---\nText.\n"


def read(text: str) -> FrontMatter:
    return read_front_matter(Source("x.md", text))


def test_all_keys() -> None:
    front = read(
        GOOD.replace(
            "order: 20",
            "order: -3\nsources: [a-1, b-2, a-1]\nas_of: 2026-11\nshelf_life: 6\n"
            "redirects:\n  - old\n  - older",
        )
    )
    assert front.problems == ()
    assert (front.title, front.track, front.order, front.summary) == ("A title", "alpha", -3, "One sentence.")
    assert front.sources == ("a-1", "b-2")
    assert front.redirects == ("old", "older")
    assert (front.as_of, front.shelf_life) == ("2026-11", 6)
    assert front.lines == 12


def test_facts_keep_for_two_years_unless_the_author_says_otherwise() -> None:
    assert read(GOOD.replace("order: 20", "order: 20\nas_of: 2026-11")).shelf_life == 24


@pytest.mark.parametrize("title", ["2012", "yes", "2026-11-02", "null", "1.50", "0x1F", "Why? Because"])
def test_a_title_is_text_whatever_yaml_would_make_of_it(title: str) -> None:
    front = read(GOOD.replace("A title", title))
    assert (front.title, front.problems) == (title, ())


@pytest.mark.parametrize("written", ["2026-11", "2026-11-02", "'2026-11'", '"2026-11"'])
def test_a_month_may_be_written_as_a_month_or_a_day(written: str) -> None:
    assert read(GOOD.replace("order: 20", f"order: 20\nas_of: {written}")).as_of == "2026-11"


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("order: 20", "order: twenty", (4, 8), "order is 'twenty', which is not a whole number."),
        ("order: 20", "order: 2.5", (4, 8), "order is '2.5', which is not a whole number."),
        ("track: alpha", "track: The Track", (3, 8), "track: 'The Track' is not a slug."),
        ("title: A title", "title: [a, b]", (2, 1), "title is a list, not a text."),
        ("title: A title", "title: {a: b}", (2, 1), "title is a group of keys, not a text."),
        ("title: A title", "title:", (2, 1), "The front matter has no title."),
        ("title: A title\n", "", (1, 1), "The front matter has no title."),
        ("order: 20", "order: 20\ntitle: Another", (5, 1), "'title' is given twice."),
        ("order: 20", "order: 20\nresolved: {a: yes, b: no, a: no}", (5, 27), "'a' is given twice."),
        ("order: 20", "order: 20\nas_of: 0000-01", (5, 8), "as_of is '0000-01', which is not a month."),
        ("title: A title", "titel: A title", (2, 1), "The front matter has no key 'titel'."),
        ("order: 20", "order: 20\nextra: 1", (5, 1), "The front matter has no key 'extra'."),
        ("order: 20", "order: 20\nas_of: 2026-13", (5, 8), "as_of is '2026-13', which is not a month."),
        ("order: 20", "order: 20\nas_of: 2026-11\nshelf_life: 0", (6, 13), "shelf_life is '0', which is not"),
        ("order: 20", "order: 20\nas_of: 2026-11\nshelf_life: 2.5", (6, 13), "shelf_life is '2.5', which is"),
        ("order: 20", "order: 20\nas_of: 2026-11\nshelf_life: 1201", (6, 13), "shelf_life is '1201', which"),
        ("order: 20", "order: 20\nas_of: 2026-11\nshelf_life: [6]", (6, 1), "shelf_life is a list, not a"),
        (
            "order: 20",
            "order: 20\nshelf_life: 24",
            (5, 13),
            "shelf_life counts from as_of, and there is none.",
        ),
        ("order: 20", "order: 20\nsources: kwa", (5, 1), "sources is not a list of names."),
        ("order: 20", "order: 20\nredirects: [ok, Not Ok]", (5, 17), "redirects: 'Not Ok' is not a slug."),
    ],
)
def test_a_mistake_is_one_problem_at_its_word(old: str, new: str, place: tuple[int, int], words: str) -> None:
    (problem,) = read(GOOD.replace(old, new)).problems
    assert (problem.line, problem.column) == place
    assert problem.message.startswith(words)
    assert problem.hint


def test_what_is_right_is_kept_when_something_is_wrong() -> None:
    front = read(GOOD.replace("order: 20", "order: twenty"))
    assert (front.title, front.track, front.order) == ("A title", "alpha", LAST)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Text only.\n", "The file has no front matter."),
        ("", "The file has no front matter."),
        ("---\ntitle: x\n", "The front matter is not closed."),
        ("---\n- a\n- b\n---\n", "The front matter has no lines 'key: value'."),
        ("---\njust words\n---\n", "The front matter has no lines 'key: value'."),
    ],
)
def test_no_front_matter_at_all(text: str, message: str) -> None:
    (problem,) = read(text).problems
    assert problem.message == message


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "hint"),
    [
        (
            "title: A title",
            "title: Belief: a walk",
            (2, 14),
            "The value of title, 'Belief: a walk', holds a colon.",
            "write title: 'Belief: a walk'",
        ),
        (
            "title: A title",
            "title: Why's that: a title that has far too many words",
            (2, 18),
            "The value of title, 'Why's that: a title that has far too ma…', holds a colon.",
            "write title: 'Why''s that: a title that has far too many words'",
        ),
        (
            "title: A title",
            "title: *Really*?",
            (2, 8),
            "The value of title, '*Really*?', begins with '*', which has a meaning of its own there.",
            "write title: '*Really*?'",
        ),
        (
            "title: A title",
            "title: @home",
            (2, 8),
            "The value of title, '@home', begins with '@', which has a meaning of its own there.",
            "write title: '@home'",
        ),
        (
            "title: A title",
            "title: 'A title",
            (2, 8),
            "The value of title, ''A title', has quotation marks that do not match.",
            "write title: 'A title'",
        ),
        (
            "title: A title",
            "title: 'What's that'",
            (2, 8),
            "The value of title, ''What's that'', has quotation marks that do not match.",
            "write title: 'What''s that'",
        ),
        (
            "title: A title",
            'title: "Why" so',
            (2, 8),
            "The value of title, '\"Why\" so', has quotation marks that do not match.",
            "write title: 'Why\" so'",
        ),
        (
            "title: A title",
            'title: "The \\sigma of it"',
            (2, 8),
            "The value of title, '\"The \\sigma of it\"', has a backslash between double quotation marks.",
            "write title: 'The \\sigma of it'",
        ),
        (
            "order: 20",
            "order: 20\nsources: [a-1, b-2",
            (5, 10),
            "The value of sources, '[a-1, b-2', begins with '[' and does not end with ']'.",
            "close it",
        ),
        ("title: A title", "title A title", (2, 1), "The line 'title A title' is not 'key: value'.", OR_END),
        ("title: A title", "title:A title", (2, 1), "The line 'title:A title' is not 'key: value'.", OR_END),
        ("title: A title", "- title", (2, 1), "The line '- title' is not 'key: value'.", OR_END),
        (
            "track: alpha",
            "  track: alpha",
            (3, 1),
            "The line 'track: alpha' is indented, as if it were part of the one above.",
            "begin it without a space",
        ),
        (
            "track: alpha",
            "\ttrack: alpha",
            (3, 1),
            "The line 'track: alpha' begins with a tab.",
            "delete the tab",
        ),
        (
            "A title",
            "A\x07title",
            (2, 9),
            "The front matter holds a character that cannot be shown, U+0007.",
            "delete it",
        ),
        (
            "summary: One sentence.\n---\nText.\n",
            "summary: One sentence.\n\nText.\n\n:::{card} one\nQuestion\n---\nAnswer\n:::\n",
            (7, 1),
            "The line 'Text.' is not 'key: value'.",
            OR_END,
        ),
        (
            "---\nText.",
            "\nText: this.\nMore text.",
            (8, 1),
            "The front matter is not closed, and 'More text.' is not a line of it.",
            "write a line '---' above it",
        ),
        (
            "---\nText.",
            "redirects:\n- one\n\n## A heading\n",
            (9, 1),
            "The front matter is not closed, and '## A heading' is not a line of it.",
            "write a line '---' above it",
        ),
    ],
)
def test_what_yaml_cannot_read_is_one_plain_sentence_with_its_remedy(
    old: str, new: str, place: tuple[int, int], message: str, hint: str
) -> None:
    assert old in GOOD
    (problem,) = read(GOOD.replace(old, new)).problems
    assert (problem.line, problem.column) == place
    assert (problem.message, problem.hint) == (message, hint)


@pytest.mark.parametrize(
    "value", ["Belief: a walk", "*Really*?", "'What's that'", "'Open", "% of it", "# one"]
)
def test_the_remedy_for_a_value_is_a_line_that_can_be_read(value: str) -> None:
    (problem,) = read(GOOD.replace("A title", value)).problems
    if value[0] == "#":
        assert problem.message == "The front matter has no title.", "it is a comment"
        return
    mended = read(GOOD.replace("title: A title", problem.hint.removeprefix("write ")))
    assert mended.problems == ()
    assert mended.title == value.strip("'")


def test_all_that_is_missing_is_named() -> None:
    messages = [problem.message for problem in read("---\n---\n").problems]
    assert messages == [f"The front matter has no {key}." for key in ("title", "track", "order", "summary")]


@given(st.text(alphabet=st.sampled_from("abt:- \n\t'\"[]{}&*!|>%@`#?,0é\x7f"), max_size=60))
def test_nothing_is_raised(text: str) -> None:
    front = read(f"---\n{text}\n---\n")
    lines = 3 + text.count("\n")
    assert all(1 <= problem.line <= lines + 1 for problem in front.problems)


@given(
    st.text(min_size=1, max_size=40).filter(
        lambda text: "\n" not in text and text.isprintable() and text.strip()
    )
)
def test_a_quoted_title_comes_back(title: str) -> None:
    quoted = "'" + title.replace("'", "''") + "'"
    assert read(GOOD.replace("A title", quoted)).title == " ".join(title.split())
