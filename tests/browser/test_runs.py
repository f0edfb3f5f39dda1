"""Runs as a reader meets them: kept, shown again, many at once, through reruns, freezes and sudden ends."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from sim.turns import WAITING_EACH
from tests.browser.harness import Server, settled, write_trials

QUICK = """
:::{sim} toy_superposition
:steps: 30
:restarts: 1
:instances: 2
:controls: steps
:caption: Over at once.
:::
"""
ASKING = QUICK.replace(":controls:", ":predict: dedicated_loss_dense\n:controls:").replace("30", "31")
MANY = WAITING_EACH + 2
# Each with a seed of its own: one that comes to its end after all is kept, and the next test's is not.
SLOW = "\n".join(
    f"""
:::{{sim}} toy_superposition
:steps: 5000
:restarts: 32
:seed: {seed}
:controls: steps
:caption: Takes a quarter of a minute or more.
:::
"""
    for seed in range(MANY)
)
TRIALS = f"""
{QUICK}

{ASKING}

{SLOW}
"""
FAST, ASKED, FIRST_SLOW = 1, 2, 3
LEFT, RERUN, FROZEN, KILLED = range(FIRST_SLOW + 2, FIRST_SLOW + 6)
ECHO = 500  # milliseconds: a press sooner after the first is taken for a double click's
LONG = 60_000  # milliseconds: the first worker of a server waits until torch is imported
KEPT = "kept from an earlier run"
STEPS = re.compile(r"^After ([\d,]+) of 5,?000 steps")


@pytest.fixture
def section(server: Server, open_page: Callable[..., Page]) -> Page:
    return open_page(f"{server.url}/trials", ready=f"#toy_superposition-{FIRST_SLOW} .main-svg")


def panel(page: Page, number: int) -> Locator:
    return page.locator(f"#toy_superposition-{number}")


def button(place: Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def steps_done(place: Locator) -> int:
    found = STEPS.search(place.locator(".said").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def stop(page: Page, place: Locator) -> None:
    page.wait_for_timeout(ECHO)
    with page.expect_response(re.compile(r"/cancel$")) as answer:
        button(place, "Stop").click()
    assert answer.value.status == 204
    expect(button(place, "Run")).to_be_visible()


def test_what_was_run_is_shown_at_once_the_next_time(
    server: Server, section: Page, open_page: Callable[..., Page]
) -> None:
    fast = panel(section, FAST)
    before = fast.locator(".said").inner_text()
    button(fast, "Run").click()
    expect(button(fast, "Run again")).to_be_visible(timeout=LONG)
    expect(fast).not_to_contain_text(KEPT)
    said = fast.locator(".said").inner_text()
    assert said != before
    assert settled(lambda: len(list((server.home / "runs").iterdir())), 1) == 1

    # Another reader opens the page.
    again = panel(open_page(f"{server.url}/trials", ready="#toy_superposition-1 .main-svg"), FAST)
    expect(again.locator(".said")).to_have_text(said)
    expect(again).to_contain_text(KEPT)
    expect(button(again, "Run again")).to_be_enabled()

    # With another seed it is run; with the first one it is there, and no run is started.
    button(again, "Run again").click()
    expect(again).not_to_contain_text(KEPT)
    expect(button(again, "Run again")).to_be_visible(timeout=LONG)
    seed = again.get_by_label("Seed")
    assert seed.input_value() != "0"
    seed.fill("0")
    seed.press("Enter")
    expect(button(again, "Run")).to_be_visible()
    with again.page.expect_response(re.compile(r"/runs$")) as answer:
        button(again, "Run").click()
    assert answer.value.json()["message"]["kept"] is True
    expect(again).to_contain_text(KEPT)
    expect(again.locator(".said")).to_have_text(said)

    # It is found again after a reload, and gone from sight when something is moved.
    again.page.reload()
    expect(again).to_contain_text(KEPT)
    again.get_by_role("slider", name="Steps", exact=True).press("ArrowRight")
    expect(again).not_to_contain_text(KEPT)
    expect(button(again, "Run")).to_be_visible()


def test_a_result_that_is_kept_stays_covered_until_the_guess(
    server: Server, section: Page, open_page: Callable[..., Page]
) -> None:
    def answered(place: Locator) -> str:
        button(place, "Just show me").click()
        expect(button(place, "Run again")).to_be_visible(timeout=LONG)
        return place.locator(".said").inner_text()

    first = answered(panel(section, ASKED))
    assert settled(lambda: len(list((server.home / "runs").iterdir())), 3) == 3
    with closing(sqlite3.connect(server.database)) as database, database:
        database.execute("delete from prediction")  # as if it were another reader, who has said nothing yet
    other = panel(open_page(f"{server.url}/trials", ready="#toy_superposition-1 .main-svg"), ASKED)
    expect(other.locator(".main-svg")).to_have_count(0)
    expect(other.locator(".said")).to_contain_text("appear here once you have guessed")
    assert answered(other) == first
    expect(other).to_contain_text(KEPT)
    expect(other.get_by_label("Seed")).to_have_value("0")  # what is shown is what the guess was about


def test_many_runs_of_one_page_wait_for_their_turn_and_can_be_stopped(section: Page) -> None:
    slow = [panel(section, FIRST_SLOW + number) for number in range(MANY)]
    readers = set()
    for place in slow:  # one after another: two requests at once may be answered in either order
        with section.expect_response(re.compile(r"/runs$")) as answer:
            button(place, "Run").click()
        readers.add(json.loads(answer.value.request.post_data or "{}").get("reader"))
    refused = slow.pop()
    expect(refused.get_by_role("alert")).to_contain_text(f"{WAITING_EACH} of your simulations are waiting")
    expect(button(refused, "Run")).to_be_enabled()
    assert len(readers - {None, ""}) == len(readers) == 1
    expect(slow[0].locator(".said")).to_contain_text("After", timeout=LONG)
    for before, place in enumerate(slow[2:], start=1):
        expect(place).to_contain_text(
            "Waiting, after another one" if before == 1 else f"after {before} others"
        )
    # A browser has six connections to a server; each of these would hold one.
    stop(section, slow[-1])
    stop(section, slow[0])
    expect(slow[1].locator(".said")).to_contain_text("After", timeout=LONG)
    expect(slow[2]).to_contain_text("Waiting for its turn")
    section.reload()
    expect(slow[1]).to_contain_text(re.compile(r"\d+%"), timeout=LONG)  # progress, with an estimate beside it
    expect(slow[1]).to_contain_text(re.compile(r"about \d+ (seconds|minutes) left|a second left"))
    for place in reversed(slow[1:-1]):
        expect(button(place, "Stop")).to_be_visible()
        stop(section, place)


def test_a_reader_who_leaves_makes_room_for_one_who_waits(
    server: Server, section: Page, open_page: Callable[..., Page]
) -> None:
    left = panel(section, LEFT)
    button(left, "Run").click()
    expect(left.locator(".said")).to_contain_text("After", timeout=LONG)
    waiting = panel(open_page(f"{server.url}/trials", ready="#toy_superposition-1 .main-svg"), LEFT)
    button(waiting, "Run").click()
    expect(waiting).to_contain_text("Waiting for its turn")
    section.close()
    expect(waiting.locator(".said")).to_contain_text("After", timeout=LONG)
    stop(waiting.page, waiting)


def test_a_run_goes_on_through_a_rerun_of_the_page(section: Page, server: Server) -> None:
    place = panel(section, RERUN)
    button(place, "Run").click()
    expect(place.locator(".said")).to_contain_text("After", timeout=LONG)
    starts: list[str] = []
    section.on("request", lambda request: starts.append(request.url) if request.method == "POST" else None)
    assert server.content is not None
    write_trials(server.content, f"{TRIALS}\nA new last line.\n")
    expect(section.get_by_text("A new last line.")).to_be_visible()
    done = steps_done(place)
    assert settled(lambda: steps_done(place) > done, wanted=True)
    assert starts == []
    stop(section, place)


def test_a_page_that_was_frozen_in_the_background_has_missed_nothing(section: Page) -> None:
    place = panel(section, FROZEN)
    button(place, "Run").click()
    expect(place.locator(".said")).to_contain_text("After", timeout=LONG)
    devtools = section.context.new_cdp_session(section)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    front = section.context.new_page()
    front.wait_for_timeout(1500)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    front.close()
    done = steps_done(place)
    assert settled(lambda: steps_done(place) > done, wanted=True)
    stop(section, place)


def test_a_worker_that_dies_is_one_sentence_and_the_next_run_is_as_any_other(
    server: Server, section: Page
) -> None:
    place = panel(section, KILLED)
    button(place, "Run").click()
    expect(place.locator(".said")).to_contain_text("After", timeout=LONG)
    assert server.process is not None
    # Workers are children of the process that they are forked from, which is the server's.
    below = psutil.Process(server.process.pid).children(recursive=True)
    (worker,) = (process for process in below if process.ppid() != server.process.pid)
    worker.kill()
    expect(place.get_by_role("alert")).to_have_text(
        "The simulation was ended by signal 9, perhaps for want of memory. Try a smaller setting."
    )
    button(place, "Run").click()
    expect(place.get_by_role("alert")).to_be_hidden()
    expect(place.locator(".progress")).to_contain_text(re.compile(r"\d+%"), timeout=LONG)
    stop(section, place)
