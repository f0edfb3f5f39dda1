"""What the browser sends is saved once, however often it is sent; what is not saved is not confirmed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.memory import Rating
from cards.pages.operations import Receipt, Undo, read, save
from cards.store import Answer, ProblemKind, Store, StoreProblem
from cards.tuning import Tuning
from tests.cards.pages_learner import DECK, NOW, open_store, someone

FULL = StoreProblem(ProblemKind.FULL, "The disk is full.", where="here", remedy="Free some space.")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


def answer(number: int, *, card: str = "card-0", rating: int = 3, **more: object) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "kind": "answer",
        "card": card,
        "rating": rating,
        "elapsed": 1500,
        "age": 0,
        **more,
    }


def undo(number: int, of: int) -> dict[str, Any]:
    return {"id": f"u{number}", "kind": "undo", "answer": f"a{of}", "age": 0}


def test_an_answer_is_read_with_its_card_its_rating_and_its_times() -> None:
    assert read(answer(1, rating=2, age=90_000), now=NOW) == Answer(
        "a1", "card-0", Rating.HARD, NOW - timedelta(seconds=90), elapsed_ms=1500
    )


def test_an_undo_is_read_with_the_answer_that_it_takes_back() -> None:
    assert read(undo(1, of=7), now=NOW) == Undo("u1", "a7", NOW)


@pytest.mark.parametrize("age", [-5000, math.inf, -math.inf, math.nan, 1e300, "yesterday", None, True])
def test_no_age_moves_an_answer_into_the_future_or_out_of_the_calendar(age: object) -> None:
    operation = read(answer(1, age=age), now=NOW)
    assert operation is not None
    assert NOW - timedelta(days=30) <= operation.at <= NOW


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "answer",
        [],
        {},
        {"id": "x"},
        {"id": "x", "kind": "answer"},
        {"id": "x", "kind": "undo"},
        {"id": "x", "kind": "erase", "card": "card-0"},
        answer(1, rating=0),
        answer(1, rating=5),
        answer(1, rating="3"),
        answer(1, rating=[3]),
        answer(1, card=""),
        answer(1, card="c" * 201),
        {**answer(1), "id": 7},
    ],
)
def test_what_is_not_an_operation_is_confirmed_and_forgotten(store: Store, nonsense: object) -> None:
    here = someone(store)
    receipt = save(here, [nonsense, answer(2)], DECK)
    assert "a2" in receipt.confirmed
    assert len(receipt.confirmed) == 2
    assert [review.client_id for review in store.reviews(here.learner)] == ["a2"]


def test_a_batch_that_is_no_list_saves_nothing(store: Store) -> None:
    assert save(someone(store), {"id": "a1"}, DECK) == Receipt()


MOVES = st.lists(st.one_of(st.integers(1, 4), st.just("undo")), min_size=1, max_size=6)
DELIVERIES = st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=4)


@given(MOVES, DELIVERIES)
def test_sending_again_whatever_was_not_confirmed_leaves_what_sending_once_would(
    store: Store, moves: list[int | str], deliveries: list[tuple[int, bool]]
) -> None:
    """The browser's protocol: the list grows at its end, and any confirmation may be lost."""
    operations = _as_sent(moves)
    once, often = someone(store), someone(store)
    save(once, operations, DECK)
    confirmed = 0
    for made, is_heard in [*deliveries, (len(operations), True)]:
        receipt = save(often, operations[confirmed:made], DECK)
        confirmed += len(receipt.confirmed) if is_heard else 0

    assert store.memories(often.learner) == store.memories(once.learner)
    assert _log(store, often.learner) == _log(store, once.learner)
    assert store.replay(often.learner) == store.memories(often.learner)


def _as_sent(moves: list[int | str]) -> list[dict[str, Any]]:
    """Answers to two cards in turn, and undos of the newest answer left."""
    operations, steps = [], []
    for number, move in enumerate(moves):
        if isinstance(move, int):
            operations.append(answer(number, card=f"card-{number % 2}", rating=move))
            steps.append(number)
        elif steps:
            operations.append(undo(number, of=steps.pop()))
    return operations


def _log(store: Store, learner: int) -> list[tuple[str, str, Rating]]:
    return [(review.client_id, review.card_id, review.rating) for review in store.reviews(learner)]


def test_an_undo_takes_back_the_answer_that_it_names_not_one_given_since_in_another_tab(store: Store) -> None:
    here = someone(store)
    save(here, [answer(1, card="card-1")], DECK)
    save(here, [answer(2, card="card-2")], DECK)
    save(here, [undo(3, of=1)], DECK)
    assert [review.client_id for review in store.reviews(here.learner)] == ["a2"]


def test_an_answer_that_others_to_the_same_card_build_on_stays(store: Store) -> None:
    here = someone(store)
    receipt = save(here, [answer(1), answer(2, rating=1), undo(3, of=1)], DECK)
    assert receipt == Receipt(("a1", "a2", "u3"))
    assert [review.client_id for review in store.reviews(here.learner)] == ["a1", "a2"]


def test_answering_a_card_that_was_taken_out_of_review_brings_it_back_as_it_was_remembered(
    store: Store,
) -> None:
    here = someone(store)
    save(here, [answer(1)], DECK)
    store.withdraw(here.learner, ["card-0"], NOW)
    save(here, [answer(2)], DECK)
    assert here.memories()["card-0"].reps == 2


def test_an_answer_that_is_sent_again_does_not_bring_back_a_card_taken_out_since(store: Store) -> None:
    here = someone(store)
    save(here, [answer(1)], DECK)
    store.withdraw(here.learner, ["card-0"], NOW)
    assert save(here, [answer(1)], DECK) == Receipt(("a1",))
    assert here.memories() == {}


class FillsUp:
    """A store whose disk is full after so many answers."""

    def __init__(self, room: int) -> None:
        self.room = room

    def answer(self, *_: object) -> None:
        """Take one answer, or refuse it."""
        if not self.room:
            raise FULL
        self.room -= 1


@pytest.mark.parametrize("room", [0, 1, 3])
def test_what_the_store_refuses_is_not_confirmed_and_the_reader_is_told_why(store: Store, room: int) -> None:
    here = replace(someone(store), store=FillsUp(room))  # type: ignore[arg-type] - it stands in for a full disk
    receipt = save(here, [answer(number) for number in range(3)], DECK)
    assert receipt.confirmed == ("a0", "a1", "a2")[:room]
    assert receipt.problem == ("Not saved yet. The disk is full." if room < 3 else "")


def test_an_answer_is_dated_by_the_retention_of_its_card_s_track(store: Store) -> None:
    strict = Tuning(by_track={"beliefs": 0.97})
    plain, tuned = someone(store), someone(store, tuning=strict)
    for here in (plain, tuned):
        save(here, [answer(1, rating=4, card="card-1"), answer(2, rating=4, card="gone-from-the-book")], DECK)
    dates = [here.memories() for here in (plain, tuned)]
    assert dates[1]["card-1"].due < dates[0]["card-1"].due
    assert dates[1]["gone-from-the-book"].due == dates[0]["gone-from-the-book"].due
    assert tuned.store.replay(tuned.learner) == dates[1]
