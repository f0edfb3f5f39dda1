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

from cards.days import DayRules, day_number
from cards.decision import Change, Matter
from cards.memory import Rating
from cards.pages.operations import MOST_AT_ONCE, MOST_CARDS, Receipt, Undo, read, save
from cards.pages.sent import LONGEST_NOTE
from cards.store import Answer, ProblemKind, Store, StoreProblem
from cards.tuning import Tuning
from tests.cards.pages_learner import DECK, NOW, card, open_store, someone

RULES = DayRules("Europe/London")
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


def decision(number: int, kind: str, **more: object) -> dict[str, Any]:
    return {"id": f"d{number}", "kind": kind, "cards": ["card-0"], "age": 0, **more}


def test_an_answer_is_read_with_its_card_its_rating_and_its_times() -> None:
    assert read(answer(1, rating=2, age=90_000), now=NOW, rules=RULES) == Answer(
        "a1", "card-0", Rating.HARD, NOW - timedelta(seconds=90), elapsed_ms=1500
    )


def test_an_undo_is_read_with_the_answer_that_it_takes_back() -> None:
    assert read(undo(1, of=7), now=NOW, rules=RULES) == Undo("u1", "a7", NOW)


TOMORROW = day_number(NOW, RULES) + 1
DECISIONS = {
    "suspend": ({"on": True}, True),
    "mark": ({"on": False}, False),
    "keep": ({"on": True, "cards": ["card-0", "card-1"]}, True),
    "bury": ({"on": True}, TOMORROW),
    "leech": ({"lapses": 8}, 8),
    "note": ({"text": "see the proof"}, "see the proof"),
}


@pytest.mark.parametrize("kind", DECISIONS)
def test_a_decision_is_read_with_its_cards_and_what_it_says(kind: str) -> None:
    given, value = DECISIONS[kind]
    cards = tuple(given.get("cards", ["card-0"]))  # type: ignore[arg-type] - the one that is given is a list
    read_back = read(decision(1, kind, age=1000, **given), now=NOW, rules=RULES)
    assert read_back == Change("d1", Matter(kind), cards, value, NOW - timedelta(seconds=1))


def test_every_matter_can_be_decided_from_a_browser() -> None:
    assert set(DECISIONS) == set(Matter)


def test_a_card_is_buried_until_the_day_after_the_one_on_which_that_was_decided() -> None:
    yesterday = decision(1, "bury", on=True, age=86_400_000)
    operation = read(yesterday, now=NOW, rules=RULES)
    assert isinstance(operation, Change)
    assert operation.value == TOMORROW - 1


def test_a_note_is_cut_at_its_longest_and_holds_nothing_that_no_database_takes(store: Store) -> None:
    here = someone(store)
    text = "\0see \ud800" + "x" * 3000
    assert save(here, [decision(1, "note", text=text)]) == Receipt(("d1",))
    assert store.notes(here.learner) == {"card-0": ("see " + "x" * 3000)[:LONGEST_NOTE]}


def test_a_decision_names_no_more_cards_than_a_section_could_have(store: Store) -> None:
    here = someone(store)
    save(here, [decision(1, "keep", on=True, cards=[f"card-{number}" for number in range(3000)])])
    assert len(here.memories()) == MOST_CARDS


def test_what_goes_beyond_a_batch_is_not_confirmed_and_is_sent_again(store: Store) -> None:
    here = someone(store)
    batch = [decision(number, "mark", on=True) for number in range(MOST_AT_ONCE + 1)]
    assert save(here, batch).confirmed == tuple(f"d{number}" for number in range(MOST_AT_ONCE))


@pytest.mark.parametrize("age", [-5000, math.inf, -math.inf, math.nan, 1e300, "yesterday", None, True])
def test_no_age_moves_an_answer_into_the_future_or_out_of_the_calendar(age: object) -> None:
    operation = read(answer(1, age=age), now=NOW, rules=RULES)
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
        {**answer(1), "id": "\0"},
        answer(1, card="card-\ud800"),
        decision(1, "suspend", on="yes"),
        decision(1, "bury", on=None),
        decision(1, "keep", on=True, cards="card-0"),
        decision(1, "mark", on=True, cards=[7, "", "c" * 201]),
        decision(1, "leech", lapses=-1),
        decision(1, "leech", lapses=True),
        decision(1, "leech", lapses=1e9),
        decision(1, "note", text=None),
    ],
)
def test_what_is_not_an_operation_is_confirmed_and_forgotten(store: Store, nonsense: object) -> None:
    here = someone(store)
    receipt = save(here, [nonsense, answer(2)])
    assert "a2" in receipt.confirmed
    assert len(receipt.confirmed) == 2
    assert [review.client_id for review in store.reviews(here.learner)] == ["a2"]


def test_an_answer_belongs_to_the_section_that_its_card_stands_in(store: Store) -> None:
    here = replace(someone(store), deck={"card-0": card(0, section="walks")})
    save(here, [answer(1), answer(2, card="gone")])
    assert [review.section for review in store.reviews(here.learner)] == ["walks", ""]


