"""Browsing over HTTP: with a page's ticket only, rows that stay in place, edits taken back, no path told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from cards.card import Card
from cards.decision import Change, Matter
from cards.memory import Rating
from cards.pages.browse_routes import BODY_LIMIT, ROWS, TICKET, Browsing
from cards.pages.editing import NOTHING, REPEATED
from cards.pages.session import Present
from cards.pages.visits import MOST, MOST_FOUND, UnknownTicketError, Visits, names
from cards.store import Answer, Store
from tests.cards.pages_learner import NOW, card, open_store, someone
from tests.sim.asgi import Answer as Reply
from tests.sim.asgi import call
from tests.sim.playing import play

IDS = count()
PATH = "/home/author/my books/sections/beliefs/walks.md"
MATHS = '<p>What is <span class="math inline">\\sigma^2</span>?</p>'
DECK = {
    f"card-{number}": replace(card(number), path=PATH, line=number + 10, tags=("walks::fair",))
    for number in range(250)
} | {"maths": replace(card(250, id="maths", front=MATHS), path=PATH, line=9)}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@dataclass
class Browser:
    """A page in a browser on this machine, and the server that it asks."""

    here: Present
    deck: dict[str, Card] = field(default_factory=lambda: DECK)
    visits: Visits = field(default_factory=Visits)
    client: str = "127.0.0.1"
    host: str = "localhost:8501"
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ticket = self.visits.renew("", self.here, self.deck)
        self.app = Starlette(routes=Browsing(self.visits, now=lambda: self.here.now).routes())

    def get(self, what: str, **query: object) -> Reply:
        """Ask for something."""
        return self._ask("GET", f"/cards/browse/{what}?{urlencode(query)}")

    def post(self, what: str, body: object, **headers: str) -> Reply:
        """Ask for a change."""
        named = {"id": f"{next(IDS)}.browse", "age": 0} | body if isinstance(body, dict) else body
        sent = named if isinstance(named, bytes) else json.dumps(named).encode()
        return self._ask("POST", f"/cards/browse/{what}", sent, **({"x_martingale": "1"} | headers))

    def found(self, **query: object) -> Any:  # noqa: ANN401 - JSON is whatever it is
        """What a search finds."""
        reply = self.get("found", **query)
        assert reply.status == 200, reply.json()
        return reply.json()

    def _ask(self, method: str, url: str, body: bytes = b"", **headers: str) -> Reply:
        async def from_here(scope: Scope, receive: Receive, send: Send) -> None:
            await self.app({**scope, "client": (self.client, 1)}, receive, send)

        sent = {"host": self.host, TICKET.replace("-", "_"): self.ticket, **self.headers, **headers}
        return play(lambda: call(from_here, method, url, body, **sent))


@pytest.fixture
def browser(store: Store) -> Browser:
    return Browser(someone(store))


def test_rows_come_in_pages_of_one_search(browser: Browser) -> None:
    first = browser.found(q="question")
    assert (first["total"], first["from"], first["problems"]) == (250, 0, [])
    ids = [row["id"] for row in first["rows"]]
    assert len(ids) == ROWS
    for start in (ROWS, 2 * ROWS):
        more = browser.found(q="question", of=first["of"], **{"from": start})
        assert more["of"] == first["of"]
        ids += [row["id"] for row in more["rows"]]
    assert sorted(ids) == sorted(set(DECK) - {"maths"})


def test_a_range_of_ids_is_that_of_the_rows(browser: Browser) -> None:
    first = browser.found(q="answer", sort="place", down="1")
    ids = browser.get("ids", q="answer", sort="place", down="1", of=first["of"], **{"from": 3, "to": 120})
    assert ids.json() == {"of": first["of"], "ids": list(reversed(DECK))[3:120]}


def test_rows_stay_in_their_places_while_cards_change(browser: Browser, store: Store) -> None:
    """An edit can take a card out of what is searched for; under the reader's hands it stays."""
    store.enrol(browser.here.learner, list(DECK)[:3], NOW)
    first = browser.found(q="is:new", sort="place")
    browser.post("edit", {"edit": "withdraw", "ids": ["card-1"]})
    again = browser.found(q="is:new", sort="place", of=first["of"])
    assert [row["id"] for row in again["rows"]] == ["card-0", "card-1", "card-2"]
    assert [row["standing"] for row in again["rows"]][1] == "not kept"
    assert browser.found(q="is:new")["total"] == 2


