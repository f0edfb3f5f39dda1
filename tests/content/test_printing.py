"""The route for cards on paper: what is chosen, only what the learner keeps, or a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette

from cards.pages.away_choice import Choice
from cards.pages.visits import PAPER, VISITS
from cards.store import Store
from content.pages import printing
from tests.cards.pages_learner import DECK as BOOK
from tests.cards.pages_learner import NOW, open_store, someone
from tests.sim.asgi import Answer, call
from tests.sim.playing import play

DECK = {name: replace(card, fields={"front": card.front, "back": card.back}) for name, card in BOOK.items()}
APP = Starlette(routes=printing.ROUTES)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(printing, "book", lambda: SimpleNamespace(deck=DECK))
    with closing(open_store(tmp_path)) as opened:
        yield opened


def paper(address: str) -> Answer:
    return play(lambda: call(APP, "GET", address))


@pytest.mark.usefixtures("store")
def test_all_the_cards_or_those_of_a_choice() -> None:
    assert paper(Choice().print_address()).body.count(b"<article>") == len(DECK)
    assert b"<p>30 cards</p>" in paper(Choice(tracks=("beliefs",)).print_address()).body
    assert paper("/cards/print?track=nowhere").status == 404


def test_only_what_is_kept_by_the_learner_whose_ticket_it_is(store: Store) -> None:
    here, other = someone(store), someone(store)
    store.enrol(here.learner, ["card-7", "card-3"], NOW)
    store.enrol(other.learner, ["card-5"], NOW)
    body = paper(Choice(kept_only=True).print_address(PAPER.renew("", here, DECK))).body.decode()
    assert body.count("<article>") == 2
    assert body.index("Question 3") < body.index("Question 7")
    assert "<p>2 cards that you keep</p>" in body
    assert (
        "<p>1 card that you keep</p>"
        in paper(Choice(kept_only=True).print_address(PAPER.renew("", other, DECK))).body.decode()
    )


def test_a_ticket_that_is_unknown_or_another_pages_is_said_to_be_forgotten(store: Store) -> None:
    for ticket in ("", "guessed", VISITS.renew("", someone(store), DECK)):
        reply = paper(Choice(kept_only=True).print_address(ticket))
        assert (reply.status, reply.body.decode()) == (401, printing.FORGOTTEN)


def test_a_print_outs_ticket_opens_nothing_else(store: Store) -> None:
    ticket = PAPER.renew("", someone(store), DECK)
    with pytest.raises(PermissionError):
        VISITS.of(ticket)


def test_a_database_that_cannot_be_read_is_said(store: Store, tmp_path: Path) -> None:
    ticket = PAPER.renew("", someone(store), DECK)
    store.close()
    (tmp_path / "martingale.db").write_bytes(b"this is no database, and was one" * 1000)
    reply = paper(Choice(kept_only=True).print_address(ticket))
    assert reply.status == 503
    assert reply.body.decode().endswith(".")
