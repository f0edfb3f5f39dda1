"""The language of searches: what is written is read back, and no text is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.query import (
    FURTHEST,
    LONGEST,
    MOST_TERMS,
    NAMED,
    WHOLE,
    Compare,
    Condition,
    Is,
    Named,
    Query,
    Term,
    Words,
    known,
    parse,
    written,
)

IN_QUOTES = "To search for the text itself, put it in quotes:"
OPERATORS = ["<", "<=", "=", ">=", ">"]
a_word = st.text("abcdefghijklmnopqrstuvwxyz0123456789αβγ", min_size=1, max_size=8)
negated = st.booleans()
whole_number = st.integers(-FURTHEST, FURTHEST).map(float)
any_number = st.floats(-FURTHEST, FURTHEST).map(lambda number: number + 0.0)  # no minus before a zero
name = st.text("abcdefghijklmnopqrstuvwxyz0123456789-:", min_size=1, max_size=12)
terms: st.SearchStrategy[Term] = st.one_of(
    st.builds(Words, st.lists(a_word, min_size=1, max_size=4).map(tuple), st.booleans(), negated),
    st.builds(Is, st.sampled_from(Condition), negated),
    st.builds(Named, st.sampled_from(NAMED), name, negated),
    st.builds(Compare, st.sampled_from(WHOLE), st.sampled_from(OPERATORS), whole_number, negated),
    st.builds(
        Compare,
        st.sampled_from(["stability", "difficulty"]),
        st.sampled_from(OPERATORS),
        any_number,
        negated,
    ),
)


@given(st.lists(terms, max_size=8).map(lambda found: Query(tuple(found))))
def test_what_is_written_is_read_back(query: Query) -> None:
    assert parse(written(query)) == (query, ())


@given(st.text())
def test_any_text_is_read_and_means_what_it_is_written_as(text: str) -> None:
    query, problems = parse(text)
    assert parse(written(query)) == (query, ())
    for problem in problems:
        assert problem.endswith(('."', ".", "?", '".')), problem


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Walk", Words(("walk",))),
        ("p(1-p)", Words(("p", "1", "p"))),
        ('"a fair', Words(("a", "fair"), whole=True)),
        ('-"a fair"', Words(("a", "fair"), whole=True, negated=True)),
        ("-walk", Words(("walk",), negated=True)),
        ("IS:Due", Is(Condition.DUE)),
        ("-is:suspended", Is(Condition.SUSPENDED, negated=True)),
        ("tag:theorems::stopping", Named("tag", "theorems::stopping")),
        ("due<7", Compare("due", "<", 7)),
        ("due>=-2", Compare("due", ">=", -2)),
        ("Stability>.5", Compare("stability", ">", 0.5)),
    ],
)
def test_each_part_is_read(text: str, term: Term) -> None:
    assert parse(text) == (Query((term,)), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dew<7", f"There is no field 'dew'. Did you mean 'due'? {IN_QUOTES} \"dew<7\"."),
        ("is:buryed", "A card cannot be 'buryed'. Did you mean is:buried?"),
        ("section:", "'section:' names no section. Write section: with its name right behind it."),
        ("tag=x", "'tag=x' names no tag. Write tag: with its name right behind it."),
        ("due<soon", "'due<soon' compares with no number up to 100,000. Write due<7, for example."),
        ("reps=", "'reps=' compares with no number up to 100,000. Write reps=0, for example."),
        ("due<1e9", "'due<1e9' compares with no number up to 100,000. Write due<7, for example."),
        (
            "difficulty:7",
            "'difficulty:7' compares nothing. Write difficulty with <, = or >, such as difficulty>7.",
        ),
        ("lapses>1.5", "lapses is a whole number, and 1.5 is not. Write lapses>3, for example."),
        ("<=>", "'<=>' has no letter and no digit, so it was left out of the search."),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence_and_the_rest_is_searched(text: str, said: str) -> None:
    rest = (Words(("fair",)), Is(Condition.NEW))
    assert parse(f"fair {text} is:new") == (Query(rest), (said,))


def test_a_bad_number_in_other_digits_is_no_number() -> None:
    assert parse("due<٣").problems
    assert parse("due<1_0").problems
    assert parse("stability>nan").problems


@pytest.mark.parametrize("text", ["", "  ", "-", '"', '-"', '" "'])
def test_what_is_still_being_typed_is_no_mistake(text: str) -> None:
    assert parse(text) == (Query(), ())


def test_a_text_has_its_limits_and_says_so() -> None:
    query, problems = parse("walk " * LONGEST)
    assert len(query.terms) == MOST_TERMS
    assert problems == (
        f"Only the first {LONGEST:,} characters of the search were read.",
        f"Only the first {MOST_TERMS} parts of the search were used.",
    )


@pytest.mark.parametrize(
    "text", ["section:{}", "due:{}", "{}:x", "is:{}", "due<{}", "section<{}", "track:{}", "lapses=.{}"]
)
def test_a_mistake_names_no_more_of_what_was_typed_than_a_sentence_bears(text: str) -> None:
    read = parse(text.format("a1" * 400))
    problems = read.problems or known(read.query, {field: ["walks"] for field in NAMED}).problems
    assert len(problems) == 1
    assert "a1a1…" in problems[0]
    assert len(problems[0]) < 300


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ('section:"a b"', (Named("section", "a b"),)),
        ('-Track:" a  b " walk', (Named("track", "a  b", negated=True), Words(("walk",)))),
        ('tag:"a b', (Named("tag", "a b"),)),
        ('kind:"cloze"', (Named("kind", "cloze"),)),
        ('is:"due"', (Is(Condition.DUE),)),
        ('"section" "a b"', (Words(("section",), whole=True), Words(("a", "b"), whole=True))),
    ],
)
def test_a_name_may_stand_in_quotes_and_then_have_spaces(text: str, terms: tuple[Term, ...]) -> None:
    query, problems = parse(text)
    assert (query.terms, problems) == (terms, ())
    assert parse(written(query)) == (query, ())


def test_a_name_in_quotes_that_is_empty_is_a_mistake() -> None:
    (problem,) = parse('section:""').problems
    assert "names no section" in problem


def test_names_are_those_of_the_book_in_any_case() -> None:
    names = {"section": ["walks"], "track": [], "kind": ["recall", "cloze"], "tag": ["a", "a::b"]}
    found = known(parse("section:WALKS fair -tag:A::b kind:close track:x").query, names)
    assert found.query == Query(
        (Named("section", "walks"), Words(("fair",)), Named("tag", "a::b", negated=True))
    )
    assert found.problems == (
        "No card has the kind 'close'. Did you mean 'cloze'?",
        "No card has the track 'x'.",
    )