def test_a_search_that_was_forgotten_is_made_again_under_another_name(browser: Browser) -> None:
    first = browser.found(q="answer")
    for number in range(MOST_FOUND):
        browser.found(q=f"answer {number}")
    again = browser.found(q="answer", of=first["of"])
    assert again["of"] != first["of"]
    assert again["total"] == first["total"]


def test_what_is_not_understood_is_told_and_the_rest_is_searched(browser: Browser) -> None:
    found = browser.found(q="question section:walk is:dew lapses<x -section:walks kind:cloze maths")
    assert found["total"] == 0
    assert found["problems"] == [
        "A card cannot be 'dew'. Did you mean is:new?",
        "'lapses<x' compares with no number up to 100,000. Write lapses>3, for example.",
        "No card has the section 'walk'. Did you mean 'walks'?",
        "No card has the kind 'cloze'. Known: recall.",
    ]


def test_a_row_tells_where_a_card_stands(browser: Browser, store: Store) -> None:
    me, now = browser.here.learner, browser.here.now
    store.enrol(me, ["maths", "card-1"], now)
    answer = Answer("row", "maths", Rating.EASY, now - timedelta(days=1))
    store.answer(me, answer, browser.here.rules, browser.here.settings)
    store.suspend(me, ["maths"], now)
    store.bury(me, ["maths"], 99_999)
    store.mark(me, ["maths"], now)
    store.write_note(me, "maths", "see the proof", now)
    (row,) = browser.found(q="sigma")["rows"]
    assert row["front"] == [[" What is ", False], ["\\sigma^2", True], ["? ", False]]
    assert row["standing"].startswith("in review · next in ")
    assert row["flags"] == ["suspended", "buried", "marked", "note"]
    assert row["stability"].endswith(" days")
    assert float(row["difficulty"]) >= 1
    (new,) = browser.found(q='"question 1"')["rows"]
    assert (new["standing"], new["flags"], new["stability"], new["lapses"]) == (
        "kept · not asked yet",
        [],
        "",
        "",
    )


def test_a_card_is_shown_with_both_faces_and_the_way_to_its_place_and_line(browser: Browser) -> None:
    shown = browser.get("card", id="maths").json()
    assert shown["faces"] == {"front": MATHS, "back": "<p>Answer 250</p>", "filled": False}
    assert shown["place"] == "/walks#card-maths"
    assert shown["source"] == "beliefs/walks.md:9"
    assert shown["open"] == "vscode://file/home/author/my%20books/sections/beliefs/walks.md:9"
    assert ["Kind", "Recall"] in shown["facts"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"client": "10.0.0.7"},
        {"host": "book.example.org"},
        {"headers": {"x_forwarded_for": "10.0.0.7"}},
        {"headers": {"forwarded": "for=10.0.0.7"}},
    ],
)
def test_who_reads_from_elsewhere_is_not_told_where_the_files_lie(
    store: Store, elsewhere: dict[str, Any]
) -> None:
    browser = Browser(someone(store), **elsewhere)
    for reply in (browser.get("card", id="maths"), browser.get("found", q="sigma")):
        assert reply.status == 200
        assert b"author" not in reply.body
    assert browser.get("card", id="maths").json()["source"] == "beliefs/walks.md:9"


