"""What a browser sends about claims is put down once, or refused in a sentence, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.claims import ConservationCheck, Outcome
from cards.evidence import Evidence
from cards.pages.belief_words import HAS_TURNED_OUT
from cards.pages.believed import Refusal, skipped
from cards.pages.operations import Receipt, save
from cards.pages.payload import saved
from cards.pages.session import Present
from cards.settled import Settled
from cards.store import Store
from tests.cards.pages_learner import DECK, NOW, card, open_store, someone

CLAIM = replace(card(30, id="it-rains", kind="credence"), fields={"claim": "<p>It rains.</p>", "weigh": "W"})
EVIDENCE = Evidence("the-glass", "walks", "It rains.", "The glass falls.", "It fell.", happened=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.fixture
def here(store: Store) -> Present:
    return reader(store)


def reader(store: Store) -> Present:
    return replace(someone(store), deck={**DECK, CLAIM.id: CLAIM}, evidence={EVIDENCE.id: EVIDENCE})


def believe(number: int, said: str | None, **more: object) -> dict[str, Any]:
    return {"id": f"b{number}", "kind": "believe", "card": "it-rains", "said": said, "age": 0, **more}


def foresee(number: int, *said: str) -> dict[str, Any]:
    numbers = dict(zip(("prior", "if_true", "if_false"), said, strict=True))
    return {"id": f"f{number}", "kind": "foresee", "card": "the-glass", "age": 0, **numbers}


def of(here: Present, kind: str, number: int = 1, **more: object) -> Receipt:
    return save(here, [{"id": f"x{number}", "kind": kind, "card": "it-rains", "age": 0, **more}])


def probabilities(here: Present) -> list[float | None]:
    return [one.probability for one in here.store.credences(here.learner).get("it-rains", [])]


@pytest.mark.parametrize(
    ("said", "probability"),
    [("50 %", 0.5), ("50", 0.5), ("1/3", 1 / 3), ("0,5 %", 0.005), ("no idea", None), ("100%", 1.0)],
)
def test_a_probability_is_read_as_people_write_it(
    here: Present, said: str, probability: float | None
) -> None:
    receipt = save(here, [believe(1, said)])
    assert (receipt.confirmed, receipt.refused) == (("b1",), {})
    assert probabilities(here) == [probability]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "There is no credence"),
        ("half", "“half” is not understood"),
        ("101", "outside 0 to 100%"),
        ("-3", "outside 0 to 100%"),
        ("0.5", "may mean 0.5% or 50%"),
        ("1,5,0", "more than one decimal mark"),
        ("3/2", "more than 100%"),
        ("x" * 500, "is not understood"),
        (None, "There is no credence"),
    ],
)
def test_what_is_no_probability_is_refused_in_one_sentence_and_not_sent_again(
    here: Present, said: str | None, words: str
) -> None:
    receipt = save(here, [believe(1, said), believe(2, "40")])
    assert receipt.confirmed == ("b1", "b2")
    assert receipt.problem == ""
    refusal = receipt.refused["b1"]
    assert words in refusal.sentence
    assert refusal.sentence.endswith(".")
    assert refusal.field == "said"
    assert list(receipt.refused) == ["b1"]
    assert probabilities(here) == [0.4]
    assert saved(receipt)["refused"] == {"b1": {"sentence": refusal.sentence, "field": "said"}}


def test_a_credence_has_its_note_its_occasion_and_its_moment(here: Present) -> None:
    save(here, [believe(1, "40", note="  a hunch ", occasion="before", age=60_000)])
    save(here, [believe(2, "45", repeat=True, occasion="at noon")])
    first, second = here.store.credences(here.learner)["it-rains"]
    assert (first.note, first.occasion, first.repeat, (NOW - first.at).seconds) == (
        "a hunch",
        "before",
        False,
        60,
    )
    assert (second.note, second.occasion, second.repeat) == ("", "", True)


def test_the_reader_is_told_what_was_said_before_only_once_it_is_said_again(here: Present) -> None:
    assert save(here, [believe(1, "1/3")]).told == {"b1": "Put down: 33.3%."}
    told = save(here, [believe(2, "40")]).told
    assert told == {"b2": "Put down: 40%. Before it, today: 33.3%."}
    assert save(here, [believe(2, "40")]).told == {"b2": "Put down: 40%. Before it, today: 33.3%."}


def test_a_card_to_remember_takes_no_credence_and_no_outcome(here: Present) -> None:
    for kind in ("believe", "resolve"):
        save(here, [{"id": kind, "kind": kind, "card": "card-0", "said": "40", "outcome": "yes", "age": 0}])
    assert here.store.credences(here.learner) == {}
    assert here.store.resolutions(here.learner) == {}


def test_what_comes_after_a_claim_has_turned_out_is_refused_whoever_says_that_it_has(here: Present) -> None:
    save(here, [believe(1, "40")])
    of(here, "resolve", outcome="no", age=60_000)
    late, early = believe(2, "99"), believe(3, "45", age=120_000)
    assert save(here, [late]).refused == {"b2": Refusal(HAS_TURNED_OUT, "said")}
    assert save(here, [early, believe(1, "40")]).refused == {}  # said before, and sent later or once more
    assert sorted(filter(None, probabilities(here))) == [0.4, 0.45]
    of(here, "resolve", 2, outcome="open")
    assert save(here, [late]).refused == {}
    settled = replace(here, deck={CLAIM.id: replace(CLAIM, resolved=Settled(Outcome.YES))})
    assert set(save(settled, [believe(4, "50")]).refused) == {"b4"}


def test_one_that_has_left_the_book_or_is_the_learners_own_does(here: Present) -> None:
    save(here, [believe(1, "40", card="own-1"), believe(2, "40", card="gone")])
    assert set(here.store.credences(here.learner)) == {"own-1", "gone"}


def test_a_note_is_changed_and_changed_back(here: Present) -> None:
    save(here, [believe(1, "40", note="a hunch")])
    of(here, "reason", entry="b1", text="better: the glass fell ")
    assert here.store.credences(here.learner)["it-rains"][0].note == "better: the glass fell"
    of(here, "reason", entry="b1", text="a hunch")
    assert here.store.credences(here.learner)["it-rains"][0].note == "a hunch"


def test_an_outcome_is_put_down_and_the_last_counts(here: Present) -> None:
    for number, outcome in enumerate(Outcome):
        of(here, "resolve", number, outcome=str(outcome), note="n")
        assert here.store.resolutions(here.learner)["it-rains"].outcome is outcome
    of(here, "withdraw", 9, entry="x3", on=True)
    assert here.store.resolutions(here.learner)["it-rains"].outcome is Outcome.VOID


NONSENSE = [
    {"kind": "believe", "said": "40"},
    {"kind": "believe", "card": "", "said": "40"},
    {"kind": "resolve", "card": "it-rains", "outcome": "maybe"},
    {"kind": "resolve", "card": "it-rains"},
    {"kind": "withdraw", "card": "it-rains", "entry": "b1"},
    {"kind": "withdraw", "card": "it-rains", "on": True},
    {"kind": "withdraw", "card": "it-rains", "entry": 7, "on": True},
    {"kind": "reason", "card": "it-rains", "entry": "b1", "text": None},
    {"kind": "afterwards", "card": "the-glass", "said": "40"},
    {"kind": "afterwards", "card": "the-glass", "entry": "never", "said": "40"},
    {"kind": "foresee", "card": "no-such-check", "prior": "1", "if_true": "1", "if_false": "1"},
    {"kind": "skip", "card": "walks", "on": "yes"},
]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_what_is_not_an_operation_changes_nothing_and_is_forgotten(
    here: Present, nonsense: dict[str, Any]
) -> None:
    save(here, [believe(1, "40")])
    receipt = save(here, [{"id": "x", "age": 0, **nonsense}])
    assert receipt == Receipt(("x",))
    assert probabilities(here) == [0.4]
    assert here.store.resolutions(here.learner) == {}
    assert here.store.conservation_checks(here.learner) == []
    assert skipped(here) == []


def test_three_numbers_are_kept_with_what_came_and_a_fourth_afterwards(here: Present) -> None:
    save(here, [foresee(1, "20", "60 %", "1/10")])
    kept = ConservationCheck("f1", "the-glass", 0.2, 0.6, 0.1, happened=True, at=NOW)
    assert here.store.conservation_checks(here.learner) == [kept]
    of(here, "afterwards", entry="f1", said="55")
    save(here, [foresee(1, "20", "60 %", "1/10")])  # sent again: what was said since stays
    assert here.store.conservation_checks(here.learner) == [replace(kept, after=0.55)]
    of(here, "withdraw", 2, entry="f1", on=True)
    assert here.store.conservation_checks(here.learner) == []
    of(here, "withdraw", 3, entry="f1", on=False)
    assert here.store.conservation_checks(here.learner) == [replace(kept, after=0.55)]


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (
            ("", "60", "10"),
            "prior",
            "How likely the claim is: there is no credence; write a number from 0 to 100.",
        ),
        (("20", "120", "10"), "if_true", "if the claim is true: “120” lies outside 0 to 100%"),
        (("20", "60", "no idea"), "if_false", "“no idea” cannot be reckoned with"),
        (("20", "60", "0.5"), "if_false", "may mean 0.5% or 50%"),
    ],
)
def test_a_number_that_cannot_be_reckoned_with_is_refused_at_its_field(
    here: Present, said: tuple[str, str, str], field: str, words: str
) -> None:
    refusal = save(here, [foresee(1, *said)]).refused["f1"]
    assert refusal.field == field
    assert words in refusal.sentence
    assert here.store.conservation_checks(here.learner) == []


def test_what_is_believed_afterwards_has_to_be_a_number(here: Present) -> None:
    save(here, [foresee(1, "20", "60", "10")])
    assert of(here, "afterwards", entry="f1", said="no idea").refused["x1"] == Refusal(
        "“no idea” cannot be reckoned with; write a number from 0 to 100.", "said"
    )
    assert here.store.conservation_checks(here.learner)[0].after is None


def test_a_section_is_passed_over_at_its_top_and_asked_after_all(here: Present) -> None:
    of(here, "skip", on=True)
    of(here, "skip", on=True)
    assert skipped(here) == ["it-rains"]
    of(here, "skip", on=False)
    assert skipped(here) == []


MOVES = st.lists(
    st.one_of(
        st.sampled_from(["20", "80", "no idea", "half", "yes", "no", "open"]),
        st.tuples(st.sampled_from(["back", "again", "note"]), st.integers(0, 5)),
    ),
    max_size=8,
)


@settings(max_examples=40)
@given(MOVES, st.lists(st.tuples(st.integers(1, 8), st.booleans()), max_size=4))
def test_sending_again_whatever_was_not_confirmed_leaves_what_sending_once_would(
    store: Store, moves: list[str | tuple[str, int]], deliveries: list[tuple[int, bool]]
) -> None:
    operations = [_as_sent(number, move) for number, move in enumerate(moves)]
    once, often = reader(store), reader(store)
    save(once, operations)
    confirmed = 0
    for made, is_heard in [*deliveries, (len(operations), True)]:
        receipt = save(often, operations[confirmed:made])
        confirmed += len(receipt.confirmed) if is_heard else 0
    assert store.credences(often.learner) == store.credences(once.learner)
    assert store.resolutions(often.learner) == store.resolutions(once.learner)


def _as_sent(number: int, move: str | tuple[str, int]) -> dict[str, Any]:
    """A move as a browser sends it; what it takes back, brings back or notes is something sent before it."""
    if isinstance(move, tuple):
        what, of_which = move
        common = {"id": f"o{number}", "card": "it-rains", "entry": f"o{of_which % (number + 1)}", "age": 0}
        if what == "note":
            return {**common, "kind": "reason", "text": f"note {number}"}
        return {**common, "kind": "withdraw", "on": what == "back"}
    if move in list(Outcome):
        return {"id": f"o{number}", "kind": "resolve", "card": "it-rains", "outcome": move, "age": 0}
    return {**believe(number, move), "id": f"o{number}"}
