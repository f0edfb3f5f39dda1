"""The index beside the database: in step with the book, written where that changed, never in the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.card import Card
from cards.memory import Rating
from cards.query import Sort, parse
from cards.schedule import SchedulerSettings
from cards.store import Answer, ProblemKind, Store, StoreProblem
from cards.store.search import fts5
from cards.store.search.index import beside
from cards.store.standings import Standing
from tests.cards.searched_book import NOW, RULES, Oracle, make_deck

DECK = make_deck()
ASKED = ["walk", '"fair walk"', "-step", "tag:walks", "section:section-1 7", "kind:cloze", "sigma.2"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "martingale.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store.open(path, now=NOW)
    yield opened
    opened.close()


def search(store: Store, deck: dict[str, Card], text: str) -> list[str]:
    query = parse(text).query
    me = store.learner("me")
    return store.search(me, deck, query, now=NOW, rules=RULES, sort=Sort.PLACE)


def finds_all(store: Store, deck: dict[str, Card]) -> None:
    """Assert that searches find what looking at each card finds."""
    oracle = Oracle(deck, dict.fromkeys(deck, Standing()))
    for text in ASKED:
        assert search(store, deck, text) == oracle.finds(parse(text).query), text


def edit(deck: dict[str, Card], seed: int) -> dict[str, Card]:
    """Another edition of a book: cards gone, added, reworded, retagged and moved."""
    drawn = Random(seed)  # noqa: S311 - an edition keeps no secrets
    new = make_deck(seed + 100, 20)
    cards = [card for card in deck.values() if drawn.random() < 0.9]
    cards += [replace(card, id=f"new-{seed}-{card.id}") for card in new.values() if drawn.random() < 0.3]
    edition = list({card.id: _reworded(card, drawn) for card in cards}.values())
    drawn.shuffle(edition)
    return {card.id: replace(card, order=order) for order, card in enumerate(edition)}


def _reworded(card: Card, drawn: Random) -> Card:
    match drawn.randrange(6):
        case 0:
            return replace(card, front="<p>fair walk</p>", text_hash=f"{card.text_hash}+")
        case 1:
            return replace(card, tags=("walks::fair",))
        case 2:
            return replace(card, section="section-1", section_title="A fair step")
        case 3:
            return replace(card, kind="cloze")
    return card


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store whose index has been through all the editions before."""
    opened = Store.open(tmp_path_factory.mktemp("home") / "martingale.db", now=NOW)
    yield opened
    opened.close()


@given(seeds=st.lists(st.integers(0, 50), max_size=3))
@settings(max_examples=12)
def test_whatever_becomes_of_the_book_is_found(lasting: Store, seeds: list[int]) -> None:
    deck = DECK
    for seed in seeds:
        deck = edit(deck, seed)
    finds_all(lasting, deck)


def test_only_the_text_that_changed_is_written(store: Store, path: Path) -> None:
    search(store, DECK, "walk")
    with closing(sqlite3.connect(beside(path))) as index, index:
        # A sign on each text, which is lost exactly where the text is written again.
        index.execute("UPDATE search_text SET tags = tags || ' untouched'")
    second, third = DECK["card-1"], DECK["card-2"]
    reworded = replace(second, front="<p>other</p>", text_hash="other")
    deck = {**DECK, second.id: reworded, third.id: replace(third, order=1000)}
    del deck["card-3"]
    assert search(store, deck, "other") == ["card-1"]
    untouched = set(DECK) - {"card-1", "card-3"}
    assert set(search(store, deck, "untouched")) == untouched


def test_the_same_book_is_not_written_again_by_another_process(path: Path) -> None:
    for _ in range(2):
        store = Store.open(path, now=NOW)
        search(store, dict(DECK), "walk")
        store.close()
        written = beside(path).stat().st_mtime_ns
    store = Store.open(path, now=NOW)
    search(store, dict(DECK), "walk")
    store.close()
    assert beside(path).stat().st_mtime_ns == written


