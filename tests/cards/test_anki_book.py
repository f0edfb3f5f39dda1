"""The book itself, as it arrives in Anki."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from content.library import Library
from tests.cards.anki_learner import BASE_URL, Outcome, learner

if TYPE_CHECKING:
    from pathlib import Path

MATHS = r'<span class="math inline">([^<]*)</span>|<div class="math block">([^<]*)</div>'


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


def test_every_formula_and_every_deletion_of_the_book_is_rendered_by_anki(tmp_path: Path) -> None:
    deck = Library.from_environment({}).load().deck
    formulas = deletions = 0
    with learner(tmp_path) as someone:
        someone.receives(deck.values())
        for card in deck.values():
            written = "".join(card.fields.values())
            made = someone.note(card.id).cards()[0]
            answer = spaceless(made.answer())
            for inline, block in re.findall(MATHS, written):
                marked = rf"\({inline}\)" if inline else rf"\[{block}\]"
                assert spaceless(marked) in answer, card.id
                formulas += 1
            for hidden in re.findall(r'<span class="cloze"[^>]*>([^<]+)</span>', written):
                assert spaceless(hidden) in answer, card.id
                assert 'class="cloze"' in made.question()
                deletions += 1
    assert formulas > 50
    assert deletions > 10


def spaceless(html: str) -> str:
    """Without spaces, which a formula in a deletion may gain and which mean nothing to TeX."""
    return "".join(html.split())


def assert_readable(html: str) -> None:
    """Nothing is left that only the app understands."""
    for ours in ('class="math', 'href="/', 'href="#', 'src="/', "data-hint", "invalid", "{{c1::"):
        assert ours not in html
