"""The way out: which cards, as what, and what comes of it in Anki; and the way back from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from cards.card import Card, Deck
from cards.pages.away_choice import Choice, choice
from cards.pages.coming_home import coming_home
from cards.pages.downloads import Offer, downloads
from cards.pages.file_routes import PACKAGE, TABLE
from cards.pages.pushing import keep, pushing
from cards.pages.session import Present, present
from cards.pages.settings_links import PAGES
from cards.pages.tending import editions, hashes
from cards.pages.visits import PAPER
from cards.store import StoreProblem
from cards.taking import TAKING, Taking, checked_address

COMMAND = f"python -m cards export --out {PACKAGE}"
PAPER_TICKET = "paper-ticket"
TITLE = PAGES["/take-away"]
WHAT = "in one Anki package, with their maths, tags, and a link back to where each card stands."
EMPTY = "The book has no cards yet. Once a section has some, they can be taken to Anki from here."
HEAD = '<tr><th scope="col">Section</th><th scope="col">Track</th><th scope="col">Cards</th></tr>'
SECTIONS = "How many from each section"
CHOOSE = '<div class="prose"><h2>Which cards</h2></div>'
INTO_ANKI = """<div class="prose">
<h2>Into Anki</h2>
<ol>
<li>Open the downloaded file, or choose <b>File → Import</b> in Anki.</li>
<li>Leave the options as they are and press <b>Import</b>. If you took your history along, tick <b>Import any
learning progress</b> and <b>Import any deck presets</b> first, and turn <b>FSRS</b> on in the deck’s
options.</li>
<li>The cards lie in the deck <b>Martingale</b>, one deck a section inside it, in the order of the book.</li>
</ol>
<h2>The next time</h2>
<p>Import a newer package whenever you like. No card is added twice. A card whose text has changed in the
book is updated and keeps its history. A card that you have edited yourself keeps your words until the book
changes it. A card that has left the book stays with you. Anki takes a history over once, with a card that is
new to it.</p>
<p>Anki and this app count apart: reviewing a card in one does not move its date in the other, until you bring
its reviews <a href="#back">back</a>.</p>
</div>"""
CLOSING = f"""<div class="prose">
<h2>Without this page</h2>
<pre><code>{COMMAND}
{COMMAND} --history
python -m cards export --csv --out {TABLE}
python -m cards push</code></pre>
</div>"""


def page(deck: Deck) -> None:
    """Show the page."""
    with st.container(key="take-away"):
        st.html(opening(deck))
        if not deck:
            return
        try:
            here = present()
            modified = here.store.stamp_texts(hashes(deck), here.now, editions=editions(deck))
            _away(here, deck, modified)
        except StoreProblem as problem:
            st.html(f'<p class="ui">{escape(problem.what)} {escape(problem.remedy)}</p>')
            return
        coming_home(here)


def _away(here: Present, deck: Deck, modified: Mapping[str, datetime]) -> None:
    taking = Taking.from_json(here.store.setting(here.learner, TAKING))
    st.html(CHOOSE)
    wanted = choice(deck)
    cards = wanted.of(here, deck)
    taking = _links(here, taking)
    url = base_url(st.context.url) if taking.base_url is None else taking.base_url
    _downloads(here, deck, cards, wanted, url)
    st.html(INTO_ANKI)
    pushing(here, cards, modified=modified, base_url=url, taking=taking)
    st.html(CLOSING)


def opening(deck: Deck) -> str:
    """What is in the deck, section by section, as HTML."""
    if not deck:
        return f'<div class="prose"><h1>{TITLE}</h1><p class="stand">{EMPTY}</p></div>'
    in_order = sorted(deck.values(), key=lambda card: card.order)
    counts = Counter((card.section_title, card.track_title) for card in in_order)
    rows = "".join(
        f"<tr><td>{escape(section)}</td><td>{escape(track)}</td><td>{count}</td></tr>"
        for (section, track), count in counts.items()
    )
    return (
        f'<div class="prose"><h1>{TITLE}</h1><p class="stand">{_cards(len(deck))} {WHAT}</p>'
        f"<details><summary>{SECTIONS}</summary>"
        f'<div class="table"><table><thead>{HEAD}</thead><tbody>{rows}</tbody></table></div></details></div>'
    )


def base_url(address: str | None) -> str:
    """The app's own address, from the address of one of its pages; empty where there is none."""
    parts = urlsplit(address or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _downloads(here: Present, deck: Deck, cards: Sequence[Card], wanted: Choice, url: str) -> None:
    with_history = st.checkbox("With my history: dates, memories, answers and settings", key="away-history")
    query = [*wanted.query(), ("base", url)]
    package = [*query, ("history", "1")] if with_history else query
    downloads(
        "away-downloads",
        here,
        deck,
        [Offer(PACKAGE, f"Download {PACKAGE}", package, main=True), Offer(TABLE, "Table (CSV)", query)],
        said=chosen_in_words(len(cards), with_history=with_history),
        link=(wanted.print_address(_paper_ticket(here, deck, wanted)), "On paper"),
        is_offered=bool(cards),
    )


def _paper_ticket(here: Present, deck: Deck, wanted: Choice) -> str:
    if not wanted.kept_only:
        return ""
    ticket = PAPER.renew(st.session_state.get(PAPER_TICKET, ""), here, deck)
    st.session_state[PAPER_TICKET] = ticket
    return ticket


def chosen_in_words(count: int, *, with_history: bool) -> str:
    """What a package will hold: "2 cards chosen, with your history."."""
    return f"{_cards(count)} chosen{', with your history' if with_history else ''}."


def _links(here: Present, taking: Taking) -> Taking:
    """Let the learner say where links lead, and keep it; what is no address is not kept."""
    link = st.text_input(
        "Where the links of the cards lead",
        value=taking.base_url or "",
        placeholder=base_url(st.context.url),
        help="The app’s address as the device with Anki can reach it; empty for the one that you see.",
        key="away-base-url",
    )
    try:
        return keep(here, taking, replace(taking, base_url=checked_address(link.strip()) or None))
    except ValueError as error:
        st.html(f'<p class="ui" role="alert">{escape(str(error))}</p>')
        return taking


def _cards(count: int) -> str:
    return "1 card" if count == 1 else f"{count} cards"
