"""The way out to Anki: what is in the deck, the package, how to import it, and what happens the next time."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from cards.anki.package import make_package
from cards.card import Deck
from cards.pages.coming_home import coming_home
from cards.pages.session import present
from cards.pages.settings_links import PAGES
from cards.pages.tending import editions, hashes
from cards.store import StoreProblem

FILE_NAME = "martingale.apkg"
COMMAND = f"python -m cards export --out {FILE_NAME}"
TITLE = PAGES["/take-away"]
WHAT = "in one Anki package, with their maths, tags, and a link back to where each card stands."
EMPTY = "The book has no cards yet. Once a section has some, they can be taken to Anki from here."
HEAD = '<tr><th scope="col">Section</th><th scope="col">Track</th><th scope="col">Cards</th></tr>'
CLOSING = f"""<div class="prose">
<h2>Into Anki</h2>
<ol>
<li>Open the downloaded file, or choose <b>File → Import</b> in Anki.</li>
<li>Leave the options as they are and press <b>Import</b>.</li>
<li>The cards lie in the deck <b>Martingale</b>, one deck a section inside it, in the order of the book.</li>
</ol>
<h2>The next time</h2>
<p>Import a newer package whenever you like. No card is added twice. A card whose text has changed in the
book is updated and keeps its history. A card that you have edited yourself keeps your words until the book
changes it. A card that has left the book stays with you.</p>
<p>Anki and this app count apart: reviewing a card in one does not move its date in the other, until you bring
its reviews <a href="#back">back</a>.</p>
<h2>Without this page</h2>
<pre><code>{COMMAND}</code></pre>
</div>"""


def page(deck: Deck) -> None:
    """Show the page; the package is built in memory, and only when it is asked for."""
    with st.container(key="take-away"):
        st.html(opening(deck))
        if deck:
            _download(deck)
            st.html(CLOSING)
            _back()


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
        f'<div class="table"><table><thead>{HEAD}</thead><tbody>{rows}</tbody></table></div></div>'
    )


def base_url(address: str | None) -> str:
    """The app's own address, from the address of one of its pages; empty where there is none."""
    parts = urlsplit(address or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _download(deck: Deck) -> None:
    try:
        here = present()
        modified = here.store.stamp_texts(hashes(deck), here.now, editions=editions(deck))
    except StoreProblem as problem:
        st.html(f'<p class="ui">{escape(problem.what)} {escape(problem.remedy)}</p>')
        return

    url = base_url(st.context.url)

    def build() -> bytes:
        return make_package(deck.values(), modified=modified, base_url=url, now=here.now).data

    st.download_button(
        f"Download {FILE_NAME}",
        data=build,  # called when the button is pressed
        file_name=FILE_NAME,
        mime="application/octet-stream",
        key="download-package",
        type="primary",
        on_click="ignore",
    )


def _back() -> None:
    with suppress(StoreProblem):  # what cannot be opened has been told where the way out is
        coming_home(present())


def _cards(count: int) -> str:
    return "1 card" if count == 1 else f"{count} cards"
