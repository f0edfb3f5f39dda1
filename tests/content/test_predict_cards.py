"""A section's cards that ask for a guess: read with their options, and wrong at the word that is wrong."""

from __future__ import annotations

import pytest

from content.blocks import CardBlock, Section
from tests.content.books import HEAD, ReadSection, place

CARD = """\
:::{predict} from-anywhere
:sim: belief_walk
:ask: expected_updates
:vary: start in 5%..95%, step in 1%..5%
:tolerance: 10%
:tags: walks
From {start} in steps of {step}, with $\\frac{start}{2}$?
---
Of {value}`belief_walk:variance start=0.5 | 0.25`, from {start}.
:::
"""


def the_card(section: Section) -> CardBlock:
    (block,) = [block for block in section.blocks if isinstance(block, CardBlock)]
    return block


def test_a_card_shows_one_fixed_instance_wherever_it_cannot_ask(read_section: ReadSection) -> None:
    section = read_section(CARD)
    assert section.problems == ()
    card = the_card(section).card
    assert "{start}" not in card.front.replace(r"\frac{start}{2}", "")
    assert r"\frac{start}{2}" in card.front
    assert "The answer is" in card.back
    assert card.tags == ("walks",)
    assert set(card.options) == {"sim", "ask", "vary", "tolerance"}
    assert the_card(read_section(CARD)).card == card


@pytest.mark.parametrize(("old", "new"), [("10%", "20%"), ("5%..95%", "5%..90%"), ("in steps", "by steps")])
def test_the_text_of_a_card_changes_with_its_options(read_section: ReadSection, old: str, new: str) -> None:
    changed = the_card(read_section(CARD.replace(old, new, 1))).card
    assert changed.text_hash != the_card(read_section(CARD)).card.text_hash


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("belief_walk\n", "belif_walk\n", "! unknown-toy at 'belif_walk'"),
        ("expected_updates", "expected_update", "! unknown-fact at 'expected_update'"),
        ("step in 1%", "stp in 1%", "! bad-setting at 'stp in 1%..5%'"),
        ("1%..5%", "1%..50%", "! bad-setting at '50%'"),
        ("1%..5%", "5%..1%", "! bad-option at '5%..1%'"),
        (":tolerance: 10%\n", "", "! bad-option at 'predict} from-anywhere'"),
        (": 10%", ":", "! bad-option at 'tolerance:'"),
        (": 10%", ": 10 points", "! bad-option at '10 points'"),
        (":tags: walks", ":walkers: 5", "! bad-setting at '5'"),
        (":tags: walks", ":wlkers: 500", "! unknown-option at 'wlkers: 500'"),
        (":tags: walks", ":guess: interval 30%", "! bad-option at '30%'"),
        ("steps of {step}", "steps", "! bad-option at 'step in 1%..5%'"),
        ("from {start}.", "from {stat}.", "! bad-setting at '{stat}.'"),
        (":tags: walks", ":tags: walks\n:sim: belief_walk", "! bad-option at 'sim: belief_walk'"),
    ],
)
def test_each_mistake_is_reported_at_its_own_word(
    read_section: ReadSection, old: str, new: str, wanted: str
) -> None:
    text = CARD.replace(old, new, 1)
    lines = (HEAD + text).split("\n")
    assert [place(problem, lines) for problem in read_section(text).problems] == [wanted]
