"""The ledger: every claim with its credences over time, what they come to, and how they turned out.

    /ledger#claim-ID                       opens with that claim

The browser runs the page, as it runs that of browsing: here it is given a ticket for its requests
(`cards.pages.ledger_routes`), what figures are drawn with, and the claim to open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from cards.pages.following import FOLLOWED
from cards.pages.session import present
from cards.pages.visits import VISITS
from cards.store import StoreProblem
from sim.pages.component import asset, component
from sim.palette import TOKENS

if TYPE_CHECKING:
    from cards.card import Deck

KEY = "ledger"
TICKET = "ledger-ticket"

_ledger = component("cards", "ledger")


def page(deck: Deck) -> None:
    """Show the page."""
    # In no fragment, for the reasons that browsing has (`cards.pages.browse`).
    _ledger(
        key=KEY,
        data=_data(deck),
        on_renew_change=_nothing,
        on_changed_change=_nothing,  # what the bar says is due may be another number now
        on_go_change=_follow,
    )


def _data(deck: Deck) -> dict[str, Any]:
    try:
        here = present()
    except StoreProblem as problem:
        return {"problem": f"{problem.what} {problem.remedy}"}
    ticket = VISITS.renew(st.session_state.get(TICKET, ""), here, deck)
    st.session_state[TICKET] = ticket
    return {
        "ticket": ticket,
        "anchor": st.session_state.get("anchor", ""),
        "palette": TOKENS,
        "plotly": asset("sim", "vendor/plotly/plotly-cartesian.min.js"),
    }


def _follow() -> None:
    st.session_state[FOLLOWED] = st.session_state[KEY]["go"]


def _nothing() -> None:
    """The run that a trigger causes is all that is wanted of it."""
