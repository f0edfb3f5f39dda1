"""What PostgreSQL is told: statements that compile for it, vectors that hold each word where it stands.

No server is asked here.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from cards.query import Query, Sort, Words, parse
from cards.store.search.conditions import Viewpoint
from cards.store.search.entry import PARTS, text
from cards.store.search.statement import statement
from cards.store.search.tables import METADATA
from cards.store.search.vectors import ADD, APART, LETTERS, REMOVE, TEXTS, Vectors, vector
from tests.cards.searched_book import NOW, RULES, make_deck

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
VIEW = Viewpoint(1, NOW, RULES)
LEXEME = re.compile(r"'(\w+)'(?::((?:\d+[ABCD],?)+))?(?: |$)")


def compiled(query: Query, sort: Sort = Sort.RELEVANCE, *, reverse: bool = False) -> str:
    asked = statement(query, Vectors(), VIEW, sort, reverse=reverse)
    return " ".join(str(asked.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True})).split())


def test_words_become_one_condition_and_one_rank() -> None:
    assert compiled(parse('fair "a walk" -step').query) == (
        "SELECT search_card.number "
        "FROM search_card JOIN search_text ON search_text.number = search_card.number "
        "WHERE (search_text.vector @@ CAST('(''fair'':*) & (''a'' <-> ''walk'')' AS TSQUERY)) "
        "AND (search_card.number NOT IN (SELECT search_text.number FROM search_text "
        "WHERE search_text.vector @@ CAST('(''step'':*)' AS TSQUERY))) "
        "ORDER BY ts_rank(CAST('{0.25, 0.25, 0.5, 1.0}' AS REAL[]), search_text.vector, "
        "CAST('(''fair'':*) & (''a'' <-> ''walk'')' AS TSQUERY)) DESC, search_card.place ASC"
    )


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "walk is:due due<7 -stability>30 tag:a -is:note is:leech",
        "-is:kept",
        "is:buried is:learning due=0",
    ],
)
def test_every_search_compiles(text: str, sort: Sort, *, reverse: bool) -> None:
    said = compiled(parse(text).query, sort, reverse=reverse)
    assert " MATCH " not in said
    assert " IS 1" not in said
    assert said.endswith((" ASC", " DESC"))


def test_a_negated_term_holds_where_nothing_is_known() -> None:
    assert "(memory.stability > 30.0) IS NOT true" in compiled(parse("-stability>30").query)


def test_the_tables_and_the_writing_compile() -> None:
    said = [str(CreateTable(table).compile(dialect=DIALECT)) for table in (*METADATA.tables.values(), TEXTS)]
    said += [str(CreateIndex(index).compile(dialect=DIALECT)) for index in TEXTS.indexes]
    assert "vector TSVECTOR NOT NULL" in said[-2]
    assert said[-1] == "CREATE INDEX ix_search_text_vector ON search_text USING gin (vector)"
    assert "AS TSVECTOR)" in str(ADD.compile(dialect=DIALECT))
    assert "WHERE search_text.number = %(of)s" in str(REMOVE.compile(dialect=DIALECT))


parts = st.fixed_dictionaries(
    {part: st.lists(st.sampled_from(["a", "b1", "σ"]), max_size=6) for part in PARTS}
)


@given(parts)
def test_a_vector_holds_each_word_where_it_stands(found: dict[str, list[str]]) -> None:
    expected: dict[str, list[str]] = {}
    position = 0
    for part in PARTS:
        for word in found[part]:
            position += 1
            expected.setdefault(word, []).append(f"{position}{LETTERS[part]}")
        position += APART
    written = vector(found)
    assert "".join(match[0] for match in LEXEME.finditer(written)) == written
    assert {match[1]: match[2].split(",") for match in LEXEME.finditer(written)} == expected


def test_a_text_beyond_what_a_vector_holds_keeps_its_words() -> None:
    written = vector({"front": ["a"] * 300, "back": ["b"] * 17_000, "title": ["c"], "tags": ["d"]})
    found = {match[1]: (match[2] or "").split(",") for match in LEXEME.finditer(written)}
    assert len(found["a"]) == len(found["b"]) == 255
    assert found["c"] == found["d"] == [""]


def test_a_phrase_cannot_reach_from_one_part_into_the_next() -> None:
    written = vector({**dict.fromkeys(PARTS, ()), "front": ["fair"], "back": ["walk"]})
    assert written == "'fair':1A 'walk':4B"


@given(st.lists(st.sampled_from(["a", "b1", "σ"]), min_size=1).map(tuple), st.booleans())
def test_no_word_of_ours_needs_an_escape(found: tuple[str, ...], whole: bool) -> None:
    said = compiled(Query((Words(found, whole),)))
    assert said.count("''") == 2 * 2 * len(found)  # in the condition and in the rank, on either side


def test_every_card_of_a_book_has_a_vector() -> None:
    for card in make_deck().values():
        assert LEXEME.match(vector(text(card)))
