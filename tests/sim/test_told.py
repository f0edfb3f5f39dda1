"""What a browser tells a panel: read if a page of ours can have sent it, checked, and always answered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.counterexample import LONGEST_NOTE, Counterexample, Counterexamples, NotKeptError
from sim.guess import Ask, Choice, Guess, Interval, Number
from sim.pages.told import Listener, read_counterexample, read_guess, shown
from sim.spec import get

TOY = get("belief_walk")
FACT = "expected_updates"
NUMBER, INTERVAL = Ask(), Ask("interval", 0.9)
CHOICES = (Choice("under 100", high=100), Choice("100 to 1,000", 100, 1000), Choice("over 1,000", 1000))
CHOICE = Ask("choice", choices=CHOICES)
TOLD = {
    "id": "ab12",
    "kind": "guess",
    "settings": {"start": 0.5, "step": 0.01},
    "seed": 7,
    "said": {"value": 200},
    "at": 1_795_000_000_000,
}
FOUND = {
    "id": "cd34",
    "kind": "counterexample",
    "settings": {"start": 0.5, "step": 0.25},
    "seed": 2**32 - 1,
    "note": "Four updates are enough.",
}


def test_a_guess_is_kept_with_the_answer_that_was_true_for_its_settings() -> None:
    taken = read_guess(TOY, FACT, NUMBER, TOLD)
    assert isinstance(taken, Guess)
    assert taken.truth == 2500
    assert (taken.kind, taken.said, taken.skipped) == ("number", Number(200.0), False)
    assert (taken.seed, taken.client_id, taken.at) == (7, "ab12", TOLD["at"])
    assert taken.settings == TOY.module.Config(start=0.5, step=0.01).model_dump()


@pytest.mark.parametrize(
    ("ask", "told", "said"),
    [
        (INTERVAL, {"low": 100, "high": 3000.5}, Interval(100.0, 3000.5, 0.9)),
        (INTERVAL, {"low": 5, "high": 5}, Interval(5.0, 5.0, 0.9)),
        (
            INTERVAL,
            {"low": 1, "high": 2, "confidence": 0.1},
            Interval(1.0, 2.0, 0.9),
        ),  # the author's, not theirs
        (CHOICE, {"choice": 2}, CHOICES[2]),
    ],
)
def test_a_guess_is_read_as_it_was_asked_for_and_shown_again_as_it_was_said(
    ask: Ask, told: dict[str, float], said: Interval | Choice
) -> None:
    taken = read_guess(TOY, FACT, ask, {**TOLD, "said": told})
    assert taken is not None
    assert taken.said == said
    assert shown(said, ask) == {name: value for name, value in told.items() if name != "confidence"}


@pytest.mark.parametrize("ask", [NUMBER, INTERVAL, CHOICE])
def test_to_be_shown_is_an_answer_too(ask: Ask) -> None:
    taken = read_guess(TOY, FACT, ask, {**TOLD, "said": None})
    assert taken is not None
    assert (taken.said, taken.skipped, taken.kind) == (None, True, ask.kind)


def test_what_was_said_in_answer_to_something_else_is_not_shown_again() -> None:
    said = (Number(1.0), Interval(1.0, 2.0, 0.8), Choice("under 50", high=50))
    assert [shown(one, ask) for one in said for ask in (INTERVAL, CHOICE)] == [None] * 6
    assert shown(Interval(1.0, 2.0, 0.9), NUMBER) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"said": {"value": "many"}},
        {"said": {"value": True}},
        {"said": {"value": float("inf")}},
        {"said": {"value": float("nan")}},
        {"said": {"value": 1e16}},
        {"said": {"value": 10**400}},
        {"said": {}},
        {"said": 3},
        {"said": [1]},
        {"settings": {"start": 7}},
        {"settings": 3},
        {"settings": None},
        {"seed": -1},
        {"seed": 2**32},
        {"at": "yesterday"},
        {"at": -1},
        {"at": 1e300},
        {"id": ""},
        {"id": "x" * 65},
        {"id": "a\x00b"},
        {"id": 7},
    ],
)
def test_what_no_page_of_ours_sends_is_no_guess(changed: dict[str, Any]) -> None:
    assert read_guess(TOY, FACT, NUMBER, {**TOLD, **changed}) is None


@pytest.mark.parametrize("said", [{"low": 2, "high": 1}, {"low": 1}, {"high": 1}, {"low": None, "high": 1}])
def test_an_interval_has_two_ends_in_order(said: dict[str, Any]) -> None:
    assert read_guess(TOY, FACT, INTERVAL, {**TOLD, "said": said}) is None


@pytest.mark.parametrize("index", [-1, 3, 0.5, "0", None, 10**30])
def test_a_choice_is_one_of_those_that_there_are(index: object) -> None:
    assert read_guess(TOY, FACT, CHOICE, {**TOLD, "said": {"choice": index}}) is None


@pytest.mark.parametrize("told", [None, [], {}, "guess", 3])
def test_what_is_no_message_is_no_guess_and_no_counterexample(told: object) -> None:
    assert read_guess(TOY, FACT, NUMBER, told) is None
    assert read_counterexample(TOY, told) is None


def test_a_fact_that_nobody_asks_for_cannot_be_guessed() -> None:
    assert read_guess(TOY, "", NUMBER, TOLD) is None


def test_settings_that_break_a_claim_are_kept_whole() -> None:
    found = read_counterexample(TOY, FOUND)
    config = TOY.module.Config(start=0.5, step=0.25)
    assert found == Counterexample(
        "cd34", "belief_walk", config.model_dump(), 2**32 - 1, "Four updates are enough."
    )


@given(st.text(st.characters(exclude_categories=[]), max_size=LONGEST_NOTE))
def test_a_note_is_text_that_any_database_takes(note: str) -> None:
    try:
        found = read_counterexample(TOY, {**FOUND, "note": note})
    except NotKeptError as error:
        assert "few words" in str(error)  # noqa: PT017 - only some notes have nothing to them
        return
    assert found is not None
    assert found.note.encode()
    assert "\0" not in found.note
    assert found.note == " ".join(found.note.split())
    assert 0 < len(found.note) <= LONGEST_NOTE


def test_the_words_of_a_note_are_left_alone() -> None:
    note = "  <b>“Ünïcode”</b>\n&amp; 'quotes'; DROP TABLE\t漢字 👩\u200d🔬 "
    found = read_counterexample(TOY, {**FOUND, "note": note})
    assert found is not None
    assert found.note == "<b>“Ünïcode”</b> &amp; 'quotes'; DROP TABLE 漢字 👩\u200d🔬"


@pytest.mark.parametrize("note", ["", "  \n\t", "\x00\x07"])
def test_an_empty_note_is_refused_with_a_sentence(note: str) -> None:
    with pytest.raises(NotKeptError, match=r"^Say in a few words what these settings contradict\.$"):
        read_counterexample(TOY, {**FOUND, "note": note})


def test_a_note_that_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(NotKeptError, match=r"281 characters. Make do with 280"):
        read_counterexample(TOY, {**FOUND, "note": "x" * 281})


@pytest.mark.parametrize(
    "changed",
    [{"note": None}, {"note": 3}, {"settings": {"start": 7}}, {"seed": "x"}, {"id": ""}, {"id": None}],
)
def test_what_no_page_of_ours_sends_is_no_counterexample(changed: dict[str, Any]) -> None:
    assert read_counterexample(TOY, {**FOUND, **changed}) is None


class Keeper:
    """Keeps what it is told, or says why not."""

    def __init__(self, problem: str = "") -> None:
        self.problem = problem
        self.told: list[object] = []

    def take(self, what: object) -> None:
        """Keep it."""
        if self.problem:
            raise NotKeptError(self.problem)
        self.told.append(what)

    @property
    def listener(self) -> Listener:
        """A panel's, that hands everything here."""
        return Listener(
            TOY,
            FACT,
            NUMBER,
            self.take,
            Counterexamples([], keep=self.take, withdraw=self.take, restore=self.take),
        )