def test_two_books_over_one_database_each_find_their_own(store: Store, path: Path) -> None:
    other = Store.open(path, now=NOW)
    book = {card.id: card for card in make_deck(9).values() if card.order % 2}
    for _ in range(2):
        finds_all(store, DECK)
        finds_all(other, book)
    other.close()


@pytest.mark.parametrize("while_open", [True, False])
def test_an_index_that_was_deleted_is_made_again(path: Path, *, while_open: bool) -> None:
    store = Store.open(path, now=NOW)
    finds_all(store, DECK)
    if not while_open:
        store.close()
    for file in path.parent.glob("martingale-search*"):
        file.unlink()
    if not while_open:
        store = Store.open(path, now=NOW)
    finds_all(store, DECK)
    assert beside(path).exists()
    store.close()


@pytest.mark.parametrize("seed", range(8))
def test_an_index_that_was_damaged_is_made_again(path: Path, seed: int) -> None:
    store = Store.open(path, now=NOW)
    search(store, DECK, "walk")
    store.close()
    drawn = Random(seed)  # noqa: S311 - damage keeps no secrets
    content = bytearray(beside(path).read_bytes())
    if seed == 0:
        content[:] = b"not a database at all"
    elif seed == 1:
        del content[len(content) // 2 :]
    else:
        for _ in range(len(content) // 4096 + 1):  # something in almost every page
            at = drawn.randrange(100, len(content) - 64)
            content[at : at + 64] = drawn.randbytes(64)
    beside(path).write_bytes(content)
    store = Store.open(path, now=NOW)
    try:
        found = search(store, {**DECK}, "walk")
    finally:
        store.close()
    if seed < 2:
        assert found == Oracle(DECK, dict.fromkeys(DECK, Standing())).finds(parse("walk").query)
    assert set(found) <= set(DECK)


def test_a_table_that_is_missing_is_made_again(store: Store, path: Path) -> None:
    search(store, DECK, "walk")
    with closing(sqlite3.connect(beside(path))) as index, index:
        index.execute("DROP TABLE search_tag")
    finds_all(store, DECK)


def test_an_index_for_another_way_of_searching_is_made_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for there in (True, False, True):
        monkeypatch.setattr(fts5, "is_there", lambda _, there=there: there)
        store = Store.open(path, now=NOW)
        finds_all(store, DECK)
        store.close()


def test_this_sqlite_has_full_text_search(store: Store) -> None:
    assert store.search_remark(DECK) == ""


def test_making_the_index_holds_up_no_answer(store: Store) -> None:
    """Attached for reading only, the learner's file is not locked while the index is written."""
    me = store.learner("me")
    search(store, DECK, "walk")
    index = store._search._index
    assert index is not None
    with index.writing() as connection:
        connection.exec_driver_sql("UPDATE search_card SET place = place + 1")
        store.answer(me, Answer("a", "card-0", Rating.GOOD, NOW), RULES, SchedulerSettings())
    assert store.memories(me)["card-0"].reps == 1


def test_an_index_that_cannot_be_made_says_where_and_leaves_reviewing_alone(store: Store, path: Path) -> None:
    me = store.learner("me")
    beside(path).mkdir()
    with pytest.raises(StoreProblem) as caught:
        search(store, DECK, "walk")
    assert caught.value.kind is ProblemKind.CANNOT_WRITE
    assert str(beside(path)) in str(caught.value)
    store.answer(me, Answer("a", "card-0", Rating.GOOD, NOW), RULES, SchedulerSettings())
    beside(path).rmdir()
    finds_all(store, DECK)


def test_the_index_is_no_part_of_a_backup(store: Store, path: Path) -> None:
    search(store, DECK, "walk")
    (backup,) = (path.parent / "backups").iterdir()
    with closing(sqlite3.connect(backup)) as copy:
        tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
    with closing(sqlite3.connect(path)) as database:
        tables |= {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert not [name for name in tables if name.startswith("search_")]