def test_cards_are_edited_and_the_edit_is_taken_back_once(browser: Browser, store: Store) -> None:
    me = browser.here.learner
    store.enrol(me, ["card-0", "card-1", "card-2"], NOW)
    store.suspend(me, ["card-0"], NOW)
    asked = {"edit": "suspend", "ids": ["card-0", "card-1", "card-2", "card-3", "not-in-the-book"]}
    said = browser.post("edit", asked).json()
    assert said == {"said": "2 cards suspended; 1 was suspended already; 1 was not kept.", "undo": True}
    assert set(store.decisions(me)) == {"card-0", "card-1", "card-2"}
    nothing = browser.post("edit", asked).json()
    assert nothing == {
        "said": "Nothing to change; 3 were suspended already; 1 was not kept.",
        "undo": True,
    }, "an edit that changes nothing leaves the one before it to be taken back"
    assert browser.post("undo", {}).json() == {"said": "Taken back: 2 cards.", "undo": False}
    assert set(store.decisions(me)) == {"card-0"}
    assert browser.post("undo", {}).json() == {"said": NOTHING, "undo": False}


def test_an_edit_and_its_taking_back_that_are_sent_again_are_done_once_and_told_again(
    browser: Browser, store: Store
) -> None:
    me = browser.here.learner
    store.enrol(me, ["card-0", "card-1"], NOW)
    asked, back = {"id": "1.browse", "edit": "suspend", "ids": ["card-0"]}, {"id": "2.browse"}
    first = browser.post("edit", asked).json()
    assert browser.post("edit", asked).json() == first == {"said": "1 card suspended.", "undo": True}
    taken_back = browser.post("undo", back).json()
    assert browser.post("undo", back).json() == taken_back
    assert taken_back == {"said": "Taken back: 1 card.", "undo": False}
    assert store.decisions(me) == {}
    browser.ticket = browser.visits.renew("", browser.here, DECK)  # the server was started again meanwhile
    assert browser.post("edit", asked).json() == {"said": REPEATED, "undo": False}
    assert store.decisions(me) == {}


def test_an_edit_that_was_long_on_its_way_leaves_what_the_desk_decided_since(
    browser: Browser, store: Store
) -> None:
    me = browser.here.learner
    store.enrol(me, ["card-0", "card-1"], NOW)
    at = browser.here.now - timedelta(minutes=1)
    store.change(me, Change("1.desk", Matter.SUSPEND, ("card-0",), value=False, at=at), browser.here.now)
    asked = {"edit": "suspend", "ids": ["card-0", "card-1"]}
    said = browser.post("edit", {**asked, "age": 120_000}).json()["said"]
    assert said == "1 card suspended; 1 was changed elsewhere since."
    assert browser.post("edit", asked).json()["said"] == "1 card suspended; 1 was suspended already."


def test_a_card_is_buried_until_the_learners_tomorrow(browser: Browser, store: Store) -> None:
    me = browser.here.learner
    store.enrol(me, ["card-0"], NOW)
    browser.post("edit", {"edit": "bury", "ids": ["card-0"]})
    assert browser.found(q="is:buried")["total"] == 1
    browser.here = replace(browser.here, now=NOW + timedelta(days=1))
    assert browser.found(q="is:buried")["total"] == 0


def test_taking_back_tells_of_cards_that_were_changed_since(browser: Browser, store: Store) -> None:
    me = browser.here.learner
    browser.post("edit", {"edit": "keep", "ids": ["card-0", "card-1"]})
    store.withdraw(me, ["card-0"], NOW)
    said = browser.post("undo", {}).json()["said"]
    assert said == "Taken back: 1 card. 1 card changed again since, and left alone."


def test_learners_do_not_see_each_other(store: Store) -> None:
    visits = Visits()
    one, other = (Browser(someone(store), visits=visits) for _ in range(2))
    assert one.ticket != other.ticket
    one.post("edit", {"edit": "keep", "ids": ["card-0"]})
    assert one.found(q="is:kept")["total"] == 1
    assert other.found(q="is:kept")["total"] == 0
    assert other.post("undo", {}).json()["said"] == NOTHING
    assert visits.renew(one.ticket, other.here, DECK) != one.ticket


@pytest.mark.parametrize("what", ["found", "ids", "card"])
def test_nothing_is_told_without_a_ticket(browser: Browser, what: str) -> None:
    browser.ticket = "guessed"
    reply = browser.get(what, q="x", id="card-0")
    assert (reply.status, reply.json()) == (401, {"error": "This page has lost its place. Load it again."})


