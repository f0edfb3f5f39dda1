"""Cards by section: each once, in the deck's order, and those of the deck that is asked about."""

from __future__ import annotations

from cards.sections import by_section
from tests.cards.pages_learner import card


def test_each_card_stands_in_its_section_in_the_decks_order() -> None:
    deck = {f"card-{number}": card(number, section=f"section-{number % 2}") for number in range(5)}
    found = {slug: [one.order for one in cards] for slug, cards in by_section(deck).items()}
    assert found == {"section-0": [0, 2, 4], "section-1": [1, 3]}


def test_another_deck_is_looked_at_anew() -> None:
    for section in ("here", "there", "here"):
        assert set(by_section({"card-0": card(0, section=section)})) == {section}
