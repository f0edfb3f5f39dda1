"""Taking cards away from the page: what is chosen, the table, what a push says, and the cards on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cards.pages.away_choice import Choice
from cards.pages.file_routes import table
from cards.pages.printed import document
from cards.pages.pushing import is_on_this_machine, keep, pushed
from cards.store import Store
from cards.taking import TAKING, Taking
from tests.cards.anki_learner import CLOZE, RECALL
from tests.cards.fake_anki_connect import fake_anki
from tests.cards.pages_learner import DECK, NOW, open_store, someone
from tests.cards.predicting import WALK

BOOK = [replace(WALK, order=2), replace(CLOZE, order=1), RECALL]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def test_all_are_chosen_until_something_is_and_kept_ones_are_those_that_are_kept(store: Store) -> None:
    here = someone(store)
    assert Choice().of(here, DECK) == list(DECK.values())
    store.enrol(here.learner, ["card-7", "card-3"], NOW)
    assert [card.id for card in Choice(kept_only=True).of(here, DECK)] == ["card-3", "card-7"]
    assert Choice(tracks=("beliefs",), kinds=("recall",), kept_only=True).of(here, DECK)


def test_the_address_of_the_paper_names_what_was_chosen() -> None:
    assert Choice().print_address() == "/cards/print"
    chosen = Choice(tracks=("beliefs",), sections=("a", "b & c"), kinds=("cloze",), kept_only=True)
    expected = "/cards/print?track=beliefs&section=a&section=b+%26+c&kind=cloze&kept=ticket"
    assert chosen.print_address("ticket") == expected


def test_addresses_are_kept(store: Store) -> None:
    here = someone(store)
    chosen = Taking("https://book.example")
    assert keep(here, Taking(), chosen) == chosen
    assert Taking.from_json(store.setting(here.learner, TAKING)) == chosen


def test_the_table_is_a_file_of_all_the_cards() -> None:
    assert table(BOOK, "").count(b"\r\n") == 1 + len(BOOK)


def test_a_push_is_told_in_sentences_also_where_nothing_runs() -> None:
    modified = {card.id: NOW for card in BOOK}
    with fake_anki() as anki:
        (tried,) = pushed(BOOK, modified, "", anki.address, now=None)
        (done,) = pushed(BOOK, modified, "", anki.address, now=NOW)
        assert len(anki.notes) == len(BOOK)
    assert tried.startswith("3 notes would be added")
    assert done.startswith("3 notes added")
    (trouble,) = pushed(BOOK, modified, "", anki.address, now=NOW)
    assert trouble.startswith("Anki is not running at ")


@pytest.mark.parametrize(
    ("headers", "ip_address", "is_here"),
    [
        ({"Host": "127.0.0.1:8501"}, None, True),
        ({"Host": "localhost:8501"}, "127.0.0.1", True),
        ({"Host": "[::1]:8501"}, None, True),
        ({"Host": "localhost:8501"}, "192.168.0.7", False),
        ({"Host": "book.example"}, None, False),
        ({"Host": "localhost", "X-Forwarded-For": "192.168.0.7"}, None, False),
        ({"Host": "[::1"}, None, False),
        ({}, None, False),
    ],
)
def test_only_a_browser_on_the_same_machine_may_push(
    headers: dict[str, str], ip_address: str | None, *, is_here: bool
) -> None:
    assert is_on_this_machine(headers, ip_address) == is_here


def test_on_paper_each_card_stands_once_in_the_order_of_the_book_with_its_answer() -> None:
    made = document(BOOK)
    articles = re.findall(r"<article>\n(.*?)</article>", made, re.DOTALL)
    assert ["Question?" in articles[0], "Variances" in articles[1], "The answer is" in articles[2]] == [
        True
    ] * 3
    assert "Answer." in articles[0]
    assert "3 cards" in made
    assert "{start}" not in made


def test_a_section_says_once_what_it_rests_on() -> None:
    about = {"sources": ("Kwa & Chan",), "as_of": "2026-11", "section_title": "p < q", "track": "a"}
    made = document([replace(RECALL, **about), replace(RECALL, id="b", order=1, **about)])
    assert made.count("<h2>p &lt; q</h2>") == 1
    assert made.count("Kwa &amp; Chan") == made.count("facts checked 2026-11") == 1


def test_no_cards_are_said_to_be_none() -> None:
    assert "There are no such cards." in document([])
