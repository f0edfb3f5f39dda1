"""The ledger in the real app: a claim from its first number to its end, its link, its curve, by keyboard."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.believing import keep_a_ledger
from tests.browser.harness import Server, rows, serious

CREDENCES = (
    "SELECT probability, note FROM credence WHERE withdrawn_at IS NULL AND claim_id = '{}' ORDER BY id"
)
COUNT = "SELECT count(*) FROM credence WHERE withdrawn_at IS NULL"
PICTURE = ".path [role=img]"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One app for this file, and a learner with claims, half of which have turned out."""
    folder = tmp_path_factory.mktemp("ledger")
    home = folder / "home"
    home.mkdir()
    running = keep_a_ledger(home, folder / "book")
    yield running.start()
    running.stop()


def table(file: TextIO) -> list[dict[str, str]]:
    """The credences in a table."""
    return list(csv.DictReader(file))


def document(file: TextIO) -> list[object]:
    """The credences in a document."""
    return list(json.load(file)["credences"])


def opened(page: Page, text: str) -> Locator:
    """The row of a claim."""
    return page.locator(".claims > li", has=page.get_by_role("button", name=text))


def put(row: Locator, credence: str, note: str = "") -> None:
    """Put a credence down, by the keyboard."""
    row.get_by_role("textbox", name=re.compile("How likely is it now")).fill(credence)
    row.get_by_label("Why, if you like").fill(note)
    row.get_by_role("button", name="Put it down").press("Enter")


