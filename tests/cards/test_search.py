"""Search finds what looking at each card finds, whatever searches the text, and no text breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.card import Card
from cards.folding import words
from cards.query import Compare, Condition, Is, Named, Query, Sort, Term, Words, parse
from cards.store import Store
from cards.store.search import fts5
from tests.cards.searched_book import CARDS, LEECH, NOW, RULES, VOCABULARY, Oracle, live, make_deck, sort_key

DECK = make_deck()
ENGINES = ["fts5", "like"]
Search = Callable[..., list[str]]

pieces = sorted({word[:cut] for said in VOCABULARY for word in words(said) for cut in (1, 2, len(word))})
negated = st.booleans()
terms: st.SearchStrategy[Term] = st.one_of(
    st.builds(
        Words, st.lists(st.sampled_from(pieces), min_size=1, max_size=3).map(tuple), st.booleans(), negated
    ),
    st.builds(Is, st.sampled_from(Condition), negated),
    st.builds(
        Named, st.just("tag"), st.sampled_from(["walks", "walks::fair", "theorems", "step", "no"]), negated
    ),
    st.builds(Named, st.just("section"), st.sampled_from(["section-0", "section-2", "no"]), negated),
    st.builds(Named, st.just("kind"), st.sampled_from(["recall", "cloze"]), negated),
    st.builds(
        Compare,
        st.sampled_from(["due", "lapses", "reps", "stability", "difficulty"]),
        st.sampled_from(["<", "<=", "=", ">=", ">"]),
        st.sampled_from([-40, -1, 0, 1, 2, 7, 30, 400]).map(float),
        negated,
    ),
    st.builds(
        Compare,
        st.just("stability"),
        st.sampled_from(["<", ">"]),
        st.sampled_from([0.5, 2.3065, 9.9]),
        negated,
    ),
)
queries = st.lists(terms, max_size=4).map(lambda found: Query(tuple(found)))


@pytest.fixture(scope="module", params=ENGINES)
def searched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Search, Oracle]]:
    """A search over the book for a learner with a history, beside another's, and what it should find."""
    store = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    me, other = store.learner("me"), store.learner("other")
    live(store, me, DECK)
    store.enrol(other, DECK, NOW)
    store.mark(other, DECK, NOW)
    store.write_note(other, "card-1", "mine", NOW)

    def search(query: Query, sort: Sort = Sort.PLACE, *, reverse: bool = False) -> list[str]:
        return store.search(me, DECK, query, now=NOW, rules=RULES, sort=sort, reverse=reverse, leech=LEECH)

    with pytest.MonkeyPatch.context() as patch:  # the first search settles how text is searched
        if request.param == "like":
            patch.setattr(fts5, "is_there", lambda _: False)
        assert search(Query()) == list(DECK)
    assert ("FTS5" in store.search_remark(DECK)) is (request.param == "like")
    yield search, Oracle(DECK, store.standings(me, DECK))
    store.close()


@given(query=queries)
@settings(max_examples=100)
def test_it_finds_what_looking_at_each_card_finds(searched: tuple[Search, Oracle], query: Query) -> None:
    search, oracle = searched
    assert search(query) == oracle.finds(query)


def test_the_learner_has_cards_of_every_condition(searched: tuple[Search, Oracle]) -> None:
    """Or the test above would show nothing."""
    _, oracle = searched
    for condition in Condition:
        found = oracle.finds(Query((Is(condition),)))
        assert 0 < len(found) < CARDS, condition
    for comparison in ("due<0", "due=0", "due>0", "lapses>1", "stability>30"):
        assert 0 < len(oracle.finds(parse(comparison).query)) < CARDS, comparison


@given(text=st.text())
@settings(max_examples=60)
def test_any_text_is_a_search(searched: tuple[Search, Oracle], text: str) -> None:
    search, oracle = searched
    query = parse(text).query
    assert search(query, Sort.RELEVANCE) is not None
    assert search(query) == oracle.finds(query)


@given(text=st.text("\"'*^:(){}+-\\\x00ANDORTNEa1 %_", max_size=30))
@settings(max_examples=60)
def test_marks_that_mean_something_to_a_database_mean_nothing(
    searched: tuple[Search, Oracle], text: str
) -> None:
    search, oracle = searched
    for asked in (text, f'"{text}"'):
        query = parse(asked).query
        assert search(query) == oracle.finds(query)


@pytest.mark.parametrize("sort", [sort for sort in Sort if sort is not Sort.RELEVANCE])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("text", ["", "walk", "is:kept", "fair -is:new"])
def test_cards_come_in_the_order_asked_for(
    searched: tuple[Search, Oracle], sort: Sort, text: str, *, reverse: bool
) -> None:
    search, oracle = searched
    query = parse(text).query
    found = search(query, sort, reverse=reverse)
    assert sorted(found) == sorted(oracle.finds(query))
    keys = [sort_key(sort, DECK[card_id], oracle.standings[card_id].memory) for card_id in found]
    numbers = [key for key in keys if key is not None]
    assert keys == [*numbers, *[None] * (len(keys) - len(numbers))], "what has no number comes last"
    assert numbers == sorted(numbers, reverse=reverse)


def weighed() -> dict[str, Card]:
    """A book that has one word in a question, in an answer and in a title, of as many words each."""
    plain = replace(DECK["card-0"], front="x", back="x", section_title="x", tags=(), section="s")
    cards = [
        replace(plain, id="in-title", section_title="x martingale", text_hash="1"),
        replace(plain, id="in-back", back="x martingale", text_hash="2"),
        replace(plain, id="in-front", front="x martingale", text_hash="3"),
        *(replace(plain, id=f"other-{number}", text_hash=f"o{number}") for number in range(9)),
    ]
    return {card.id: replace(card, order=order) for order, card in enumerate(cards)}


def test_what_is_asked_outweighs_what_is_answered_and_that_the_rest(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "martingale.db", now=NOW)
    found = store.search(store.learner("me"), weighed(), parse("martin").query, now=NOW, rules=RULES)
    assert found == ["in-front", "in-back", "in-title"]
    store.close()
