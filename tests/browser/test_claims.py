"""Claims: put down, changed, taken back and settled where they stand, around their section and at the desk.

By keyboard alone. One app, one book of one section, each test with claims of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from cards.beliefs.asking import next_repeat
from cards.claims import Claim, Credence
from cards.days import DayRules, day_number
from cards.store import LOCAL, Store
from tests.browser.harness import Complaints, Server, rows, serious, settled

TRIALS = """
Some prose.

:::{credence} it-rains
:by: 2099-12-31
:before: true
It will have rained by the end of the century.
---
- Look at $p(1-p)$.
- Look at the sky.
:::

:::{credence} it-snows
It snows.
---
Look *up*.
:::

:::{conservation} the-glass
:happened: false
It rains.
---
The glass falls.
---
It stood still.
---
So it goes.
:::

:::{card} what-falls
What falls?
---
Rain.
:::

:::{ledger}
:::
"""
COUNTING = "select claim_id, round(probability, 3), occasion, repeat from credence where withdrawn_at is null"
READ = f"{COUNTING} order by id"


def counting(server: Server, wanted: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The credences that count, once they are as wanted."""
    return settled(lambda: rows(server, READ), wanted)


def slider(part: Locator) -> Locator:
    return part.get_by_role("slider")


def press(page: Page, part: Locator, name: str) -> None:
    """Press a button with the keyboard."""
    part.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def keys(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def say(page: Page, part: Locator, credence: str) -> None:
    """Write a credence, and put it down."""
    part.get_by_label("in percent").focus()
    page.keyboard.type(credence)
    keys(page, "Enter")


def test_a_claim_is_asked_before_a_section_where_it_stands_and_after(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/trials", ready=".claim .how-likely")
    opening, rain = page.get_by_role("group", name="Before you read"), page.locator("#card-it-rains")
    expect(rain).to_have_attribute("aria-label", "Claim: not asked yet")
    expect(rain).not_to_contain_text("What to weigh")
    expect(slider(opening)).to_have_count(1)
    expect(slider(opening)).to_have_attribute("aria-valuetext", "not set")
    assert serious(page) == []

    slider(opening).focus()
    keys(page, "End", "PageDown", "PageDown", "ArrowLeft", "ArrowDown", "PageUp", "ArrowRight", "Home")
    expect(slider(opening)).to_have_attribute("aria-valuetext", "0%")
    keys(page, "PageUp", "PageUp", "ArrowRight", "Enter")
    expect(opening).to_contain_text("Put down: 21%.")
    assert counting(server, [("it-rains", 0.21, "before", 0)]) == [("it-rains", 0.21, "before", 0)]
    expect(rain.locator(".said")).to_have_text(re.compile("^You said 21% today, before reading"))
    expect(rain.get_by_text("Look at the sky.")).to_be_visible()
    expect(rain.locator(".katex")).to_have_count(1)

    closing_ = page.get_by_role("group", name="After reading")
    expect(closing_).not_to_contain_text("21")
    closing_.get_by_label("in percent").focus()
    page.keyboard.type("30,5 %")
    keys(page, "Enter")
    expect(closing_).to_contain_text("Before: 21%. After: 30.5%, 9.5 points up.")
    expect(rain.locator(".standing")).to_contain_text("30.5% today · asked again in 14 days")
    keys(page, "z")
    expect(slider(closing_)).to_have_count(1)
    assert counting(server, [("it-rains", 0.21, "before", 0)]) == [("it-rains", 0.21, "before", 0)]
    keys(page, "Shift+Z")
    expect(closing_).to_contain_text("9.5 points up")

    press(page, opening, "Not now")
    expect(opening).to_contain_text("Read on, then.")
    page.reload()
    rain.locator(".said").wait_for()
    expect(page.get_by_role("group", name="Before you read")).to_have_count(0)
    expect(page.get_by_role("button", name="Keep this card")).to_be_visible()  # the claims are not among them


def test_a_claim_is_entered_changed_taken_back_settled_and_all_of_it_undone(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/trials", phone=True, dark=True, ready=".claim .how-likely")
    snow, standing = page.locator("#card-it-snows"), page.locator("#card-it-snows .standing")
    field = snow.get_by_label("in percent")
    field.focus()
    page.keyboard.type("half")
    keys(page, "Enter")
    expect(snow.get_by_role("alert")).to_have_text(
        "“half” is not understood; write 50, 50% or 1/3, or “no idea”."
    )
    expect(field).to_be_focused()
    expect(field).to_have_value("half")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert serious(page) == []
    press(page, snow, "Add a note")
    page.keyboard.type("A hunch.")
    field.focus()
    keys(page, "Control+A")
    page.keyboard.type("1/3")
    expect(snow.get_by_role("alert")).to_have_count(0)
    keys(page, "Enter")
    expect(snow.locator(".said")).to_be_focused()
    expect(snow.locator(".said")).to_contain_text("You said 33.3% today.")
    expect(snow.locator(".note .words")).to_have_text("A hunch.")
    expect(snow.get_by_text("Look up.")).to_be_visible()

    press(page, snow, "Change")
    keys(page, "End")
    page.keyboard.type(" Or more.")
    keys(page, "Escape")
    note = "select note from credence where claim_id = 'it-snows'"
    assert settled(lambda: rows(server, note)[0][0], "A hunch. Or more.") == "A hunch. Or more."
    keys(page, "z")
    expect(snow.locator(".note .words")).to_have_text("A hunch.")

    keys(page, "z")
    expect(standing).to_contain_text("not asked yet")
    keys(page, "Shift+Z")
    expect(standing).to_contain_text("33.3% today")

    press(page, snow, "Has reading this moved you?")
    expect(slider(snow)).to_be_focused()
    expect(slider(snow)).to_have_attribute("aria-valuetext", "not set")
    keys(page, "ArrowRight", "ArrowRight", "Enter")
    expect(snow.locator(".said")).to_contain_text("Before: 33.3%. After: 51%, 17.7 points up.")
    press(page, snow, "Take it back")
    expect(standing).to_contain_text("33.3% today")
    keys(page, "z")
    expect(standing).to_contain_text("51% today")

    settle_and_open_again(page, snow)
    page.reload()
    expect(standing).to_contain_text("51% today · asked again in 14 days")
    expect(snow.locator(".note")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_said_while_the_server_is_gone_is_put_down_once_it_is_back(
    server: Server, open_page: Callable[..., Page], complaints: Complaints
) -> None:
    """It knows no part of the open page then, before the whole page has run."""
    with closing(Store.open(server.database, now=datetime.now(UTC))) as store:
        store.forget_beliefs(store.learner(LOCAL))
    page = open_page(f"{server.url}/trials", ready="#card-it-snows .how-likely")
    snow = page.locator("#card-it-snows")
    server.stop()
    say(page, snow, "41")
    expect(snow).to_contain_text("Not saved yet")
    server.start()
    expect(snow.locator(".said")).to_contain_text("You said 41% today", timeout=45_000)
    assert counting(server, [("it-snows", 0.41, "", 0)]) == [("it-snows", 0.41, "", 0)]
    complaints.lines.clear()  # the browser says that a server was gone, too


def settle_and_open_again(page: Page, snow: Locator) -> None:
    """Say that a claim has turned out false, take that back, say it again, and open it after all."""
    standing = snow.locator(".standing")
    press(page, snow, "It has turned out")
    expect(snow.get_by_role("group", name="How has it turned out?")).to_be_visible()
    assert serious(page) == []
    press(page, snow, "No: it is false")
    expect(standing).to_contain_text("51% today · turned out false, as you said on")
    keys(page, "z")
    expect(standing).to_contain_text("51% today · asked again in 14 days")
    keys(page, "Shift+Z")
    press(page, snow, "Take back how it turned out")
    expect(standing).to_contain_text("asked again in 14 days")


def test_evidence_is_foreseen_shown_and_compared(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{server.url}/trials", phone=True, ready=".conservation .dial")
    check = page.get_by_role("group", name="Foresee the evidence")
    expect(check).not_to_contain_text("It stood still.")
    fields = check.get_by_label("in percent")
    for number, said in enumerate(("20", "no idea", "10 %")):
        fields.nth(number).focus()
        page.keyboard.type(said)
    keys(page, "Enter")
    expect(check.get_by_role("alert")).to_contain_text("“no idea” cannot be reckoned with")
    expect(fields.nth(1)).to_be_focused()
    assert [fields.nth(number).input_value() for number in range(3)] == ["20", "no idea", "10 %"]
    assert serious(page) == []
    keys(page, "Control+A")
    page.keyboard.type("60")
    keys(page, "Enter")
    expect(check.locator(".implied")).to_be_focused()
    expect(check).to_contain_text("If it comes, you will have to believe 60%; if it does not, 10%.")
    expect(check).to_contain_text("20% × 60% + 80% × 10% = 20%. That is your prior again")
    expect(check).not_to_contain_text("It stood still.")
    press(page, check, "Show what came")
    expect(check.locator(".came")).to_be_focused()
    expect(check).to_contain_text("It stood still.")
    expect(check).to_contain_text("By your own numbers you now believe 10%, 10 points down from 20%.")
    assert serious(page) == []
    check.get_by_label("in percent").focus()
    page.keyboard.type("35")
    keys(page, "Enter")
    expect(check.locator(".stated")).to_be_focused()
    expect(check).to_contain_text("You say 35%, 25 points more than your numbers ask.")
    page.reload()
    expect(check).to_contain_text("25 points more than your numbers ask")
    press(page, check, "Take it back")
    expect(check.get_by_role("slider")).to_have_count(3)
    keys(page, "z")
    expect(check).to_contain_text("25 points more than your numbers ask")
    kept = "select prior, if_true, if_false, happened, after, withdrawn_at from conservation_check"
    assert settled(lambda: rows(server, kept), [(0.2, 0.6, 0.1, 0, 0.35, None)]) == [
        (0.2, 0.6, 0.1, 0, 0.35, None)
    ]


def test_the_desk_asks_for_claims_after_the_last_card(server: Server, open_page: Callable[..., Page]) -> None:
    now = datetime.now(UTC)
    with closing(Store.open(server.database, now=now)) as store:
        learner = store.learner(LOCAL)
        store.forget_beliefs(learner)
        old = now - timedelta(days=20)
        store.record_credence(learner, Credence("old", "it-snows", 0.417, old))
        store.keep_claim(learner, Claim("own-1", "The <sun> shone.", date(2026, 1, 1), old))
        again = asked_to_be_repeated(now - timedelta(days=4))
        store.keep_claim(learner, Claim(again, "It hails.", None, old))
        store.record_credence(learner, Credence("lately", again, 0.6, now - timedelta(days=4)))
    page = open_page(f"{server.url}/review", ready=".review .rest")
    desk = page.get_by_role("region", name="Review")
    press(page, desk, "Think again about 3 claims")
    expect(desk).to_contain_text("The <sun> shone.")
    expect(desk).to_contain_text("Its date has come. Has it turned out?")
    assert serious(page) == []
    keys(page, "1")
    expect(desk.locator(".stage")).to_contain_text("It snows.")
    outcome = "select outcome from resolution where claim_id = 'own-1' and withdrawn_at is null"
    assert settled(lambda: rows(server, outcome), [("yes",)]) == [("yes",)]
    keys(page, "z")
    expect(desk).to_contain_text("The <sun> shone.")
    assert settled(lambda: rows(server, outcome), []) == []
    keys(page, "4")
    assert settled(lambda: rows(server, outcome), [("open",)]) == [("open",)]

    expect(desk.locator(".stage")).to_contain_text("It snows.")
    expect(desk).not_to_contain_text("41.7")
    assert serious(page) == []
    slider(desk).focus()
    keys(page, "Home", "PageUp", "Enter")
    expect(desk.locator(".remark")).to_contain_text(re.compile(r"Put down: 10%\. Before it, on .*: 41\.7%\."))
    wanted: list[tuple[object, ...]] = [
        ("it-snows", 0.417, "", 0),
        (again, 0.6, "", 0),
        ("it-snows", 0.1, "", 0),
    ]
    assert counting(server, wanted) == wanted
    keys(page, "z")
    expect(desk.locator(".stage")).to_contain_text("It snows.")
    assert counting(server, wanted[:2]) == wanted[:2]
    press(page, desk, "No idea")
    expect(desk.locator(".remark")).to_contain_text("Put down: no idea.")
    say_it_again(page, desk, server)
    expect(desk.locator(".rest")).to_be_visible()
    expect(desk.get_by_role("button", name="Think again")).to_have_count(0)


def asked_to_be_repeated(at: datetime) -> str:
    """The id of a claim of one's own whose entry of that day is drawn to be said again."""
    history = [(day_number(at, DayRules()), 0.6, False)]
    names = (f"own-again-{number}" for number in range(1000))
    today = day_number(at, DayRules()) + 4
    return next(name for name in names if next_repeat(name, history, today=today) == today)


def say_it_again(page: Page, desk: Locator, server: Server) -> None:
    """Say the same once more: with something learned it is a credence, without it only measures noise."""
    repeats = (
        "select repeat from credence where claim_id like 'own-again-%' and withdrawn_at is null order by id"
    )
    expect(desk).to_contain_text("Nothing new since? Say it again.")
    expect(desk).not_to_contain_text("60%")
    desk.get_by_role("checkbox", name="I have learned something since").focus()
    keys(page, "Space")
    desk.get_by_label("in percent").focus()
    page.keyboard.type("70")
    keys(page, "Enter")
    assert settled(lambda: rows(server, repeats), [(0,), (0,)]) == [(0,), (0,)]
    expect(desk.locator(".rest")).to_be_visible()
    keys(page, "z")
    expect(desk).to_contain_text("Nothing new since? Say it again.")
    desk.get_by_label("in percent").focus()
    page.keyboard.type("62")
    keys(page, "Enter")
    assert settled(lambda: rows(server, repeats), [(0,), (1,)]) == [(0,), (1,)]


def test_the_readers_own_record_follows_what_is_said_and_leads_to_the_ledger(
    server: Server, open_page: Callable[..., Page]
) -> None:
    """From 50% to 10% the movement is 0.4² = 0.16, and the uncertainty falls from 0.25 to 0.09."""
    now = datetime.now(UTC)
    with closing(Store.open(server.database, now=now)) as store:
        learner = store.learner(LOCAL)
        store.forget_beliefs(learner)
    page = open_page(f"{server.url}/trials", phone=True, ready=".record")
    record, snow = page.get_by_role("group", name="Your own record"), page.locator("#card-it-snows")
    expect(record).to_contain_text("You have not put a number on any claim yet. 2 claims of this book wait")
    say(page, snow, "50")
    expect(record).to_contain_text("1 claim, 1 credence.")
    press(page, snow, "Has reading this moved you?")
    say(page, snow, "10")
    expect(record.locator("dl > div").nth(1)).to_contain_text(re.compile("^Movement0.16"))
    expect(record.locator("dl > div").nth(2)).to_contain_text(re.compile("^Uncertainty reduction0.16"))
    expect(record).to_contain_text("1 claim has moved; a verdict waits for 50")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    snow.locator(".said").focus()
    keys(page, "z")
    expect(record.locator("dl")).to_have_count(0)
    record.get_by_role("link", name="Open your ledger").click()
    page.wait_for_url(f"{server.url}/ledger")
