"""What is said of three numbers: the theorem holds in the words, and what is undefined is no number."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.beliefs.conservation import Conservation
from cards.beliefs.credence import percent
from cards.claims import ConservationCheck
from cards.evidence import Evidence
from cards.pages.foreseen import afterwards, foreseen, implied, in_place
from tests.cards.pages_learner import NOW, open_store, someone

EVIDENCE = Evidence(
    "the-glass", "walks", "<p>C</p>", "<p>E</p>", "<p>CAME</p>", happened=False, comment="<p>N</p>"
)
AUDIT = Conservation(0.2, 0.6, 0.1)
SUM = re.compile(r"([\d.]+)% × ([\d.]+)% \+ ([\d.]+)% × ([\d.]+)% (=|≈) ([\d.]+)%")


def test_the_worked_example_reads_as_the_section_has_it() -> None:
    chance, either, average = foreseen(AUDIT)
    assert "20% × 60% + 80% × 10% = 20%." in chance
    assert either == "If it comes, you will have to believe 60%; if it does not, 10%."
    assert "20% × 60% + 80% × 10% = 20%. That is your prior again" in average
    assert (
        implied(AUDIT, happened=False) == "By your own numbers you now believe 10%, 10 points down from 20%."
    )
    assert implied(AUDIT, happened=True) == "By your own numbers you now believe 60%, 40 points up from 20%."


INSIDE = st.integers(1, 999).map(lambda mille: mille / 1000)


@given(INSIDE, INSIDE, INSIDE)
def test_the_average_that_is_told_is_the_prior_and_a_sum_that_is_called_exact_adds_up(
    prior: float, if_true: float, if_false: float
) -> None:
    numbers = Conservation(prior, if_true, if_false)
    sentences = foreseen(numbers)
    sums = [found.groups() for sentence in sentences for found in SUM.finditer(sentence)]
    assert len(sums) == 2
    assert f"{sums[1][-1]}%" == percent(prior)
    for one, two, three, four, sign, result in sums:
        total = float(one) * float(two) + float(three) * float(four)
        assert (sign == "=") == (abs(total / 100 - float(result)) < 1e-7)
        assert abs(total / 100 - float(result)) < 0.2  # each number is within 0.05 of what it stands for


@pytest.mark.parametrize(
    ("numbers", "sure"),
    [((0.3, 0, 0), "cannot come"), ((0, 0.5, 0), "cannot come"), ((0.3, 1, 1), "is certain to come")],
)
def test_evidence_without_a_chance_or_without_a_doubt_teaches_nothing(
    numbers: tuple[float, float, float], sure: str
) -> None:
    found = foreseen(Conservation(*numbers))
    assert found[-1] == f"So it {sure}, and will tell you nothing: you stay at {percent(numbers[0])}."


@pytest.mark.parametrize(("numbers", "happened"), [((0.3, 0, 0), True), ((0.3, 1, 1), False)])
def test_what_was_called_impossible_and_came_is_said_in_words(
    numbers: tuple[float, float, float], happened: bool
) -> None:
    sentence = implied(Conservation(*numbers), happened=happened)
    assert "no chance at all" in sentence
    assert "%" not in sentence
    check = ConservationCheck("f", "e", *numbers, happened=happened, at=NOW, after=0.4)
    assert afterwards(Conservation(*numbers), check) == "You say 40%, which no number of yours foresaw."


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (0.1, "You say 10%, as your numbers ask."),
        (0.35, "You say 35%, 25 points more than your numbers ask."),
        (0.09, "You say 9%, 1 point less than your numbers ask."),
    ],
)
def test_what_is_believed_afterwards_is_held_against_the_numbers(after: float, said: str) -> None:
    check = ConservationCheck("f", "e", 0.2, 0.6, 0.1, happened=False, at=NOW, after=after)
    assert afterwards(AUDIT, check).startswith(said)


def test_nothing_of_what_came_is_sent_before_three_numbers_are_put_down(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    here = someone(store)
    given = in_place(EVIDENCE, here)
    assert given == {"check": {"id": "the-glass", "claim": "<p>C</p>", "may_come": "<p>E</p>"}, "said": None}
    check = ConservationCheck("f", "the-glass", 0.2, 0.6, 0.1, happened=False, at=NOW)
    store.record_conservation(here.learner, check)
    said = in_place(EVIDENCE, here)["said"]
    assert (said["id"], said["came"], said["comment"], said["after"]) == ("f", "<p>CAME</p>", "<p>N</p>", "")
    assert [number for _, number in said["numbers"]] == ["20%", "60%", "10%"]
    store.record_conservation(here.learner, replace(check, client_id="g", prior=0.5))
    assert in_place(EVIDENCE, here)["said"]["id"] == "g"
    store.close()
