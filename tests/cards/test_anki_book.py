"""The book itself, as it arrives in Anki."""

from __future__ import annotations

from typing import TYPE_CHECKING

from content.library import Library
from tests.cards.anki_learner import BASE_URL, Outcome, learner

if TYPE_CHECKING:
    from pathlib import Path


def test_every_card_of_the_book_can_be_learnt_in_anki(tmp_path: Path) -> None:
    deck = Library.from_environment({}).load().deck
    with learner(tmp_path) as someone:
        assert someone.receives(deck.values()) == Outcome(new=len(deck))
        assert someone.healthy()
        for card in deck.values():
            for made in someone.note(card.id).cards():
                assert_readable(made.question())
                assert_readable(made.answer())
                assert f'href="{BASE_URL}/{card.section}#card-{card.id}"' in made.answer()


def assert_readable(html: str) -> None:
    """Nothing is left that only the app understands."""
    for ours in ('class="math', 'href="/', 'href="#', 'src="/', "data-hint", "invalid", "{{c1::"):
        assert ours not in html
