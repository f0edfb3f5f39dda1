"""The page that takes the cards away: it counts them, and escapes what it quotes."""

from __future__ import annotations

import re

import pytest

from cards.pages.export import COMMAND, base_url, opening
from tests.cards.pages_learner import DECK, card


def test_each_section_is_listed_once_with_its_cards_in_the_order_of_the_book() -> None:
    deck = {
        "b": card(5, id="b", section_title="Second"),
        "a": card(1, id="a", section_title="First"),
        "c": card(6, id="c", section_title="Second"),
    }
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", opening(deck))
    assert rows == [("First", "Beliefs", "1"), ("Second", "Beliefs", "2")]


def test_the_total_is_the_size_of_the_deck() -> None:
    assert f"{len(DECK)} cards in one Anki package" in opening(DECK)
    assert "1 card in one Anki package" in opening({"card-0": DECK["card-0"]})


def test_titles_are_quoted_as_text() -> None:
    shown = opening({"x": card(1, id="x", section_title="<b>p < q</b>")})
    assert "&lt;b&gt;p &lt; q&lt;/b&gt;" in shown


def test_a_book_without_cards_says_so() -> None:
    assert "no cards yet" in opening({})


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("http://localhost:8501/take-away", "http://localhost:8501"),
        ("https://book.example.org/take-away", "https://book.example.org"),
        ("", ""),
        (None, ""),
    ],
)
def test_links_in_the_package_lead_to_where_the_app_is(address: str | None, base: str) -> None:
    assert base_url(address) == base


def test_the_command_that_is_quoted_is_one_that_there_is() -> None:
    assert COMMAND.startswith("python -m cards export --out ")
