"""What the browser is given of claims, and what it is not given: nothing that would steer an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cards.card import Card
from cards.claims import Claim, Credence, Outcome, Resolution
from cards.pages import belief_words as words
from cards.pages import payload, stances
from cards.pages.operations import Receipt
from cards.pages.session import Present
from cards.settled import Settled
from cards.store import Store
from tests.cards.pages_learner import DECK, NOW, card, open_store, someone


def claim(number: int, settled: Settled | None = None, **options: str) -> Card:
    made = card(30 + number, id=f"claim-{number}", kind="credence", back=f"<p>Weigh {number}</p>")
    return replace(made, options=options, resolved=settled)


RAIN, SNOW = claim(0, by="2027-12-31"), claim(1, before="true")
BOOK = {**DECK, RAIN.id: RAIN, SNOW.id: SNOW}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.fixture
def here(store: Store) -> Present:
    return replace(someone(store), deck=BOOK)


def say(
    here: Present, of: str, said: float | None, days_ago: int = 0, occasion: str = "", *, repeat: bool = False
) -> str:
    name = f"{of} {said} {days_ago} {occasion} {repeat}"
    at = NOW - timedelta(days=days_ago)
    here.store.record_credence(here.learner, Credence(name, of, said, at, "why", repeat, occasion))
    return name


def settle(here: Present, of: str, outcome: Outcome) -> None:
    here.store.record_resolution(here.learner, Resolution(f"{of} {outcome}", of, outcome, NOW))


def test_a_claim_that_means_something_else_is_asked_as_if_for_the_first_time(here: Present) -> None:
    changed = claim(7)
    here = replace(here, deck={**BOOK, changed.id: changed})
    here.store.stamp_texts({changed.id: "first"}, NOW - timedelta(days=30))
    say(here, changed.id, 0.9, days_ago=20, occasion="before")
    assert [one["id"] for one in stances.at_desk(here.deck, here)] == [changed.id]
    here.store.stamp_texts({changed.id: "another"}, NOW - timedelta(days=1), editions={changed.id: 2})
    here = replace(here)
    given = stances.in_place(changed, here)
    assert (given["weigh"], given["entry"], given["standing"]) == ("", None, words.CHANGED)
    assert stances.around([changed], "before", here)["claims"] == [{**given["claim"], "open": False}]
    assert stances.around([changed], "after", here)["claims"] == []
    assert stances.at_desk(here.deck, here) == []
    say(here, changed.id, 0.2)
    assert stances.in_place(changed, here)["moved"] == ""


def test_what_to_weigh_is_not_sent_before_the_reader_has_answered(here: Present) -> None:
    given = stances.in_place(RAIN, here)
    assert given["claim"] == {"id": "claim-0", "html": RAIN.front, "by": "By 31 December 2027."}
    assert (given["weigh"], given["entry"], given["standing"]) == ("", None, "not asked yet")
    assert RAIN.back not in str(given)


def test_an_answer_brings_what_to_weigh_and_when_it_is_asked_again(here: Present) -> None:
    name = say(here, RAIN.id, 1 / 3, days_ago=4)
    given = stances.in_place(RAIN, here)
    assert given["weigh"] == RAIN.back
    assert given["entry"] == {"id": name, "said": "You said 33.3% on 19 November 2026.", "note": "why"}
    assert given["standing"] == "33.3% on 19 November 2026 · asked again in 10 days"
    assert given["ledger"] == "/ledger#claim-claim-0"


def test_a_second_thought_is_told_with_how_far_it_has_moved(here: Present) -> None:
    say(here, RAIN.id, 0.4, days_ago=1)
    assert stances.in_place(RAIN, here)["moved"] == ""
    say(here, RAIN.id, 0.55, occasion="after")
    assert stances.in_place(RAIN, here)["moved"] == "Before: 40%. After: 55%, 15 points up."


@pytest.mark.parametrize(
    ("own", "authors", "said"),
    [
        (Outcome.YES, Settled(Outcome.NO), "turned out true, as you said on 23 November 2026"),
        (
            None,
            Settled(Outcome.NO, date(2026, 11, 2)),
            "turned out false on 2 November 2026, as its author says",
        ),
        (
            None,
            Settled(Outcome.VOID, None, "no one looked"),
            "came to nothing, as its author says (no one looked)",
        ),
        (Outcome.OPEN, Settled(Outcome.YES), "turned out true, as its author says"),
    ],
)
def test_a_settled_claim_says_how_and_by_whom(
    here: Present, own: Outcome | None, authors: Settled, said: str
) -> None:
    if own:
        settle(here, RAIN.id, own)
    given = stances.in_place(replace(RAIN, resolved=authors), here)
    assert given["standing"] == said
    assert (given["settled"], given["own"]) == (True, own is Outcome.YES)
    assert given["weigh"] == RAIN.back  # nothing is left to be steered


def test_before_a_section_those_are_asked_that_nobody_was_asked_yet(here: Present) -> None:
    asked = stances.around([RAIN, SNOW], "before", here)
    assert [(one["id"], one["open"]) for one in asked["claims"]] == [("claim-0", False), ("claim-1", True)]
    assert (asked["section"], asked["skipped"]) == ("walks", False)
    say(here, RAIN.id, None)
    settle(here, SNOW.id, Outcome.VOID)
    assert stances.around([RAIN, SNOW], "before", here)["claims"] == []
    assert stances.around([RAIN, SNOW], "after", here)["claims"] == []


def test_who_has_read_a_section_is_not_asked_what_was_believed_before(here: Present) -> None:
    for share, is_passed_over in ((0.5, False), (0.95, True)):
        here.store.record_reading(here.learner, "walks", share, NOW)
        assert stances.around([RAIN], "before", here)["read"] is is_passed_over
    assert stances.around([RAIN], "after", here)["read"] is False


def test_after_a_section_those_are_asked_again_without_what_was_said_before(here: Present) -> None:
    say(here, RAIN.id, 0.412345, days_ago=1, occasion="before")
    (asked,) = stances.around([RAIN, SNOW], "after", here)["claims"]
    assert (asked["id"], asked["moved"]) == ("claim-0", "")
    assert "41" not in str(asked)
    say(here, RAIN.id, 0.5, repeat=True)
    assert stances.around([RAIN], "after", here)["claims"][0]["moved"] == ""
    say(here, RAIN.id, 0.4)
    (asked,) = stances.around([RAIN], "after", here)["claims"]
    assert asked["moved"] == "Before: 41.2%. After: 40%, 1.2 points down."


def test_the_desk_is_given_what_is_due_and_no_number_that_was_said(here: Present) -> None:
    say(here, RAIN.id, 0.417, days_ago=20)
    say(here, SNOW.id, 0.417, days_ago=2)
    for number, days in enumerate((-1, 400)):
        last = NOW.date() + timedelta(days=days)
        here.store.keep_claim(here.learner, Claim(f"own-{number}", f"<{number}> & all", last, NOW))
    due = payload.desk(BOOK, here, Receipt())["believe"]
    assert [(one["id"], one["wants"]) for one in due] == [("own-0", "outcome"), ("claim-0", "credence")]
    assert due[0]["html"] == "<p>&lt;0&gt; &amp; all</p>"
    assert due[0]["href"] == "./ledger#claim-own-0"
    assert due[1]["href"] == "./walks#card-claim-0"
    assert "41.7" not in str(due)
    assert "0.417" not in str(due)


def test_claims_wait_until_the_last_card_is_answered(here: Present) -> None:
    say(here, RAIN.id, 0.4, days_ago=20)
    here.store.enrol(here.learner, ["card-0"], NOW)
    assert payload.desk(BOOK, here, Receipt())["believe"] == []
    assert payload.round_of_cards("section:walks", BOOK, here, Receipt())["believe"] == []


def test_a_claim_that_has_left_the_book_or_become_a_card_is_not_asked(here: Present) -> None:
    say(here, "gone", 0.4, days_ago=20)
    say(here, "card-0", 0.4, days_ago=20)
    assert stances.at_desk(BOOK, here) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.4, 0.55, "Before: 40%. After: 55%, 15 points up."),
        (0.5, 0.49, "Before: 50%. After: 49%, 1 point down."),
        (0.001, 0.006, "Before: 0.1%. After: 0.6%, 0.5 points up."),
        (0.4, 0.4, "40% before and after."),
        (None, None, "No idea before and after."),
        (None, 0.4, "Before: no idea. After: 40%."),
        (0.4, None, "Before: 40%. After: no idea."),
    ],
)
def test_a_move_is_told_in_points(before: float | None, after: float | None, said: str) -> None:
    assert words.moved(Credence("a", "c", before, NOW), Credence("b", "c", after, NOW)) == said