def test_a_batch_that_is_no_list_saves_nothing(store: Store) -> None:
    assert save(someone(store), {"id": "a1"}) == Receipt()


KINDS = ["suspend", "mark", "bury", "keep", "note"]
MOVES = st.lists(
    st.one_of(st.integers(1, 4), st.just("undo"), st.sampled_from(KINDS)), min_size=1, max_size=8
)
DELIVERIES = st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=4)


@given(MOVES, DELIVERIES)
def test_sending_again_whatever_was_not_confirmed_leaves_what_sending_once_would(
    store: Store, moves: list[int | str], deliveries: list[tuple[int, bool]]
) -> None:
    """The browser's protocol: the list grows at its end, and any confirmation may be lost."""
    operations = _as_sent(moves)
    once, often = someone(store), someone(store)
    save(once, operations)
    confirmed = 0
    for made, is_heard in [*deliveries, (len(operations), True)]:
        receipt = save(often, operations[confirmed:made])
        confirmed += len(receipt.confirmed) if is_heard else 0

    assert store.memories(often.learner) == store.memories(once.learner)
    assert store.decisions(often.learner) == store.decisions(once.learner)
    assert store.notes(often.learner) == store.notes(once.learner)
    assert _log(store, often.learner) == _log(store, once.learner)
    assert store.replay(often.learner) == store.memories(often.learner)


def _as_sent(moves: list[int | str]) -> list[dict[str, Any]]:
    """Answers to two cards in turn, decisions about them, and undos of the newest answer left."""
    operations, steps = [], []
    for number, move in enumerate(moves):
        if isinstance(move, int):
            operations.append(answer(number, card=f"card-{number % 2}", rating=move))
            steps.append(number)
        elif move in KINDS:
            says = {"on": number % 2 == 0, "text": f"note {number}"}
            operations.append(decision(number, str(move), cards=[f"card-{number % 2}"], **says))
        elif steps:
            operations.append(undo(number, of=steps.pop()))
    return operations


def _log(store: Store, learner: int) -> list[tuple[str, str, Rating]]:
    return [(review.client_id, review.card_id, review.rating) for review in store.reviews(learner)]


def test_an_undo_takes_back_the_answer_that_it_names_not_one_given_since_in_another_tab(store: Store) -> None:
    here = someone(store)
    save(here, [answer(1, card="card-1")])
    save(here, [answer(2, card="card-2")])
    save(here, [undo(3, of=1)])
    assert [review.client_id for review in store.reviews(here.learner)] == ["a2"]


def test_an_answer_that_others_to_the_same_card_build_on_stays(store: Store) -> None:
    here = someone(store)
    receipt = save(here, [answer(1), answer(2, rating=1), undo(3, of=1)])
    assert receipt == Receipt(("a1", "a2", "u3"))
    assert [review.client_id for review in store.reviews(here.learner)] == ["a1", "a2"]


def test_answering_a_card_that_was_taken_out_of_review_brings_it_back_as_it_was_remembered(
    store: Store,
) -> None:
    here = someone(store)
    save(here, [answer(1)])
    store.withdraw(here.learner, ["card-0"], NOW)
    save(here, [answer(2)])
    assert here.memories()["card-0"].reps == 2


def test_an_answer_that_is_sent_again_does_not_bring_back_a_card_taken_out_since(store: Store) -> None:
    here = someone(store)
    save(here, [answer(1)])
    store.withdraw(here.learner, ["card-0"], NOW)
    assert save(here, [answer(1)]) == Receipt(("a1",))
    assert here.memories() == {}


class FillsUp:
    """A store whose disk is full after so many answers."""

    def __init__(self, room: int) -> None:
        self.room = room

    def answer(self, *_: object, **__: object) -> None:
        """Take one answer, or refuse it."""
        if not self.room:
            raise FULL
        self.room -= 1


@pytest.mark.parametrize("room", [0, 1, 3])
def test_what_the_store_refuses_is_not_confirmed_and_the_reader_is_told_why(store: Store, room: int) -> None:
    here = replace(someone(store), store=FillsUp(room))  # type: ignore[arg-type] - it stands in for a full disk
    receipt = save(here, [answer(number) for number in range(3)])
    assert receipt.confirmed == ("a0", "a1", "a2")[:room]
    assert receipt.problem == ("Not saved yet. The disk is full." if room < 3 else "")


def test_an_answer_is_dated_by_the_retention_of_its_card_s_track(store: Store) -> None:
    strict = Tuning(by_track={"beliefs": 0.97})
    plain, tuned = (replace(one, deck=DECK) for one in (someone(store), someone(store, tuning=strict)))
    for here in (plain, tuned):
        save(here, [answer(1, rating=4, card="card-1"), answer(2, rating=4, card="gone-from-the-book")])
    dates = [here.memories() for here in (plain, tuned)]
    assert dates[1]["card-1"].due < dates[0]["card-1"].due
    assert dates[1]["gone-from-the-book"].due == dates[0]["gone-from-the-book"].due
    assert tuned.store.replay(tuned.learner) == dates[1]