def test_a_claim_is_written_believed_thought_over_and_taken_back(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/ledger")
    expect(page.get_by_text("Private: it stays in your file on this machine.")).to_be_visible()
    page.get_by_role("button", name="Write it down").press("Enter")
    expect(page.get_by_text("There is no claim; write a sentence")).to_be_visible()
    page.get_by_label("A claim of your own").fill("I will read on.")
    page.get_by_role("button", name="Write it down").press("Enter")
    row = opened(page, "I will read on.")
    number = row.get_by_role("textbox", name=re.compile("How likely is it now"))
    expect(number).to_be_focused()
    (found,) = rows(server, "SELECT claim_id FROM claim WHERE text = 'I will read on.'")
    claim_id = str(found[0])

    def kept() -> list[tuple[object, ...]]:
        return rows(server, CREDENCES.format(claim_id))

    # What cannot be read is said in its place, and nothing that was typed is lost.
    put(row, "101", "a reason")
    expect(row.get_by_text("“101” lies outside 0 to 100%")).to_be_visible()
    expect(number).to_have_value("101")
    expect(row.get_by_label("Why, if you like")).to_have_value("a reason")
    for credence, note in (("50 %", "a reason"), ("no idea", ""), ("3/4", "")):
        put(row, credence, note)
        expect(number).to_have_value("")
    assert kept() == [(0.5, "a reason"), (None, ""), (0.75, "")]
    expect(row.locator(".under")).to_contain_text("75% today")
    picture = row.locator(PICTURE)
    expect(picture.locator(".main-svg").first).to_be_attached()
    assert "with 1 gap where you had no idea" in str(picture.get_attribute("aria-label"))
    expect(row.locator(".measured")).to_contain_text("In 1 update: movement 0.062")

    entries = row.locator(".said-so-far > li")
    entries.first.get_by_role("button", name="Add a note").press("Enter")
    row.get_by_role("textbox", name="Note", exact=True).fill("news")
    row.get_by_role("button", name="Keep it").press("Enter")
    expect(entries.first.get_by_text("news")).to_be_visible()
    entries.last.get_by_role("button", name="Change the note").press("Enter")
    row.get_by_role("textbox", name="Note", exact=True).fill("half a thou")
    entries.first.get_by_role("button", name="Take back").press("Enter")
    expect(entries).to_have_count(2)
    expect(row.get_by_role("textbox", name="Note", exact=True)).to_have_value("half a thou")
    expect(row.get_by_role("button").first).to_be_focused()  # the pressed one is gone, and the focus is not
    row.get_by_role("button", name="Leave it").press("Enter")
    expect(entries.last.get_by_role("button", name="Change the note")).to_be_focused()
    page.get_by_role("button", name="Bring back").press("Enter")
    expect(entries).to_have_count(3)
    assert kept() == [(0.5, "a reason"), (None, ""), (0.75, "news")]
    assert serious(page) == []

    # Another tab adds to it: this one has it as soon as it is looked at again, and keeps what is being typed.
    number.fill("4")
    other = opened(open_page(f"{server.url}/ledger#claim-{claim_id}"), "I will read on.")
    put(other, "80%")
    expect(other.locator(".under")).to_contain_text("80% today")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(entries).to_have_count(4)
    expect(row.locator(".under")).to_contain_text("80% today")
    expect(number).to_have_value("4")


def test_a_claim_turns_out_is_opened_again_changed_taken_along_and_deleted(
    server: Server, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(f"{server.url}/ledger#claim-own-1")
    row = opened(page, "Claim number 1 holds.")
    number = row.get_by_role("textbox", name=re.compile("How likely is it now"))
    row.get_by_role("button", name="Yes: it is true").press("Enter")
    expect(row.get_by_text(re.compile("It turned out true, as you said on"))).to_be_visible()
    expect(number).to_be_hidden()
    expect(row.locator(".measured")).to_contain_text("Followed to its end at 100%")
    assert serious(page) == []
    row.get_by_role("button", name="Take back how it turned out").press("Enter")
    expect(number).to_be_visible()

    row.get_by_role("button", name="Change the claim").press("Enter")
    row.get_by_label("The claim").fill("Claim number 1 holds, and more.")
    row.get_by_role("button", name="Change it").press("Enter")
    row = opened(page, "Claim number 1 holds, and more.")
    expect(row.locator(".said-so-far > li")).to_have_count(2)

    for name, read in (("Credences as CSV", table), ("Everything as JSON", document)):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).press("Enter")
        download.value.save_as(tmp_path / "file")
        with (tmp_path / "file").open(encoding="utf-8", newline="") as file:
            found_rows = read(file)
        assert len(found_rows) == int(str(rows(server, COUNT)[0][0]))

    row.get_by_role("button", name="Delete for good").press("Enter")
    expect(row.get_by_text("Delete for good this claim and its 2 credences?")).to_be_visible()
    expect(row.get_by_role("button", name="Leave it")).to_be_focused()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Delete for good").press("Enter")
    row.get_by_role("button", name="Delete it", exact=True).press("Enter")
    expect(row).to_have_count(0)
    expect(page.get_by_role("heading", name="Claims", exact=True)).to_be_focused()
    assert rows(server, CREDENCES.format("own-1")) == []


def test_a_point_of_the_curve_leads_to_its_claims_and_a_link_to_one_of_them(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/ledger#claim-own-3")
    row = opened(page, "Claim number 3 holds.")
    expect(row.get_by_role("button").first).to_be_focused()
    expect(row.locator(PICTURE)).to_be_in_viewport()
    page.get_by_role("img", name=re.compile("claims with a forecast")).scroll_into_view_if_needed()
    expect(page.locator(".curve .main-svg").first).to_be_attached()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert serious(page) == [], theme

    found = page.locator(".claims > li")
    page.locator(".points .point").last.click()
    expect(found).to_have_count(15)  # of those that turned out, those at 70%
    expect(page.get_by_text("Only those that turned out, of which you were 70–80% sure.")).to_be_visible()
    page.get_by_role("button", name="All claims").press("Enter")
    expect(found).to_have_count(25 + 1)  # and the one that is open
    page.get_by_role("region", name="Bins").get_by_role("button", name="20–30%").press("Enter")
    expect(found).to_have_count(15)
    expect(page.get_by_role("heading", name="Claims", exact=True)).to_be_focused()

    page.get_by_role("group", name="Which claims").get_by_role("button", name=re.compile("^All ")).press(
        "Enter"
    )
    page.get_by_role("button", name="All claims").press("Enter")
    page.get_by_label("Order").select_option("Least likely")
    expect(found.first.locator(".under")).to_contain_text("20% on")
    page.get_by_label("Find a claim").fill("number 59")
    expect(found).to_have_count(1)
    page.get_by_role("link", name="See that forecaster in the lab").press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Ledger")
    assert re.search(r"/lab-update-frequency\?update_frequency\.prior=0\.5&", page.url)


def test_a_claim_of_the_book_leads_here_from_its_place_and_back(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/sky")
    page.get_by_role("link", name="In your ledger").last.click()
    row = opened(page, "It snows.")
    expect(row.get_by_role("button").first).to_be_focused()
    expect(row.locator(PICTURE)).to_be_visible()
    checks = page.locator(".done li")
    expect(checks).to_contain_text("Prior 50%, expected posterior 50%.")
    expect(checks).to_contain_text("The evidence did not come: your numbers ask for 25%, and you stated 30%.")
    expect(checks.get_by_role("link", name="It snows, or it will.")).to_be_visible()

    which = page.get_by_role("group", name="Which claims")
    which.get_by_role("button", name="Not asked yet 1").press("Enter")
    other = opened(page, "It rains.")
    other.get_by_role("button").first.press("Enter")
    expect(other.get_by_text("It turned out true on 31 January 2026, as its author says.")).to_be_visible()
    other.get_by_role("link", name="Its place in the book").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What falls from the sky?")


def test_on_a_phone_nothing_is_cut_off_and_all_can_be_deleted(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{server.url}/ledger#claim-own-3", phone=True, dark=True)
    expect(opened(page, "Claim number 3 holds.").locator(PICTURE)).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    assert serious(page) == []
    page.get_by_role("button", name="Delete everything I believe").click()
    expect(
        page.get_by_text(re.compile("Delete all that you believe: 61 claims with every credence"))
    ).to_be_visible()
    page.get_by_role("button", name="Delete it all").click()
    expect(page.get_by_text("You have put a number on nothing yet.")).to_be_visible()
    expect(page.get_by_text("You have put a number on none yet.")).to_be_visible()
    page.get_by_label("Find a claim").fill("no claim has this in it")
    expect(page.get_by_text("No claim is like that.")).to_be_visible()
    expect(page.get_by_text(re.compile("A backup from before is .*before-forget"))).to_be_visible()
    assert rows(server, "SELECT count(*) FROM credence") == [(0,)]
    assert serious(page) == []
