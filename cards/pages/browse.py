"""Browse: every card of the book, searched as one types, with where it stands; the browser runs the page.

Here it is given a ticket for its requests (`cards.pages.browse_routes`), and what it offers to narrow by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cards.card import Deck
from cards.kind import get
from cards.pages.review import FOLLOWED
from cards.pages.session import present
from cards.pages.visits import VISITS
from cards.store import StoreProblem
from sim.pages.component import component

TICKET = "browse-ticket"
EMPTY = (
    '<div class="prose"><h1>Browse</h1><p class="stand">The book has no cards yet. '
    "Once a section has some, they can be searched from here.</p></div>"
)

_browse = component("cards", "browse")


def page(deck: Deck) -> None:
    """Show the page."""
    if deck:
        _list(deck)
    else:
        st.html(EMPTY)


@st.fragment
def _list(deck: Deck) -> None:
    result = _browse(
        key="browse",
        data=_data(deck, st.query_params.to_dict()),
        on_renew_change=_nothing,
        on_edited_change=_nothing,
        on_go_change=_nothing,
    )
    if result.go:
        st.session_state[FOLLOWED] = result.go
    if result.go or result.edited:  # what the bar says is due may have changed with an edit
        st.rerun()


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
    """A component returns only those triggers that have a callback."""
