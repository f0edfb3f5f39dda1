"""A guess is judged where the truth is computed, and kept with its answer for as long as that counts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.instance import Quiz
from cards.kind import get
from cards.memory import Rating
from cards.pages import payload
from cards.pages.operations import Receipt, read, save
from cards.pages.session import Present
from cards.store import Prediction, Store, StoreProblem
from sim.score import interval_score, log_ratio
from tests.cards.pages_learner import NOW, card, open_store, someone
from tests.cards.predicting import HALF_WAY, WALK

DECK = {one.id: one for one in (WALK, HALF_WAY, card(0))}
NOTHING = Receipt()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.fixture
def here(store: Store) -> Present:
    new = replace(someone(store), deck=DECK)
    store.enrol(new.learner, DECK, NOW)
    return new


def quiz(here: Present, repetition: int, card_id: str = WALK.id) -> Quiz:
    asked = get("predict").instance(DECK[card_id], here.learner, repetition).quiz
    assert asked is not None
    return asked


def guess(
    number: int, said: object, repetition: int = 0, *, card: str = WALK.id, **more: object
) -> dict[str, Any]:
    sent = {"id": f"a{number}", "kind": "answer", "card": card, "guess": said, "repetition": repetition}
    return {**sent, "elapsed": 1500, "age": 0, **more}


def undo(number: int, of: int) -> dict[str, Any]:
    return {"id": f"u{number}", "kind": "undo", "answer": f"a{of}", "card": WALK.id, "age": 0}


def ratings(here: Present) -> list[Rating]:
    return [review.rating for review in here.store.reviews(here.learner)]


def kept(here: Present) -> list[Prediction]:
    return here.store.predictions(here.learner)


def test_a_guess_is_graded_by_its_distance_and_kept_with_its_score(here: Present) -> None:
    asked = quiz(here, 0)
    said = 1.05 * asked.truth
    assert save(here, [guess(1, said)]) == Receipt(("a1",))
    assert ratings(here) == [Rating.GOOD]
    (made,) = kept(here)
    assert made == Prediction(
        "a1",
        "belief_walk",
        "expected_updates",
        asked.settings,
        said,
        asked.truth,
        NOW,
        score=log_ratio(said, asked.truth),
        card_id=WALK.id,
    )


def test_an_interval_is_kept_with_its_confidence(here: Present) -> None:
    truth = quiz(here, 0, HALF_WAY.id).truth
    save(here, [guess(1, {"low": truth - 0.01, "high": truth + 0.02}, card=HALF_WAY.id)])
    (made,) = kept(here)
    low, high = truth - 0.01, truth + 0.02
    assert (made.kind, made.low, made.high, made.confidence) == ("interval", low, high, 0.8)
    assert made.score == interval_score(low, high, truth, 0.8)
    assert ratings(here) == [Rating.EASY]


def test_to_pass_is_forgotten_and_kept_as_no_guess(here: Present) -> None:
    save(here, [guess(1, None)])
    assert ratings(here) == [Rating.AGAIN]
    assert [made.skipped for made in kept(here)] == [True]


def test_two_buttons_grade_by_the_tolerance_alone(here: Present) -> None:
    truth = quiz(here, 0).truth
    save(here, [guess(1, truth, two=True), guess(2, 1.15 * quiz(here, 1).truth, 1, two=True)])
    assert ratings(here) == [Rating.GOOD, Rating.AGAIN]


def test_a_rating_from_the_browser_is_not_read(here: Present) -> None:
    plain = {"id": "r", "kind": "answer", "card": WALK.id, "rating": 4, "elapsed": 1, "age": 0}
    assert save(here, [plain, guess(1, 0.0, rating=4)]) == Receipt(("r", "a1"))
    assert ratings(here) == [Rating.AGAIN]


def test_what_is_sent_twice_is_kept_once(here: Present) -> None:
    batch = [guess(1, 100.0), guess(1, 100.0)]
    save(here, batch)
    save(here, batch)
    assert len(ratings(here)) == len(kept(here)) == 1


def test_each_repetition_asks_another_question_and_is_a_prediction_of_its_own(here: Present) -> None:
    save(here, [guess(number, 100.0, number) for number in range(4)])
    made = kept(here)
    assert [one.truth for one in made] == [quiz(here, number).truth for number in range(4)]
    assert len({tuple(one.settings.items()) for one in made}) == 4


def test_a_guess_that_is_taken_back_does_not_count_and_counts_when_it_is_given_again(here: Present) -> None:
    save(here, [guess(1, 100.0), undo(1, of=1)])
    assert (ratings(here), kept(here)) == ([], [])
    save(here, [guess(2, 100.0)])
    assert [made.client_id for made in kept(here)] == ["a2"]
    save(here, [guess(1, 100.0), undo(1, of=1)])  # sent again, long after
    assert [made.client_id for made in kept(here)] == ["a2"]


def test_a_second_answer_to_one_question_counts_and_is_no_second_prediction(here: Present) -> None:
    truth = quiz(here, 0).truth
    save(here, [guess(1, truth), guess(2, truth)])
    assert ratings(here) == [Rating.EASY, Rating.EASY]
    assert [made.client_id for made in kept(here)] == ["a1"]


def test_a_question_that_was_never_asked_cannot_be_answered(here: Present) -> None:
    assert save(here, [guess(1, quiz(here, 5).truth, 5)]) == Receipt(("a1",))
    assert (ratings(here), kept(here)) == ([], [])
    new = replace(someone(here.store), deck=DECK)
    save(new, [guess(1, 100.0, 1)])
    assert new.memories() == {}


@pytest.mark.parametrize(
    "said",
    [
        math.nan,
        math.inf,
        1e16,
        10**400,
        "2500",
        True,
        [1],
        {},
        {"low": 1},
        {"low": 2, "high": 1},
        {"low": 1, "high": "2"},
    ],
)
def test_what_is_no_guess_is_dropped(here: Present, said: object) -> None:
    assert save(here, [guess(1, said), guess(2, said, card=HALF_WAY.id)]) == Receipt(("a1", "a2"))
    assert ratings(here) == []


def test_a_guess_of_the_other_sort_is_dropped(here: Present) -> None:
    save(here, [guess(1, {"low": 1, "high": 2}), guess(2, 0.3, card=HALF_WAY.id), guess(3, 1, card="card-0")])
    save(here, [guess(4, 1, card="gone")])
    assert ratings(here) == []


@pytest.mark.parametrize("repetition", [-1, 1.0, True, None, "0", 10**9])
def test_no_other_repetition_is_read(here: Present, repetition: object) -> None:
    sent = {**guess(1, 100.0), "repetition": repetition}
    assert read(sent, now=NOW, rules=here.rules) is None


def test_an_answer_and_its_prediction_are_kept_together_or_not_at_all(
    here: Present, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("cards.store.predictions.record", fail)
    with pytest.raises((OSError, StoreProblem)):
        save(here, [guess(1, 100.0)])
    assert ratings(here) == []


def test_the_browser_is_given_the_question_of_this_repetition_with_its_answer(here: Present) -> None:
    for repetition in range(3):
        cards = payload.desk(DECK, later(here, repetition), NOTHING)["cards"]
        given = next(one for one in cards if one["id"] == WALK.id)
        instance = get("predict").instance(WALK, here.learner, repetition)
        asked = quiz(here, repetition)
        assert (given["front"], given["back"]) == (instance.front, asked.explanation)
        told = given["quiz"]
        assert (told["repetition"], told["truth"], told["tolerance"]) == (
            repetition,
            asked.truth,
            asked.tolerance,
        )
        assert told["run"] == asked.run
        save(later(here, repetition), [guess(repetition, 0.0, repetition)])


def later(here: Present, days: int) -> Present:
    return replace(here, now=NOW + timedelta(days=days))


def test_what_is_beside_the_schedule_gives_away_no_question_of_it(here: Present) -> None:
    deck = {WALK.id: WALK}
    due = payload.place(WALK, here, NOTHING)["card"]["quiz"]
    in_round = payload.round_of_cards(f"section:{WALK.section}", deck, here, NOTHING)["cards"][0]["quiz"]
    assert due["repetition"] == 0
    assert in_round["repetition"] < 0
    save(here, [guess(1, due["truth"])])
    waiting = payload.place(WALK, here, NOTHING)["card"]
    assert waiting["choices"] == []
    assert waiting["quiz"]["repetition"] < 0
    assert waiting["quiz"]["truth"] != quiz(here, 1).truth


def test_other_cards_are_given_as_they_always_were(here: Present) -> None:
    plain = payload.place(DECK["card-0"], here, NOTHING)["card"]
    assert (plain["front"], plain["back"], plain["quiz"]) == ("<p>Question 0</p>", "<p>Answer 0</p>", None)


@settings(max_examples=25)
@given(
    said=st.one_of(st.none(), st.floats(allow_nan=True), st.text(), st.dictionaries(st.text(), st.floats()))
)
def test_nothing_that_a_browser_sends_as_a_guess_stops_the_batch(store: Store, said: object) -> None:
    here = replace(someone(store), deck=DECK)
    assert save(here, [guess(1, said)]) == Receipt(("a1",))