@pytest.mark.parametrize("what", ["edit", "undo"])
def test_nothing_is_changed_from_elsewhere_or_without_a_ticket(browser: Browser, what: str) -> None:
    body = {"edit": "keep", "ids": ["card-0"]}
    assert browser.post(what, body, origin="http://elsewhere.example").status == 403
    assert browser.post(what, body, x_martingale="0").status == 403
    browser.ticket = ""
    assert browser.post(what, body).status == 401
    assert browser.here.memories() == {}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"edit": "burn", "ids": []}, "An edit is asked for with a JSON object"),
        ({"edit": "keep", "ids": "card-0"}, "An edit is asked for with a JSON object"),
        ({"edit": "keep", "ids": [1]}, "An edit is asked for with a JSON object"),
        ({"edit": ["keep"], "ids": []}, "An edit is asked for with a JSON object"),
        ({"id": "", "edit": "keep", "ids": []}, "Every change has an id of its own"),
        ({"id": 7, "edit": "keep", "ids": []}, "Every change has an id of its own"),
        ([], "Every change has an id of its own"),
        (b"{", "Every change has an id of its own"),
        (b"[" * 100_000, "Every change has an id of its own"),
    ],
)
def test_a_body_that_is_no_edit_is_refused_in_a_sentence(browser: Browser, body: object, said: str) -> None:
    reply = browser.post("edit", body)
    assert reply.status == 422
    assert reply.json()["error"].startswith(said)


@pytest.mark.parametrize(
    ("what", "query", "said"),
    [
        (
            "found",
            {"sort": "beauty"},
            "There is no order 'beauty'. There are relevance, place, section, due,",
        ),
        ("found", {"from": "-1"}, "'-1' is not a place in a list; give from as a number from 0."),
        ("ids", {"to": "1e9"}, "'1e9' is not a place in a list; give to as a number from 0."),
        ("card", {"id": "gone"}, "This card is no longer in the book."),
    ],
)
def test_a_bad_question_is_answered_in_a_sentence(
    browser: Browser, what: str, query: dict[str, str], said: str
) -> None:
    reply = browser.get(what, **query)
    assert reply.status == 422
    assert reply.json()["error"].startswith(said)


def test_more_than_can_be_sent_is_refused(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cards.pages.browse_routes.BODY_LIMIT", 100)
    reply = browser.post("edit", {"edit": "keep", "ids": list(DECK)})
    assert (reply.status, reply.json()["error"]) == (
        422,
        "Too many cards are selected to be sent at once. Select fewer.",
    )
    assert BODY_LIMIT > 100_000 * 100


def test_a_page_keeps_its_ticket_and_learns_of_a_new_book(browser: Browser) -> None:
    book = {"other": card(0, id="other", section="other", front="<p>brand new</p>")}
    assert browser.visits.renew(browser.ticket, browser.here, book) == browser.ticket
    assert browser.found(q="brand section:other")["total"] == 1
    assert browser.found(q="section:walks")["problems"]


def test_the_oldest_pages_are_forgotten(store: Store) -> None:
    visits, here = Visits(), someone(store)
    first = visits.renew("", here, {})
    for _ in range(MOST):
        visits.renew("", here, {})
    with pytest.raises(UnknownTicketError):
        visits.of(first)


def test_a_tag_brings_those_above_it(browser: Browser) -> None:
    assert names(DECK)["tag"] == ("walks", "walks::fair")
    assert browser.found(q="tag:Walks")["total"] == 250


def test_a_card_that_has_left_the_book_leaves_a_gap(browser: Browser) -> None:
    first = browser.found(q="question", sort="place")
    rest = {card_id: found for card_id, found in DECK.items() if card_id != "card-1"}
    browser.visits.renew(browser.ticket, browser.here, rest)
    again = browser.found(q="question", sort="place", of=first["of"])
    assert again["rows"][1] is None
    assert again["rows"][2]["id"] == "card-2"
