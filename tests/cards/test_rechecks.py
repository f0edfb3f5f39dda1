"""Cards whose meaning has changed, and cards past their shelf life: who is asked what, and until when."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cards.card import Card
from cards.decision import NO_DECISION, Decision
from cards.memory import Memory, Rating, State
from cards.pages import payload, tending
from cards.pages.operations import Receipt, save
from cards.pages.session import Present
from cards.rechecks import is_stale, past_shelf_life, stale
from cards.store import Answer, Store
from tests.cards.pages_learner import DECK, NOW, card, open_store, someone

NOTHING = Receipt()
DAY = timedelta(days=1)
NUMBERS = itertools.count()


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


def give(here: Present, card_id: str, rating: Rating = Rating.EASY) -> Memory:
    answer = Answer(f"answer-{next(NUMBERS)}", card_id, rating, here.now)
    return here.store.answer(here.learner, answer, here.rules, here.settings)


def later(here: Present, by: timedelta) -> Present:
    return replace(here, now=here.now + by)


def asked(here: Present, deck: dict[str, Card] = DECK) -> list[str]:
    return [given["id"] for given in payload.desk(deck, here, NOTHING)["cards"]]


def publish(here: Present, *cards: Card) -> None:
    """Let the app read a book of these cards."""
    deck = {card.id: card for card in cards}
    here.store.stamp_texts(tending.hashes(deck), here.now, editions=tending.editions(deck))


# A change of meaning


def test_a_card_whose_edition_is_raised_is_asked_once_more_whatever_its_date(store: Store) -> None:
    here = someone(store)
    first, other = DECK["card-0"], DECK["card-1"]
    publish(here, first, other)
    for each in (first, other):
        assert give(here, each.id).state is State.REVIEW
    here = later(here, DAY)
    assert asked(here) == []
    publish(here, replace(first, text_hash="new", edition=2), other)
    here = later(here, DAY)
    (given,) = payload.desk(DECK, here, NOTHING)["cards"]
    assert given["id"] == "card-0"
    assert given["changed"].startswith("What this card means changed on 24 November 2026")
    assert payload.desk(DECK, here, NOTHING)["left"] == 1
    assert len(payload.place(first, here, NOTHING)["card"]["choices"]) == 4
    give(here, "card-0", Rating.GOOD)
    assert asked(here) == []
    here.store.undo(here.learner, "undo", here.now)
    assert asked(here) == ["card-0"]


@pytest.mark.parametrize(
    "change",
    [
        {"text_hash": "a typo mended"},
        {"text_hash": "another text", "edition": 3},
        {"edition": 3},
        {"edition": 1},
        {"text_hash": "another text", "edition": 2},
    ],
)
def test_a_typo_and_an_edition_that_is_kept_or_lowered_keep_the_schedule(
    store: Store, change: dict[str, object]
) -> None:
    here = someone(store)
    of_third_edition = replace(DECK["card-0"], edition=3)
    publish(here, of_third_edition)
    memory = give(here, "card-0")
    publish(later(here, DAY), replace(of_third_edition, **change))
    assert asked(later(here, 2 * DAY)) == []
    assert here.store.meaning_changes() == {}
    assert here.store.memories(here.learner)["card-0"] == memory


def test_an_edition_that_was_lowered_and_is_raised_to_what_it_was_says_nothing_new(store: Store) -> None:
    here = someone(store)
    for edition in (1, 2, 1, 2):
        here = later(here, DAY)
        publish(here, replace(DECK["card-0"], edition=edition, text_hash=f"{edition}"))
    assert here.store.meaning_changes() == {"card-0": here.now - 2 * DAY}


def test_a_change_of_meaning_dates_the_text_only_if_the_text_changed(store: Store) -> None:
    assert store.stamp_texts({"a": "x"}, NOW) == {"a": NOW}
    assert store.stamp_texts({"a": "x"}, NOW + DAY, editions={"a": 2}) == {"a": NOW}
    assert store.stamp_texts({"a": "y"}, NOW + 2 * DAY, editions={"a": 2}) == {"a": NOW + 2 * DAY}
    assert store.meaning_changes() == {"a": NOW + DAY}
    assert store.stamp_texts({"a": "y"}, NOW + 3 * DAY) == {"a": NOW + 2 * DAY}  # whoever knows no editions
    assert store.meaning_changes() == {"a": NOW + DAY}


def test_a_new_card_and_one_that_is_suspended_or_withdrawn_are_not_looked_at_once_more(store: Store) -> None:
    here = someone(store)
    cards = [DECK[f"card-{number}"] for number in range(4)]
    publish(here, *cards)
    store.enrol(here.learner, ["card-0"], NOW)
    for each in cards[1:]:
        give(here, each.id)
    publish(later(here, DAY), *(replace(each, edition=2) for each in cards))
    store.suspend(here.learner, ["card-1"], NOW)
    store.withdraw(here.learner, ["card-2"], NOW)
    here = later(here, 2 * DAY)
    assert asked(here) == ["card-3", "card-0"]
    assert [given["changed"] != "" for given in payload.desk(DECK, here, NOTHING)["cards"]] == [True, False]
    assert store.rechecks(here.learner) == ["card-3"]


def test_caps_do_not_hold_back_what_has_changed(store: Store) -> None:
    here = someone(store)
    publish(here, *DECK.values())
    for card_id in ("card-0", "card-1", "card-2"):
        give(here, card_id)
    publish(later(here, DAY), *(replace(each, edition=2) for each in DECK.values()))
    here = later(here, 2 * DAY)
    tight = replace(here, preferences=replace(here.preferences, reviews_a_day=0))
    assert asked(tight) == ["card-0", "card-1", "card-2"]


def test_the_app_dates_the_texts_when_the_book_has_changed_and_not_again(store: Store) -> None:
    deck = {"card-0": DECK["card-0"]}
    thread = tending.tend(store, deck, NOW)
    assert thread is not None
    thread.join()
    assert tending.tend(store, deck, NOW + timedelta(hours=2)) is None
    assert store.stamp_texts({"card-0": "0"}, NOW + DAY) == {"card-0": NOW}
    edited = {"card-0": replace(DECK["card-0"], edition=2)}
    again = tending.tend(store, edited, NOW + timedelta(hours=3))
    assert again is not None
    again.join()
    assert store.meaning_changes() == {"card-0": NOW + timedelta(hours=3)}
    before = len(store.copies())
    tomorrow = tending.tend(store, edited, NOW + DAY)
    assert tomorrow is not None
    tomorrow.join()
    assert len(store.copies()) == before + 1


def test_a_page_that_is_opened_after_a_save_knows_what_has_changed_and_waits_for_no_backup(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tending.tend(store, {"card-1": DECK["card-1"]}, NOW)
    backed_up = threading.Event()
    monkeypatch.setattr(Store, "back_up_daily", lambda *_: backed_up.wait())
    thread = tending.tend(store, {"card-1": replace(DECK["card-1"], edition=2)}, NOW + DAY)
    assert thread is not None
    assert store.meaning_changes()["card-1"] == NOW + DAY
    assert thread.is_alive()
    backed_up.set()
    thread.join()


# Shelf life


def aged(number: int, as_of: str = "2024-10", shelf_life: int = 24) -> Card:
    return replace(card(number), as_of=as_of, shelf_life=shelf_life, sources=("Kwa 2024", "Chan 2024"))


@pytest.mark.parametrize(
    ("as_of", "shelf_life", "is_old"),
    [
        ("2024-11", 24, False),  # through November 2026
        ("2024-10", 24, True),
        ("2026-10", 1, False),
        ("2026-09", 1, True),
        ("2025-12", 11, False),
        ("2025-11", 11, True),
        ("1926-11", 1200, False),
        ("2027-05", 1, False),
        ("", 1, False),
    ],
)
def test_a_card_keeps_for_whole_months(as_of: str, shelf_life: int, is_old: bool) -> None:
    assert is_stale(aged(0, as_of, shelf_life), NO_DECISION, NOW) is is_old


def test_the_month_is_that_of_utc() -> None:
    last = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    assert not is_stale(aged(0, "2024-11"), NO_DECISION, last)
    assert is_stale(aged(0, "2024-11"), NO_DECISION, last + timedelta(minutes=1))


def test_what_the_learner_has_found_to_hold_keeps_for_another_shelf_life() -> None:
    verified = Decision(verified_at=NOW)
    assert not is_stale(aged(0), verified, datetime(2028, 11, 30, tzinfo=UTC))
    assert is_stale(aged(0), verified, datetime(2028, 12, 1, tzinfo=UTC))
    assert not is_stale(aged(0, "2027-06"), verified, datetime(2029, 6, 30, tzinfo=UTC))


def test_only_kept_cards_are_to_be_looked_at_and_none_that_is_suspended() -> None:
    deck = {f"card-{number}": aged(number) for number in range(4)} | {"card-4": card(4)}
    decisions = {"card-1": Decision(suspended_at=NOW), "card-2": Decision(verified_at=NOW)}
    found = stale(deck, ["gone", *reversed(deck)], decisions, NOW)
    assert [each.id for each in found] == ["card-0", "card-3"]
    assert set(past_shelf_life(deck, NOW)) == {"card-0", "card-1", "card-2", "card-3"}


def test_an_old_card_is_not_asked_but_shown_with_both_sides_its_month_and_its_sources(store: Store) -> None:
    here = someone(store)
    deck = {"card-0": aged(0), "card-1": card(1)}
    store.enrol(here.learner, deck, NOW)
    given = payload.desk(deck, here, NOTHING)
    assert [shown["id"] for shown in given["cards"]] == ["card-1"]
    (old,) = given["verify"]
    assert (old["front"], old["back"]) == ("<p>Question 0</p>", "<p>Answer 0</p>")
    assert old["checked"] == "Last checked in October 2024. It keeps for 24 months."
    assert old["sources"] == "Kwa 2024; Chan 2024"
    in_place = payload.place(deck["card-0"], here, NOTHING)
    assert in_place["card"]["choices"] == []
    assert "October 2024" in in_place["standing"]


def say(here: Present, card_id: str, verdict: str, note: object = "", number: int = 1) -> Receipt:
    return save(
        here,
        [{"id": f"v{number}", "kind": "verify", "card": card_id, "verdict": verdict, "note": note, "age": 0}],
    )


def test_still_true_is_good_for_another_shelf_life_and_leaves_the_memory_alone(store: Store) -> None:
    here = someone(store)
    deck = {"card-0": aged(0)}
    memory = give(here, "card-0")
    here = later(here, 30 * DAY)
    assert asked(here, deck) == []
    assert say(here, "card-0", "holds").confirmed == ("v1",)
    assert asked(here, deck) == ["card-0"]
    assert payload.desk(deck, here, NOTHING)["verify"] == []
    assert store.memories(here.learner)["card-0"] == memory
    assert [review.card_id for review in store.reviews(here.learner)] == ["card-0"]
    old = later(here, 800 * DAY)
    (again,) = payload.desk(deck, old, NOTHING)["verify"]
    assert "and by you on 23 December 2026" in again["checked"]
    say(here, "card-0", "open")
    assert len(payload.desk(deck, here, NOTHING)["verify"]) == 1


def test_not_any_more_stops_the_card_with_a_note_and_can_be_taken_back(store: Store) -> None:
    here = someone(store)
    deck = {"card-0": aged(0)}
    memory = give(here, "card-0")
    store.write_note(here.learner, "card-0", "my own", NOW)
    for _ in range(2):  # as a browser does that has heard nothing
        say(here, "card-0", "fails", " A newer one holds the record. ")
    assert store.notes(here.learner) == {"card-0": "my own\nA newer one holds the record."}
    given = payload.desk(deck, later(here, 30 * DAY), NOTHING)
    assert (given["cards"], given["verify"]) == ([], [])
    say(here, "card-0", "open")
    assert len(payload.desk(deck, here, NOTHING)["verify"]) == 1
    assert store.memories(here.learner)["card-0"] == memory


@pytest.mark.parametrize(
    "raw",
    [
        {"id": "v", "kind": "verify", "card": "card-0", "verdict": "perhaps"},
        {"id": "v", "kind": "verify", "card": "", "verdict": "holds"},
        {"id": "v", "kind": "verify", "verdict": "fails"},
        {"id": "v", "kind": "verify", "card": 7, "verdict": 7, "note": 7},
    ],
)
def test_what_is_no_verdict_changes_nothing_and_is_confirmed(store: Store, raw: dict[str, object]) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0"], NOW)
    assert save(here, [raw]) == Receipt(("v",))
    assert store.decisions(here.learner) == {}


def test_a_note_of_any_length_and_type_is_taken_as_far_as_it_goes(store: Store) -> None:
    here = someone(store)
    store.enrol(here.learner, ["card-0", "card-1"], NOW)
    say(here, "card-0", "fails", "x" * 5_000)
    say(here, "card-1", "fails", ["no text"])
    assert {card_id: len(note) for card_id, note in store.notes(here.learner).items()} == {"card-0": 2_000}
