"""Browse: every card of the book, searched as one types, with where it stands; the browser runs the page.

Here it is given a ticket for its requests (`cards.pages.browse_routes`), and what it offers to narrow by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cards.card import Deck
from cards.kind import get
from cards.pages.following import FOLLOWED
from cards.pages.session import present
from cards.pages.visits import VISITS
from cards.store import StoreProblem
from sim.pages.component import component

KEY = "browse"
TICKET = "browse-ticket"
EMPTY = (
    '<div class="prose"><h1>Browse</h1><p class="stand">The book has no cards yet. '
    "Once a section has some, they can be searched from here.</p></div>"
)

_browse = component("cards", "browse")


def page(deck: Deck) -> None:
    """Show the page."""
    if not deck:
        st.html(EMPTY)
        return
    # In no fragment: what the browser asks for here concerns the whole page, and a server that was started
    # again knows of no fragment that was there before.
    _browse(
        key=KEY,
        data=_data(deck, st.query_params.to_dict()),
        on_renew_change=_nothing,
        on_edited_change=_nothing,  # what the bar says is due may be another number now
        on_go_change=_follow,
    )


def _follow() -> None:
    st.session_state[FOLLOWED] = st.session_state[KEY]["go"]


def _data(deck: Deck, query: Mapping[str, str]) -> dict[str, Any]:
    try:
        here = present()
    except StoreProblem as problem:
        return {"problem": f"{problem.what} {problem.remedy}"}
    ticket = VISITS.renew(st.session_state.get(TICKET, ""), here, deck)
    st.session_state[TICKET] = ticket
    return {
        "ticket": ticket,
        "asked": {name: query.get(name, "") for name in ("q", "sort", "down")},
        "cards": len(deck),
        **offers(deck, VISITS.of(ticket).names),
    }


def offers(deck: Deck, names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The sections and kinds that cards can be narrowed to, by name and title."""
    titles = {card.section: card.section_title for card in deck.values()}
    return {
        "sections": [[slug, titles[slug]] for slug in names["section"]],
        "kinds": [[kind, get(kind).title] for kind in names["kind"]],
    }


def _nothing() -> None:
    """The run that a trigger causes is all that is wanted of it."""
