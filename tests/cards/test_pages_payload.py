"""What the browser is given is what the desk and the scheduler say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from cards.about import About
from cards.desk import in_words
from cards.memory import Rating
from cards.pages import cost, payload, rounds
from cards.pages.asked import asked
from cards.pages.operations import Receipt, save
from cards.pages.session import Present
from cards.preferences import Preferences
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
    here = replace(someone(store), preferences=Preferences(new_a_day=28))
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
            shown = asked(DECK["card-0"], About(memory), here)
            promised = {choice["rating"]: choice["when"] for choice in shown["choices"]}
            give(here, "card-0", choice, number=99)
            came_true = in_words(here.memories()["card-0"], now=here.now, rules=here.rules)
            assert promised[choice] == came_true


def test_two_of_the_four_grades_have_a_name_where_there_are_two(store: Store) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0"], NOW)
    memory = here.memories()["card-0"]
    choices = asked(DECK["card-0"], About(memory), here)["choices"]
    of_two = {choice["rating"]: choice["of_two"] for choice in choices if choice["of_two"]}
    assert of_two == {1: "Forgot", 3: "Knew it"}
    assert (
        payload.desk(DECK, replace(here, preferences=Preferences(two_grades=True)), NOTHING)["two_grades"]
        is True
    )


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
    hasty = replace(here, preferences=Preferences(learn_ahead_minutes=3))
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
    save(here, [{"id": "a", "kind": "answer", "card": "card-0", "rating": 4, "age": 0, "elapsed": 0}])
    between = payload.place(DECK["card-0"], here, NOTHING)
    due = in_words(here.memories()["card-0"], now=NOW, rules=here.rules)
    assert (between["standing"], between["card"]["choices"]) == (f"in review · next in {due}", [])
    again = payload.place(DECK["card-0"], later(here, 30 * DAY), NOTHING)
    assert (again["standing"], len(again["card"]["choices"])) == ("in review · due now", 4)


def test_what_was_saved_and_what_was_not_comes_with_the_cards(store: Store) -> None:
    given = payload.desk(DECK, someone(store), Receipt(("a1", "u2"), "Not saved yet. The disk is full."))
    assert (given["confirmed"], given["problem"]) == (["a1", "u2"], "Not saved yet. The disk is full.")


def decide(here: Present, kind: str, *cards: str, number: int = 0, **says: object) -> None:
    operation = {"id": f"{kind}-{number}", "kind": kind, "cards": list(cards), "age": 0, **says}
    assert save(here, [operation]).confirmed


def test_a_card_that_is_put_away_is_not_asked_until_it_is_brought_back(store: Store) -> None:
    for kind, off, on in (("suspend", True, False), ("bury", True, False), ("keep", False, True)):
        here = someone(store)
        store.enrol(here.learner, ["card-0", "card-1"], NOW)
        decide(here, kind, "card-0", on=off)
        given = payload.desk(DECK, here, NOTHING)
        assert [shown["id"] for shown in given["cards"]] == ["card-1"], kind
        decide(here, kind, "card-0", on=on, number=1)
        given = payload.desk(DECK, here, NOTHING)
        assert [shown["id"] for shown in given["cards"]] == ["card-0", "card-1"], kind


def test_a_buried_card_comes_back_with_the_next_day(store: Store) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0"], NOW)
    decide(here, "bury", "card-0", on=True)
    assert payload.desk(DECK, here, NOTHING)["cards"] == []
    assert len(payload.desk(DECK, later(here, DAY), NOTHING)["cards"]) == 1


def test_a_card_carries_its_mark_its_note_and_what_dropping_its_section_would_take_out(store: Store) -> None:
    here = someone(store)
    other = card(7, section="elsewhere", section_title="Elsewhere")
    deck = {**DECK, "card-7": other}
    store.enrol(here.learner, ["card-0", "card-1", "card-7"], NOW)
    decide(here, "mark", "card-0", on=True)
    decide(here, "note", "card-0", text="see the proof")
    given = payload.desk(deck, here, NOTHING)
    first, second, _ = given["cards"]
    assert (first["marked"], first["note"]) == (True, "see the proof")
    assert (second["marked"], second["note"]) == (False, "")
    assert given["sections"] == {
        "walks": {"title": "How do beliefs walk?", "cards": ["card-0", "card-1"]},
        "elsewhere": {"title": "Elsewhere", "cards": ["card-7"]},
    }


def test_only_the_answer_that_makes_a_card_a_leech_says_so(store: Store) -> None:
    here = someone(store)
    give(here, "card-0", Rating.EASY)
    memory = here.memories()["card-0"]
    for lapses, makes in ((6, False), (7, True), (8, False), (11, True)):
        shown = asked(DECK["card-0"], About(replace(memory, lapses=lapses)), here)
        assert [choice["leech"] for choice in shown["choices"]] == [makes, False, False, False], lapses


def test_a_suspended_card_in_its_place_takes_no_grade_and_says_why(store: Store) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0"], NOW)
    decide(here, "suspend", "card-0", on=True)
    decide(here, "note", "card-0", text="mine")
    given = payload.place(DECK["card-0"], here, NOTHING)
    assert (given["standing"], given["card"]["choices"]) == ("suspended · your note", [])


def test_a_card_that_was_taken_out_shows_nothing_of_what_was_decided_about_it(store: Store) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0"], NOW)
    decide(here, "suspend", "card-0", on=True)
    decide(here, "keep", "card-0", on=False)
    given = payload.place(DECK["card-0"], here, NOTHING)
    assert (given["standing"], given["card"]["kept"], len(given["card"]["choices"])) == ("new", False, 4)


def test_the_offer_at_a_sections_end_says_what_the_chosen_cards_cost(store: Store) -> None:
    here = someone(store)
    cards = [DECK["card-0"], DECK["card-1"], DECK["card-2"]]
    store.enrol(here.learner, ["card-0"], NOW)
    given = payload.offer(cards, None, here, NOTHING)
    assert [shown["kept"] for shown in given["cards"]] == [True, False, False]
    assert given["cost"].startswith(payload.keeping_cost(["card-1", "card-2"], here))
    assert "These 2 cards will take about" in given["cost"]
    one = payload.offer(cards, ["card-2", "card-0", 7], here, NOTHING)["cost"]
    assert one.endswith(cost.sentence(["card-2"], here))
    assert "This card will take about" in one
    assert payload.offer(cards, [], here, NOTHING)["cost"] == ""
    assert given["round"] == "/review?cram=section:walks"


def test_the_offer_promises_no_review_to_who_takes_on_no_new_cards(store: Store) -> None:
    here = replace(someone(store), preferences=Preferences(new_a_day=0))
    said = payload.offer([DECK["card-0"], DECK["card-1"]], None, here, NOTHING)["cost"]
    assert said == "Kept cards wait until you take on new ones again: your settings allow none a day."


def test_a_round_asks_all_of_a_section_kept_or_not_and_promises_no_date(store: Store) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0"], NOW)
    decide(here, "suspend", "card-0", on=True)
    given = payload.round_of_cards("section:walks", DECK, here, NOTHING)
    assert [shown["id"] for shown in given["cards"]] == list(DECK)
    assert [shown["kept"] for shown in given["cards"]] == [True] + [False] * (len(DECK) - 1)
    assert [choice["when"] for choice in given["cards"][0]["choices"]] == ["once more", "done"]
    assert given["round"] == {"name": "section:walks", "back": "/walks", "next": None}
    assert "Nothing is scheduled" in given["notice"]


def test_a_long_round_comes_in_parts_that_are_all_of_it_once(store: Store) -> None:
    deck = {f"card-{number}": card(number) for number in range(2 * rounds.MOST + 7)}
    here, name, asked, said = someone(store), "track:beliefs", [], []
    while name:
        given = payload.round_of_cards(name, deck, here, NOTHING)
        assert len(given["cards"]) == given["left"] <= rounds.MOST
        asked += [shown["id"] for shown in given["cards"]]
        said.append(given["notice"].partition(" (")[2].partition(")")[0])
        following = given["round"]["next"]
        name = following["name"] if following else ""
    assert asked == list(deck)
    assert said == ["cards 1 to 200 of 407", "cards 201 to 400 of 407", "cards 401 to 407 of 407"]


def test_the_next_part_passes_over_no_card_though_others_came_and_went(store: Store) -> None:
    """Marks are taken off while one goes through what is marked, and others are set."""
    deck = {f"card-{number}": card(number) for number in range(rounds.MOST + 20)}
    here, marked = someone(store), list(deck)[5:-5]
    store.enrol(here.learner, deck, NOW)
    store.mark(here.learner, marked, NOW)
    first = payload.round_of_cards("marked", deck, here, NOTHING)
    assert first["round"]["next"]["cards"] == len(marked) - rounds.MOST
    store.unmark(here.learner, marked[:3])
    store.mark(here.learner, ["card-0"], NOW)
    then = payload.round_of_cards(first["round"]["next"]["name"], deck, here, NOTHING)
    assert [shown["id"] for shown in then["cards"]] == marked[rounds.MOST :]
    store.unmark(here.learner, marked[rounds.MOST :])
    nothing = payload.round_of_cards(first["round"]["next"]["name"], deck, here, NOTHING)
    assert (nothing["left"], nothing["rest"]["title"]) == (0, "Nothing is left of this round.")
    anew = payload.round_of_cards("marked~gone", deck, here, NOTHING)
    assert anew["cards"][0]["id"] == "card-0"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nonsense", "chooses no cards"),
        ("section:", "chooses no cards"),
        ("section:nowhere", "No section called 'nowhere' has cards."),
        ("track:nowhere", "No track called 'nowhere' has cards."),
        ("marked", "You have marked no card."),
        ("leeches", "No card was forgotten so often"),
        ("forgotten", "You have forgotten nothing today."),
    ],
)
def test_a_round_of_nothing_says_why(store: Store, name: str, says: str) -> None:
    given = payload.round_of_cards(name, DECK, someone(store), NOTHING)
    assert given["cards"] == []
    assert given["rest"]["title"].find(says) >= 0
    assert given["notice"] == ""


def test_a_resting_desk_offers_what_was_marked_and_what_was_forgotten(store: Store) -> None:
    here = someone(store)
    for name, rating in (("card-0", Rating.EASY), ("card-1", Rating.AGAIN)):
        give(here, name, rating)
    decide(here, "mark", "card-0", on=True)
    decide(here, "suspend", "card-1", on=True)
    given = payload.desk(DECK, here, NOTHING)
    assert given["cards"] == []
    assert [(offer["name"], offer["cards"]) for offer in given["rounds"]] == [("forgotten", 1), ("marked", 1)]
    for name, wanted in (("forgotten", "card-1"), ("marked", "card-0")):
        shown = payload.round_of_cards(name, DECK, here, NOTHING)["cards"]
        assert [one["id"] for one in shown] == [wanted]
    assert payload.round_of_cards("forgotten", DECK, later(here, DAY), NOTHING)["cards"] == []
