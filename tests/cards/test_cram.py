"""Cards beside the schedule: which they are, in which order, and that nothing of it is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cards.cram import Cram, CramKind, chosen
from cards.memory import Rating
from cards.pages.operations import save
from cards.store import Store
from tests.cards.pages_learner import DECK, card, open_store, someone

BOOK = {
    one.id: one
    for one in (
        card(2, section="b", track="second"),
        card(0, section="a"),
        card(1, section="a"),
        card(3, section="c"),
    )
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "text", ["section:how-many-updates", "track:beliefs", "marked", "leeches", "forgotten"]
)
def test_a_choice_is_read_as_it_is_written(text: str) -> None:
    assert str(Cram.from_text(text)) == text


@pytest.mark.parametrize("text", ["", "section", "section:", "marked:x", "everything", "track"])
def test_what_chooses_nothing_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="chooses no cards; write section: or track: with a slug"):
        Cram.from_text(text)


def test_a_section_and_a_track_come_in_the_books_order() -> None:
    def orders(text: str) -> list[int]:
        return [one.order for one in chosen(BOOK, Cram.from_text(text))]

    assert orders("section:a") == [0, 1]
    assert orders("track:beliefs") == [0, 1, 3]
    assert orders("track:second") == [2]
    assert orders("section:gone") == []


def test_what_a_learner_marks_out_comes_in_the_books_order_without_what_left_the_book() -> None:
    cards = chosen(BOOK, Cram(CramKind.MARKED), {"card-3", "card-0", "gone"})
    assert [one.order for one in cards] == [0, 3]


def test_a_learner_crams_what_was_marked_forgotten_or_became_a_leech_and_no_date_moves(store: Store) -> None:
    here = someone(store)
    save(
        here,
        [
            {"id": f"a{number}", "kind": "answer", "card": f"card-{number}", "rating": int(rating)}
            for number, rating in enumerate([Rating.AGAIN, Rating.GOOD, Rating.AGAIN])
        ],
    )
    store.mark(here.learner, ["card-5", "card-1"], here.now)
    before = store.memories(here.learner), store.reviews(here.learner)

    def orders(text: str) -> list[int]:
        return [one.order for one in here.cram(DECK, Cram.from_text(text))]

    assert orders("forgotten") == [0, 2]
    assert orders("marked") == [1]  # card-5 is not kept, and cannot be marked
    assert orders("leeches") == []
    assert orders("section:walks") == list(range(30))
    assert (store.memories(here.learner), store.reviews(here.learner)) == before


def test_leeches_are_crammed_and_offered_until_they_are_passed(store: Store) -> None:
    here = someone(store)
    for time in range(10):
        rating = Rating.EASY if time == 0 else Rating.AGAIN
        at = {"age": timedelta(days=20 - time) / timedelta(milliseconds=1)}
        save(here, [{"id": f"a{time}", "kind": "answer", "card": "card-7", "rating": int(rating), **at}])
        save(here, [{"id": f"b{time}", "kind": "answer", "card": "card-7", "rating": 4, **at}])
    assert [leech.card_id for leech in here.leeches()] == ["card-7"]
    assert [one.id for one in here.cram(DECK, Cram(CramKind.LEECHES))] == ["card-7"]
    store.pass_leech(here.learner, ["card-7"])
    assert here.leeches() == []
    assert [one.id for one in here.cram(DECK, Cram(CramKind.LEECHES))] == ["card-7"]
