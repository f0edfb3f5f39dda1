"""A claim is never remembered: nothing that a browser sends, and no page, makes a memory of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.card import Card
from cards.cram import Cram
from cards.doctor import Shelf, examine, repair
from cards.edit import Edit
from cards.memory import Rating
from cards.pages import cost, editing, payload, progress, stances
from cards.pages.found import rows, shown
from cards.pages.operations import Receipt, save
from cards.pages.session import Present
from cards.pages.visits import Visit
from cards.remembered import claims, is_remembered, remembered
from cards.store import Answer, Store
from cards.tuning import Tuning
from tests.cards.pages_learner import DECK, NOW, card, open_store, someone

CLAIM = replace(card(30, id="it-rains", kind="credence"), fields={"claim": "<p>It rains.</p>", "weigh": "W"})
BOOK: Mapping[str, Card] = {**DECK, CLAIM.id: CLAIM}
BOTH = [CLAIM.id, "card-0"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


def reader(store: Store) -> Present:
    return replace(someone(store), deck=BOOK)


def test_a_deck_is_parted_once_and_one_without_claims_is_itself() -> None:
    assert remembered(BOOK) == DECK
    assert remembered(BOOK) is remembered(BOOK)
    assert remembered(remembered(BOOK)) is remembered(BOOK)
    assert remembered(DECK) is DECK
    assert claims(BOOK.values()) == [CLAIM]
    assert [is_remembered(one) for one in (CLAIM, DECK["card-0"])] == [False, True]


OPERATIONS = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"kind": st.just("answer"), "card": st.sampled_from(BOTH), "rating": st.integers(1, 4)}
        ),
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(["keep", "suspend", "bury", "mark", "leech", "note"]),
                "cards": st.lists(st.sampled_from(BOTH), min_size=1),
                "on": st.booleans(),
                "lapses": st.integers(0, 9),
                "text": st.just("a note"),
            }
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("verify"),
                "card": st.sampled_from(BOTH),
                "verdict": st.sampled_from(["holds", "fails", "open"]),
            }
        ),
        st.fixed_dictionaries(
            {"kind": st.just("believe"), "card": st.sampled_from(BOTH), "said": st.just("40")}
        ),
    ),
    max_size=8,
)


@settings(max_examples=40)
@given(OPERATIONS)
def test_whatever_is_sent_no_claim_is_enrolled_asked_or_logged(
    store: Store, sent: list[dict[str, Any]]
) -> None:
    here = reader(store)
    save(here, [{"id": f"o{number}", "age": 0, **one} for number, one in enumerate(sent)])
    assert CLAIM.id not in here.memories()
    assert CLAIM.id not in here.store.replay(here.learner)
    assert CLAIM.id not in [review.card_id for review in here.store.reviews(here.learner)]
    assert CLAIM.id not in here.queue(BOOK).ids
    assert "card-0" not in here.store.credences(here.learner)


@settings(max_examples=20)
@given(st.lists(st.sampled_from(list(Edit)), max_size=4))
def test_no_edit_of_many_cards_keeps_one(store: Store, edits: list[Edit]) -> None:
    here = reader(store)
    visit = Visit(here, BOOK, {})
    for number, wanted in enumerate(edits):
        said = editing.edit(visit, here, f"edit-{number}", wanted, BOTH, here.now)
        assert said.endswith("1 is a claim, and not kept.")
    assert CLAIM.id not in here.memories()


def once_a_card(store: Store) -> Present:
    """A learner who kept a card, and answered it, before its author made a claim of it."""
    here = reader(store)
    store.answer(here.learner, Answer("a", CLAIM.id, Rating.AGAIN, NOW), here.rules, here.settings)
    store.answer(here.learner, Answer("b", "card-0", Rating.AGAIN, NOW), here.rules, here.settings)
    store.mark(here.learner, BOTH, NOW)
    return here


def test_a_card_that_has_become_a_claim_is_not_asked_any_more(store: Store) -> None:
    here = once_a_card(store)
    assert here.queue(BOOK).ids == ("card-0",)
    assert here.kept(BOOK) == 1
    for cram in (Cram.from_text(text) for text in ("marked", "forgotten", "section:walks", "track:beliefs")):
        assert CLAIM not in here.cram(BOOK, cram)
    assert [one["id"] for one in payload.desk(BOOK, here, Receipt())["cards"]] == ["card-0"]
    assert progress.view(here, {}, {}).ids == ["card-0"]
    assert cost.of_tuning(BOOK, here, Tuning()).startswith("The card that you keep")


def test_one_past_its_shelf_life_is_not_held_back_as_a_fact(store: Store) -> None:
    here = once_a_card(store)
    old = {name: replace(one, as_of="2001-01") for name, one in BOOK.items()}
    assert [one.id for one in here.stale(old)] == ["card-0"]


def test_the_doctor_says_so_and_takes_it_out_of_review(store: Store) -> None:
    here = once_a_card(store)
    shelf = Shelf(BOOK, frozenset({"walks"}), {}, is_whole=False)
    (finding,) = examine(store, shelf, learner=here.learner).findings
    assert finding.code == "kept-claim"
    assert repair(store, shelf, [here.learner], NOW) == 1
    assert list(here.memories()) == ["card-0"]
    assert examine(store, shelf, learner=here.learner).is_sound


def test_browsing_finds_it_and_calls_it_a_claim(store: Store) -> None:
    here = once_a_card(store)
    claim, kept = rows(BOTH, BOOK, here)
    assert claim is not None
    assert kept is not None
    assert (claim["standing"], claim["kind"], claim["lapses"], claim["flags"]) == ("claim", "Claim", "", [])
    assert kept["standing"] != "claim"
    assert [name for name, _ in shown(CLAIM, here, on_this_machine=False)["facts"]] == ["Kind"]


def test_the_offer_at_a_sections_end_leaves_it_out_and_the_desk_offers_it_only_once_answered(
    store: Store,
) -> None:
    here = reader(store)
    assert stances.at_desk(BOOK, here) == []
    assert stances.around([CLAIM], "before", here)["claims"][0]["id"] == CLAIM.id
