"""Pushing to the Anki that runs on the same machine: only where the browser runs there too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from cards.anki.connect import Anki, ConnectError
from cards.anki.push import push
from cards.anki.push_plan import plan
from cards.anki.push_words import remarks, summary
from cards.card import Card
from cards.pages.session import Present
from cards.taking import ANKI, TAKING, Taking, anki_address

HERE = {"localhost", "127.0.0.1", "::1"}
OPENING = """<div class="prose">
<h2>Into a running Anki</h2>
<p>With its add-on <b>AnkiConnect</b> (2055492159), Anki takes the cards while it runs: what it lacks is
added, what has changed in the book is updated, and what you have edited there stays. Nothing is added twice,
whether you push or import packages, and your reviews find their way <a href="#back">back</a> from either.</p>
</div>"""
ELSEWHERE = """<div class="prose"><p>Anki has to run on the machine that serves this page, and be asked from
there:</p>
<pre><code>python -m cards push --dry-run</code></pre></div>"""


def pushing(
    here: Present, cards: Sequence[Card], *, modified: Mapping[str, datetime], base_url: str, taking: Taking
) -> None:
    """Show what can be pushed, and push it when asked.

    Args:
        here: Who pushes.
        cards: The chosen cards.
        modified: When the content of each card last changed, by id.
        base_url: The app's address, for links back into the book.
        taking: Where Anki listens.
    """
    st.html(OPENING)
    if not is_on_this_machine(st.context.headers, st.context.ip_address):
        st.html(ELSEWHERE)
        return
    where = st.text_input("Where AnkiConnect listens", value=taking.anki, key="away-anki")
    try:
        taking = keep(here, taking, replace(taking, anki=anki_address(where.strip() or ANKI)))
    except ValueError as error:
        st.html(f'<p class="ui" role="alert">{escape(str(error))}</p>')
        return
    with st.container(key="push-buttons", horizontal=True):
        is_meant = st.button("Push to Anki", key="push", disabled=not cards)
        is_tried = st.button(
            "Only say what would change", key="push-dry", type="tertiary", disabled=not cards
        )
    if is_meant or is_tried:
        with st.spinner("Asking Anki …"):
            said = pushed(cards, modified, base_url, taking.anki, now=None if is_tried else here.now)
        st.html(f'<p class="ui said" role="status">{escape(" ".join(said))}</p>')


def keep(here: Present, before: Taking, chosen: Taking) -> Taking:
    """Keep what a learner has chosen, if it is something else than before, and return it.

    Raises:
        StoreProblem: If it cannot be written.
    """
    if chosen != before:
        here.store.set_setting(here.learner, TAKING, chosen.to_json())
    return chosen


def is_on_this_machine(headers: Mapping[str, str], ip_address: str | None) -> bool:
    """Whether a browser runs on the machine that serves it, and not behind something that passes it on.

    Anyone else would have this machine talk to itself for them.

    Args:
        headers: What the browser sent.
        ip_address: Where from; None for this machine.
    """
    passed_on = any(name in headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    try:
        host = urlsplit(f"//{headers.get('Host') or ''}").hostname
    except ValueError:  # it is no address
        return False
    return not passed_on and (ip_address or "127.0.0.1") in HERE and host in HERE


def pushed(
    cards: Sequence[Card], modified: Mapping[str, datetime], base_url: str, address: str, now: datetime | None
) -> list[str]:
    """Push cards, or without a present find out what that would change, and say so in sentences."""
    anki = Anki(address)
    try:
        found = plan(anki, cards, modified=modified, base_url=base_url)
        if now is not None:
            push(anki, found, now=now)
    except ConnectError as error:
        return [str(error)]
    return [summary(found, dry_run=now is None), *remarks(found)]
