"""What the ledger says: where to begin, no verdict too soon, checks, who said how a claim turned out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.claims import ConservationCheck, Credence, Outcome, Resolution
from cards.days import DayRules
from cards.evidence import Evidence
from cards.ledger import Listed
from cards.pages import ledger_words as words
from cards.settled import Settled
from cards.store import Store
from tests.cards.ledger_browser import Browser
from tests.cards.pages_learner import NOW, open_store, someone

RULES = DayRules("Europe/London")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = open_store(tmp_path_factory.mktemp("home"))
    yield opened
    opened.close()


@pytest.fixture
def browser(store: Store) -> Browser:
    return Browser(someone(store))


def test_an_empty_ledger_says_what_to_do_first(browser: Browser) -> None:
    found = browser.all()
    assert (found["stand"], found["start"], found["held"]) == ("", "/walks#card-a-claim", False)
    assert found["private"] == "Private: it stays in your file on this machine."
    assert Browser(browser.here, deck={}).all()["start"] == ""


def test_a_claim_of_the_book_leads_to_its_place(browser: Browser) -> None:
    shown = browser.claim("a-claim")
    assert (shown["place"], shown["text"], shown["own"]) == ("/walks#card-a-claim", "Walks are fair.", False)


def test_no_verdict_is_given_below_fifty_claims_and_one_is_from_then_on(browser: Browser) -> None:
    def keep(number: int) -> None:
        for place, credence in enumerate((0.5, 0.25 if number % 2 else 0.75)):
            entry = Credence(f"{number}-{place}", f"own-v{number}", credence, NOW)
            browser.here.store.record_credence(browser.here.learner, entry)

    for number in range(49):
        keep(number)
    assert "a verdict waits for 50" in browser.all()["together"]["verdict"]
    keep(49)
    verdict = browser.all()["together"]["verdict"]
    assert verdict.startswith("Over 50 claims, your credences moved 1.00 times")


def test_movement_of_one_way_is_explained(browser: Browser) -> None:
    for number in range(10):
        assert not browser.all()["together"]["drift"]
        for place, credence in enumerate((0.5, 0.25)):
            entry = Credence(f"d{number}-{place}", f"own-d{number}", credence, NOW)
            browser.here.store.record_credence(browser.here.learner, entry)
    assert browser.all()["together"]["drift"].startswith("100% of your moves go down. That alone is no fault")


def test_a_check_sets_the_prior_beside_the_expected_posterior_and_the_implied_beside_the_stated(
    browser: Browser,
) -> None:
    check = ConservationCheck("c1", "a-fair-coin", 0.5, 0.75, 0.25, True, NOW, after=0.6)
    browser.here.store.record_conservation(browser.here.learner, check)
    (gone,) = browser.all()["checks"]
    assert (gone["name"], gone["place"]) == ("a-fair-coin, no longer in the book", "")
    claim, may_come, came = "<p>The coin is <em>fair</em>.</p>", "<p>Heads.</p>", "<p>Heads it was.</p>"
    evidence = Evidence("a-fair-coin", "walks", claim, may_come, came, happened=True)
    browser = Browser(replace(browser.here, evidence={evidence.id: evidence}))
    (shown,) = browser.all()["checks"]
    assert (shown["name"], shown["place"]) == ("The coin is fair.", "/walks#card-a-fair-coin")
    assert shown["sentences"] == [
        "Prior 50%, expected posterior 50%.",
        "You gave the evidence 75% if the claim is true and 25% if it is false, so 50% in all.",
        "The evidence came: your numbers ask for 75%, and you stated 60%.",
    ]
    impossible = words.check(replace(check, if_true=0, if_false=0, after=None), 0, browser.here.rules)
    assert "which your numbers called impossible" in impossible[2]


def test_a_small_chance_is_told_and_is_not_nothing() -> None:
    check = ConservationCheck("c", "c", 0.0002, 0.5, 0.9999, True, NOW)
    prior, chances, asks, _ = words.check(check, 0, RULES)
    assert prior == "Prior 0.02%, expected posterior 0.02%."
    assert chances.endswith("50% if the claim is true and 99.99% if it is false, so 99.98% in all.")
    assert asks == "The evidence came: your numbers ask for 0.01%."


chances = st.integers(0, 100).map(lambda percent: percent / 100)


@given(chances, chances, chances, st.booleans())
def test_every_check_can_be_told_and_expects_its_prior(
    prior: float, if_true: float, if_false: float, happened: bool
) -> None:
    check = ConservationCheck("c", "c", prior, if_true, if_false, happened, NOW)
    said = words.check(check, 0, RULES)[0]
    before, expected = said.removeprefix("Prior ").removesuffix(".").split(", expected posterior ")
    assert before == expected


def test_words_of_who_said_how_a_claim_turned_out() -> None:
    authors = Settled(Outcome.YES, date(2026, 11, 1), "it was measured")
    claim = Listed("a", text="A.", section="walks", authors=authors)
    assert (
        words.turned_out(claim, RULES)
        == "It turned out true on 1 November 2026, as its author says (it was measured)."
    )
    own = replace(claim, own=Resolution("r", "a", Outcome.VOID, NOW))
    assert words.turned_out(own, RULES) == "It came to nothing, as you said on 23 November 2026."
    assert words.turned_out(replace(claim, authors=None), RULES) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.125, "0.12"),
        (0.0625, "0.062"),
        (-0.075, "−0.075"),
        (-1e-9, "0.000"),
        (12.345, "12.35"),
        (-1.5, "−1.50"),
    ],
)
def test_amounts_are_told_with_the_digits_they_deserve(value: float, said: str) -> None:
    assert words.amount(value) == said