def test_each_message_reaches_whom_it_is_for_and_is_answered_by_its_id() -> None:
    keeper = Keeper()
    withdraw = {"id": "w1", "kind": "withdraw", "about": "cd34"}
    for message in (TOLD, FOUND, withdraw, {**withdraw, "id": "r1", "kind": "restore"}):
        assert keeper.listener.hear(message) == {"id": message["id"], "problem": ""}
    assert [type(what) for what in keeper.told] == [Guess, Counterexample, str, str]
    assert keeper.told[2:] == ["cd34", "cd34"]


def test_what_cannot_be_kept_is_answered_with_the_reason() -> None:
    listener = Keeper("The disk is full.").listener
    for message in (TOLD, FOUND, {"id": "w1", "kind": "withdraw", "about": "cd34"}):
        assert listener.hear(message) == {"id": message["id"], "problem": "The disk is full."}
    assert Keeper().listener.hear({**FOUND, "note": " "})["problem"].startswith("Say in a few words")


def test_what_is_no_message_is_dropped_and_answered_so_that_it_does_not_come_again() -> None:
    keeper = Keeper()
    for told in ({**TOLD, "seed": -1}, {**TOLD, "kind": "praise"}, {"id": "w1", "kind": "withdraw"}):
        assert keeper.listener.hear(told) == {"id": told["id"], "problem": ""}
    assert keeper.listener.hear(None) == {"id": "", "problem": ""}
    assert keeper.told == []


def test_a_page_that_keeps_nothing_hears_nothing() -> None:
    listener = Listener(TOY)
    for message in (TOLD, FOUND):
        assert listener.hear(message) == {"id": message["id"], "problem": ""}
