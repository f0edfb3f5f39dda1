"""What the browser is given is what the desk and the scheduler say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from cards.desk import in_words
from cards.memory import Rating
from cards.pages import payload
from cards.pages.operations import Receipt, save
from cards.pages.session import Present
from cards.store import Answer, Store
from tests.cards.pages_learner import DECK, NOW, card, open_store, someone

NOTHING = Receipt()
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


def give(here: Present, card_id: str, rating: Rating, number: int = 0) -> None:
    answer = Answer(f"{card_id}-{number}", card_id, rating, here.now)
    here.store.answer(here.learner, answer, here.rules, here.settings_for(None))


def later(here: Present, by: timedelta) -> Present:
    return replace(here, now=here.now + by)


def test_a_learner_who_keeps_nothing_is_told_how_to_begin(store: Store) -> None:
    given = payload.desk(DECK, someone(store), NOTHING)
    assert given["cards"] == []
    assert given["rest"]["title"] == "You keep no cards yet."
    assert "section" in given["rest"]["sentence"]


def test_the_next_cards_are_given_in_the_order_of_the_queue_with_how_many_are_left(store: Store) -> None:
    here = replace(someone(store), limits=replace(someone(store).limits, new_a_day=28))
    store.enrol(here.learner, DECK, NOW)
    given = payload.desk(DECK, here, NOTHING)
    assert [shown["id"] for shown in given["cards"]] == [f"card-{number}" for number in range(payload.AHEAD)]
    assert given["left"] == 28


def test_each_button_names_the_day_on_which_the_card_then_comes_back(store: Store) -> None:
    for earlier in ([], [Rating.EASY], [Rating.GOOD, Rating.GOOD], [Rating.EASY, Rating.AGAIN]):
        for choice in Rating:
            here = someone(store)
            for number, rating in enumerate(earlier):
                give(here, "card-0", rating, number)
                here = later(here, 9 * DAY)
            memory = here.memories().get("card-0")
            if memory is None:
                store.enrol(here.learner, ["card-0"], here.now)
                memory = here.memories()["card-0"]
            shown = payload.asked(DECK["card-0"], memory, here)
            promised = {choice["rating"]: choice["when"] for choice in shown["choices"]}
            give(here, "card-0", choice, number=99)
            came_true = in_words(here.memories()["card-0"], now=here.now, rules=here.rules)
            assert promised[choice] == came_true


def test_two_of_the_four_grades_have_a_name_where_there_are_two(store: Store) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0"], NOW)
    memory = here.memories()["card-0"]
    choices = payload.asked(DECK["card-0"], memory, here)["choices"]
    of_two = {choice["rating"]: choice["of_two"] for choice in choices if choice["of_two"]}
    assert of_two == {1: "Forgot", 3: "Knew it"}
    assert payload.desk(DECK, replace(here, two_grades=True), NOTHING)["two_grades"] is True


def test_a_card_says_where_it_stands_and_whether_its_answer_is_its_question_filled_in(store: Store) -> None:
    here = someone(store)
    cloze = card(1, kind="cloze")
    store.enrol(here.learner, ["card-0", "card-1"], NOW)
    given = payload.desk({"card-0": DECK["card-0"], "card-1": cloze}, here, NOTHING)["cards"]
    assert [shown["href"] for shown in given] == ["./walks#card-card-0", "./walks#card-card-1"]
    assert [shown["filled"] for shown in given] == [False, True]


def test_a_card_that_has_left_the_book_is_not_asked(store: Store) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0", "card-1"], NOW)
    given = payload.desk({"card-1": DECK["card-1"]}, here, NOTHING)
    assert [shown["id"] for shown in given["cards"]] == ["card-1"]


def test_the_desk_wakes_when_the_next_step_may_be_asked_and_not_for_what_comes_tomorrow(store: Store) -> None:
    here = someone(store)
    give(here, "card-0", Rating.EASY)
    assert payload.desk(DECK, here, NOTHING)["wake"] is None
    hasty = replace(here, limits=replace(here.limits, learn_ahead=timedelta(minutes=3)))
    give(hasty, "card-1", Rating.GOOD)  # comes back in 10 minutes, and may be asked 3 minutes early
    given = payload.desk(DECK, hasty, NOTHING)
    assert given["cards"] == []
    assert given["wake"] == 7 * 60 * 1000
    assert [
        shown["id"] for shown in payload.desk(DECK, later(hasty, timedelta(minutes=7)), NOTHING)["cards"]
    ] == ["card-1"]


def test_a_card_in_its_place_can_be_graded_while_it_is_new_or_due_and_not_between(store: Store) -> None:
    here = someone(store)
    first = payload.place(DECK["card-0"], here, NOTHING)
    assert (first["standing"], len(first["card"]["choices"])) == ("new", 4)
    save(here, [{"id": "a", "kind": "answer", "card": "card-0", "rating": 4, "age": 0, "elapsed": 0}], DECK)
    between = payload.place(DECK["card-0"], here, NOTHING)
    due = in_words(here.memories()["card-0"], now=NOW, rules=here.rules)
    assert (between["standing"], between["card"]["choices"]) == (f"in review · next in {due}", [])
    again = payload.place(DECK["card-0"], later(here, 30 * DAY), NOTHING)
    assert (again["standing"], len(again["card"]["choices"])) == ("in review · due now", 4)


def test_what_was_saved_and_what_was_not_comes_with_the_cards(store: Store) -> None:
    given = payload.desk(DECK, someone(store), Receipt(("a1", "u2"), "Not saved yet. The disk is full."))
    assert (given["confirmed"], given["problem"]) == (["a1", "u2"], "Not saved yet. The disk is full.")
