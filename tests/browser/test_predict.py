"""A card that asks for a guess, in the real app: from the guess to the grade, to the run, and back again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from cards.card import Card
from cards.instance import Quiz
from cards.kind import get
from cards.predict.tolerance import follows
from cards.store import Store
from content.library import Library
from sim.guess import Interval, Number
from tests.browser.harness import Server, rows, serious, settled
from tests.browser.reviewing import OPENING, SETTLE, TRACK, answers, presses

CARDS = """\
:::{predict} from-anywhere
:sim: belief_walk
:ask: expected_updates
:vary: start in 5%..95%, step in 1%..5%
:tolerance: 10%
From {start} in steps of {step}: how many updates?
---
The budget is $p(1-p)$.
:::

:::{predict} half-way
:sim: hazard_belief
:ask: credence_halfway
:vary: prior in 10%..90%
:tolerance: 5 points
:guess: interval 80%
You hold {prior} that it comes, and half of the time has passed.
:::
"""


def _book(folder: Path) -> Path:
    track = folder / "walks"
    track.mkdir(parents=True)
    (track / "_track.md").write_text(TRACK, "utf-8")
    (track / "steps.md").write_text(f"{OPENING}Some prose.\n\n{CARDS}", "utf-8")
    return folder


BOOK = _book


@pytest.fixture
def deck(tmp_path: Path) -> dict[str, Card]:
    """The cards of the book, as the app has them."""
    return dict(Library([_book(tmp_path / "same")]).load().deck)


@pytest.fixture(autouse=True)
def kept(server: Server) -> int:
    """The learner, who has never answered anything and keeps the first card."""
    with closing(sqlite3.connect(server.database, timeout=10)) as database, database:
        for table in ("undo", "review", "memory", "prediction"):
            database.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand one line above
    store = Store.open(server.database, now=datetime.now(UTC))
    learner = store.learner("local")
    store.enrol(learner, ["from-anywhere"], datetime.now(UTC))
    store.close()
    return learner


def quiz(deck: dict[str, Card], card_id: str, learner: int, repetition: int = 0) -> Quiz:
    """The question that the app asks."""
    asked = get("predict").instance(deck[card_id], learner, repetition).quiz
    assert asked is not None
    return asked


def predictions(server: Server) -> list[tuple[object, ...]]:
    """The predictions that count."""
    return rows(
        server,
        "SELECT card_id, guess, low, high FROM prediction WHERE client_id NOT IN "
        "(SELECT review.client_id FROM review JOIN undo ON undo.review_id = review.id) ORDER BY id",
    )


def grade(page: Page) -> Locator:
    """The one button that confirms the grade."""
    return page.get_by_role("group", name="The grade that follows").get_by_role("button")


def shows_the_run(page: Page, asked: Quiz) -> None:
    """Follow the way to the run that the card speaks of, and come back."""
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Show me this run").click()
    run = opened.value
    run.locator(".lab-toy").wait_for()
    assert f"{urlsplit(run.url).path}?{urlsplit(run.url).query}" == asked.run.partition("#")[0]
    expect(run.locator("input.seed")).to_have_value(str(asked.seed))
    run.close()


def test_a_guess_is_committed_judged_looked_into_and_taken_back(
    server: Server, open_page: Callable[..., Page], kept: int, deck: dict[str, Card]
) -> None:
    asked = quiz(deck, "from-anywhere", kept)
    said = round(1.05 * asked.truth)
    page = open_page(f"{server.url}/review", ready=".question")
    expect(page.locator(".stage .question")).to_contain_text(
        f"From {100 * float(asked.settings['start']):g}%"
    )

    page.keyboard.press("Space")
    field = page.get_by_role("textbox", name="Your guess")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Write a number first")).to_be_visible()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="is not a number")).to_be_visible()
    expect(page.locator(".stage .answer")).to_be_hidden()
    assert serious(page) == []

    page.keyboard.press("Escape")
    field.evaluate("(field) => (field.value = '')")
    page.keyboard.type(f"{said:,}")  # the first digit brings the field into focus
    page.keyboard.press("Enter")
    expect(page.locator(".stage .answer")).to_contain_text(f"You said {said:,} updates")
    expect(page.locator(".stage .answer")).to_contain_text("Within 10%: Good.")
    expect(field).to_be_hidden()
    assert serious(page) == []

    shows_the_run(page, asked)
    page.wait_for_timeout(SETTLE)
    page.locator(".stage .answer").focus()
    page.keyboard.press("1")
    expect(page.get_by_text("The grade follows from your guess. Space goes on with it.")).to_be_visible()
    assert presses(server) == 0
    page.keyboard.press("Space")
    assert settled(lambda: answers(server), [("from-anywhere", 3)]) == [("from-anywhere", 3)]
    assert predictions(server) == [("from-anywhere", said, None, None)]

    page.keyboard.press("z")
    expect(page.locator(".stage .answer")).to_contain_text(f"You said {said:,} updates")
    assert settled(lambda: predictions(server), []) == []
    page.reload()
    page.locator(".question").first.wait_for()
    # The guess stands: the answer has been seen.
    expect(page.locator(".stage .answer")).to_contain_text(f"You said {said:,} updates")
    page.wait_for_timeout(SETTLE)
    page.keyboard.press("Enter")
    assert settled(lambda: answers(server), [("from-anywhere", 3)]) == [("from-anywhere", 3)]
    assert predictions(server) == [("from-anywhere", said, None, None)]
    assert presses(server) == 2
    page.reload()
    page.locator(".review .rest, .review .question").first.wait_for()
    page.wait_for_timeout(SETTLE)
    assert presses(server) == 2
    assert len(predictions(server)) == 1


def test_a_card_asks_for_an_interval_where_it_stands_and_lets_who_does_not_know_pass(
    server: Server, open_page: Callable[..., Page], kept: int, deck: dict[str, Card]
) -> None:
    asked = quiz(deck, "half-way", kept)
    low, high = asked.truth - 0.01, asked.truth + 0.01
    page = open_page(f"{server.url}/steps", phone=True, dark=True, ready="#card-half-way .question")
    card = page.locator("#card-half-way")
    card.get_by_role("textbox", name="From").fill("30")
    card.get_by_role("textbox", name="To").fill("60")
    card.get_by_role("button", name="Commit").click()
    expect(card.get_by_role("alert")).to_contain_text("write 30% or 0.3")
    card.get_by_role("textbox", name="From").fill(f"{100 * low:.3f}%")
    card.get_by_role("textbox", name="To").fill(f"{100 * high:.3f} %")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("within it")
    expect(card).to_contain_text("It holds the answer, and is narrow: Easy.")
    assert serious(page) == []
    page.wait_for_timeout(SETTLE)
    page.keyboard.press("3")
    page.keyboard.press("Space")
    expect(card).to_contain_text("You will see it again")
    assert settled(lambda: answers(server), [("half-way", 4)]) == [("half-way", 4)]
    # What the card says of itself by now; its question and its verdict stay.
    expect(card.locator(".standing")).to_contain_text("in review")
    expect(card).to_contain_text("within it")

    other = page.locator("#card-from-anywhere")
    other.get_by_role("button", name="I don’t know").click()
    expect(other).to_contain_text("You passed: Forgot.")
    page.wait_for_timeout(SETTLE)
    grade(page).click()
    wanted = [("half-way", 4), ("from-anywhere", 1)]
    assert settled(lambda: answers(server), wanted) == wanted
    assert [row[0] for row in predictions(server)] == ["half-way", "from-anywhere"]


def test_the_browser_grades_as_the_server_does(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/review", ready=".question")
    truth, tolerance = 1000.0, 100.0
    numbers = [{"value": value} for value in (1000, 1025, 1026, 1100, 1100.1, 900, 899, 800, 799, 0, -1000)]
    ends = [(950, 1050), (949, 1051), (800, 1200), (799, 1201), (600, 1400), (599, 1401), (1001, 1100),
            (1100, 1500), (1101, 1102), (1100, 1501), (800, 899)]  # fmt: skip
    intervals = [{"low": low, "high": high} for low, high in ends]
    given: list[dict[str, float] | None] = [*numbers, *intervals, None]
    graded = page.evaluate(
        """async ([given, truth, tolerance]) => {
            const { follows } = await import("/assets/cards/follows.js");
            const quiz = { truth, tolerance, within: "10%" };
            return [false, true].map((two) => given.map((said) => follows(quiz, said, two).rating));
        }""",
        [given, truth, tolerance],
    )
    said = [
        *(Number(one["value"]) for one in numbers),
        *(Interval(one["low"], one["high"], 0.8) for one in intervals),
        None,
    ]
    assert graded == [[follows(one, truth, tolerance, two=two) for one in said] for two in (False, True)]
