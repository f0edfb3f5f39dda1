"""What is done on the ledger: with a ticket only, undone again, and one sentence for what is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from cards.claims import ConservationCheck, Credence, Outcome
from cards.pages.ledger_deeds import LONGEST_CLAIM, LONGEST_NOTE
from cards.pages.ledger_routes import BODY_LIMIT
from cards.settled import Settled
from cards.store import Store
from tests.cards.ledger_browser import NEW, Browser
from tests.cards.pages_learner import NOW, open_store, someone


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.fixture
def browser(store: Store) -> Browser:
    return Browser(someone(store))


def test_a_claim_is_written_believed_changed_and_taken_back(browser: Browser) -> None:
    name = browser.write("  I will\nfinish. ", by="2027-01-01")
    browser.say(name, "50 %", "1/4", "no idea", "75")
    shown = browser.claim(name)
    assert shown["text"] == "I will finish."
    assert [entry["said"] for entry in shown["entries"]] == ["75%", "no idea", "25%", "50%"]
    assert shown["row"]["standing"] == "75% today · by 1 January 2027"
    assert shown["turned"] == "The desk asks for it again in 14 days."
    assert shown["row"]["spark"] == [50, 25, None, 75]
    assert shown["measured"] == [
        "In 2 updates: movement 0.31, uncertainty reduction 0.062, excess 0.25."  # M = 5/16, R = 1/16
    ]

    last = shown["entries"][0]["id"]
    undo = browser.do("take-back", claim=name, id=last)["undo"]
    assert browser.claim(name)["entries"][0]["said"] == "no idea"
    browser.do(**undo)
    assert browser.claim(name)["entries"][0]["id"] == last

    browser.do("note", claim=name, id=last, note="because")
    assert browser.claim(name)["entries"][0]["note"] == "because"
    browser.do("write", claim=name, text="I will start.", by="")
    changed = browser.claim(name)
    assert (changed["text"], changed["by"], len(changed["entries"])) == ("I will start.", "", 4)


def test_how_a_claim_turned_out_can_be_said_undone_and_taken_back(browser: Browser) -> None:
    name = browser.write()
    browser.say(name, "80")
    undo = browser.do("resolve", id="r1", claim=name, outcome="yes")["undo"]
    shown = browser.claim(name)
    assert (shown["settled"], shown["mine"], shown["turned"][:14]) == (True, True, "It turned out ")
    assert browser.all()["calibration"]["bins"][0]["claims"] == [name]
    assert "turned out" in browser.refused("credence", id="late", claim=name, text="99")

    back = browser.do(**undo)["undo"]
    assert not browser.claim(name)["settled"]
    browser.do(**back)
    assert browser.claim(name)["settled"]
    undo = browser.do("resolve", id="r2", claim=name, outcome="open")["undo"]
    assert not browser.claim(name)["settled"]
    browser.do(**undo)
    assert browser.claim(name)["settled"]
    browser.do("resolve", id="r3", claim=name, outcome="void")
    assert browser.all()["calibration"]["none"]


def test_what_is_taken_back_leaves_a_claim_to_its_author(browser: Browser) -> None:
    browser.deck = {NEW.id: replace(NEW, resolved=Settled(Outcome.NO))}
    browser.ticket = browser.visits.renew("", browser.here, browser.deck)
    browser.do("resolve", id="own", claim=NEW.id, outcome="yes")
    said = browser.do("resolve", id="back", claim=NEW.id, outcome="open")["said"]
    assert said == "Taken back: its author says that it turned out false."
    assert browser.claim(NEW.id)["settled"]
    name = browser.write()
    browser.do("resolve", id="mine", claim=name, outcome="yes")
    assert browser.do("resolve", id="undone", claim=name, outcome="open")["said"].endswith(
        "it is open again."
    )


def test_what_is_sent_twice_is_done_once(browser: Browser) -> None:
    name = browser.write()
    for _ in range(2):
        browser.do("credence", id="once", claim=name, text="50", note="", repeat=False)
        browser.do("resolve", id="done", claim=name, outcome="open")
    assert len(browser.claim(name)["entries"]) == 1


def test_a_claim_and_all_that_is_believed_can_be_deleted_for_good(browser: Browser, store: Store) -> None:
    name, other = browser.write(), browser.write()
    browser.say(name, "50")
    browser.say("a-claim", "30")
    browser.do("forget", claim=name)
    assert browser.get("claim", id=name).status == 422
    assert not store.credences(browser.here.learner, [name])
    copies = len(store.copies())
    said = browser.do("forget-all")["said"]
    assert "deleted: 2 rows. A backup from before is " in said  # a claim and a credence
    assert len(store.copies()) == copies + 1
    assert store.copies()[0].why == "before-forget"
    found = browser.all()
    assert (found["stand"], found["held"], other in str(found)) == ("", False, False)
    assert [row["status"] for row in found["rows"]] == ["unasked"]  # the book still makes its claim


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no credence; write a number from 0 to 100, or “no idea”."),
        ("101", "“101” lies outside 0 to 100%; write a number from 0 to 100."),
        ("-1", "outside 0 to 100%"),
        ("1,2,3", "more than one decimal mark"),
        ("often", "“often” is not understood; write 50, 50% or 1/3, or “no idea”."),
        ("0.5", "may mean 0.5% or 50%"),
        (None, "There is no credence"),
    ],
)
def test_what_is_no_credence_is_said_in_a_sentence_and_nothing_is_kept(
    browser: Browser, text: str | None, said: str
) -> None:
    name = browser.write()
    assert said in browser.refused("credence", id="bad", claim=name, text=text)
    assert browser.claim(name)["entries"] == []


@pytest.mark.parametrize(
    ("text", "by", "said"),
    [
        (" \n", "", "There is no claim"),
        ("Will I?", "", "That is a question"),
        ("x" * (LONGEST_CLAIM + 1), "", "501 characters"),
        ("I will.", "31.12.2027", "'31.12.2027' is not a date; write it as 2027-12-31"),
        ("I will.", "2027-02-30", "is not a date"),
        ("I will.", "2026-11-22", "2026-11-22 is past; write a day still to come, or none."),
    ],
)
def test_what_is_no_claim_is_said_in_a_sentence(browser: Browser, text: str, by: str, said: str) -> None:
    assert said in browser.refused("write", claim="own-never", text=text, by=by)
    assert all(row["id"] != "own-never" for row in browser.all()["rows"])


def test_a_claim_whose_date_has_come_can_still_be_changed(browser: Browser) -> None:
    name = browser.write(by="2026-11-23")
    browser.here = replace(browser.here, now=NOW + timedelta(days=3))
    assert browser.claim(name)["row"]["status"] == "past"
    browser.do("write", claim=name, text="I will, really.", by="2026-11-23")
    assert "is past" in browser.refused("write", claim=name, text="I will.", by="2026-11-24")


@pytest.mark.parametrize(
    "sent",
    [
        b"{",
        b"[]",
        b'{"deed": ["credence"]}',
        {"deed": "sing"},
        {"deed": "credence", "id": "1", "claim": "nowhere", "text": "50"},
        {"deed": "credence", "claim": "a-claim", "text": "50"},
        {"deed": "credence", "id": 7, "claim": "a-claim", "text": "50"},
        {"deed": "credence", "id": "x\0", "claim": "a-claim", "text": "50"},
        {"deed": "credence", "id": "x" * 201, "claim": "a-claim", "text": "50"},
        {"deed": "credence", "id": "1", "claim": "a-claim", "text": "50", "note": "x" * (LONGEST_NOTE + 1)},
        {"deed": "note", "claim": "a-claim", "id": "nothing", "note": ""},
        {"deed": "take-back", "claim": "a-claim", "id": "nothing"},
        {"deed": "withdraw", "claim": "a-claim", "id": "nothing"},
        {"deed": "resolve", "claim": "a-claim", "id": "1", "outcome": "perhaps"},
        {"deed": "resolve", "claim": "a-claim", "id": "1", "outcome": ["yes"]},
        {"deed": "write", "claim": "a-claim", "text": "Mine now.", "by": ""},
        {"deed": "write", "claim": "other-1", "text": "Mine.", "by": ""},
        b'{"deed": "' + b"x" * BODY_LIMIT + b'"}',
    ],
)
def test_what_our_page_does_not_send_is_refused_and_changes_nothing(browser: Browser, sent: object) -> None:
    before = browser.all()
    reply = browser.send(sent)
    assert (reply.status, list(reply.json())) == (422, ["error"])
    assert browser.all() == before


def test_only_the_last_entry_is_taken_back_and_a_first_one_repeats_nothing(browser: Browser) -> None:
    name = browser.write()
    browser.do("credence", id="first", claim=name, text="50", note="", repeat=True)
    browser.do("credence", id="second", claim=name, text="52", note="", repeat=True)
    assert [entry["about"] for entry in browser.claim(name)["entries"]] == ["repeat rating", ""]
    assert "Only the last entry" in browser.refused("take-back", claim=name, id="first")


def test_a_claim_that_left_the_book_is_kept_on_record_and_takes_no_more(browser: Browser) -> None:
    browser.here.store.record_credence(browser.here.learner, Credence("old", "gone", 0.5, NOW))
    assert browser.claim("gone")["row"]["where"] == "No longer in the book"
    assert "no longer in the book" in browser.refused("credence", id="1", claim="gone", text="50")
    browser.do("forget", claim="gone")
    assert all(row["id"] != "gone" for row in browser.all()["rows"])


def test_what_was_only_taken_back_can_be_deleted_too(browser: Browser) -> None:
    browser.say(NEW.id, "30")
    browser.do("take-back", claim=NEW.id, id=browser.claim(NEW.id)["entries"][0]["id"])
    assert (browser.all()["held"], browser.claim(NEW.id)["held"]) == (True, True)
    browser.do("forget", claim=NEW.id)
    assert (browser.all()["held"], browser.claim(NEW.id)["held"]) == (False, False)


def test_another_number_under_a_name_that_was_heard_already_is_refused(browser: Browser) -> None:
    """The answer to the first was lost on its way, and the reader has thought again."""
    name = browser.write()
    browser.do("credence", id="once", claim=name, text="60", note="", repeat=False)
    said = browser.refused("credence", id="once", claim=name, text="70", note="", repeat=False)
    assert "60% was put down already" in said
    assert [entry["said"] for entry in browser.claim(name)["entries"]] == ["60%"]


def test_a_check_of_conservation_can_be_deleted_by_itself(browser: Browser, store: Store) -> None:
    me = browser.here.learner
    for name in ("rain", "snow"):
        store.record_conservation(me, ConservationCheck(name, name, 0.5, 0.8, 0.2, happened=True, at=NOW))
    assert {check["id"] for check in browser.all()["checks"]} == {"rain", "snow"}
    browser.do("forget-check", check="rain")
    assert [check["id"] for check in browser.all()["checks"]] == ["snow"]
    assert "not on the ledger any more" in browser.refused("forget-check", check="rain")


def test_without_the_pages_ticket_and_header_nothing_is_told_or_done(browser: Browser) -> None:
    assert browser.send({"deed": "forget-all"}, x_martingale="0").status == 403
    browser.ticket = "made-up"
    for what in ("all", "claim", "credences.csv", "claims.csv", "beliefs.json"):
        assert browser.get(what).status == 401
    assert browser.send({"deed": "forget-all"}).status == 401


def test_one_learner_sees_nothing_of_another(browser: Browser, store: Store) -> None:
    name = browser.write()
    other = Browser(someone(store))
    assert other.get("claim", id=name).status == 422
    assert all(row["id"] != name for row in other.all()["rows"])


def test_the_files_hold_what_was_said(browser: Browser) -> None:
    name = browser.write("=HYPERLINK(evil)")
    browser.say(name, "50", "no idea")
    rows = list(csv.DictReader(io.StringIO(browser.get("credences.csv").body.decode(), newline="")))
    assert [(row["text"], row["probability"]) for row in rows] == [
        ("'=HYPERLINK(evil)", "0.5"),
        ("'=HYPERLINK(evil)", ""),
    ]
    reply = browser.get("claims.csv")
    assert reply.headers["content-type"].startswith("text/csv")
    assert reply.body.decode().count("\r\n") == 2
    assert len(browser.get("beliefs.json").json()["credences"]) == 2
