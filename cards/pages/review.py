"""The review desk, one card on the whole screen: the browser runs it, here it is saved and given cards."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st

from cards.card import Deck
from cards.pages import payload
from cards.pages.operations import Receipt, save
from cards.pages.session import TWO_GRADES, present
from cards.store import StoreProblem
from sim.pages.component import component

KEY = "review"
RECEIPT = "review-receipt"
FOLLOWED = "followed"  # where the site's script finds the address that a reader has chosen

_review = component("cards", "review")


def page(deck: Deck) -> None:
    """Show the desk."""
    _desk(deck)


@st.fragment
def _desk(deck: Deck) -> None:
    result = _review(
        key=KEY,
        data=_data(deck),
        on_operations_change=partial(_save, deck),
        on_refresh_change=_nothing,
        on_go_change=_nothing,
        on_two_grades_change=_choose_grades,
    )
    if result.go:
        st.session_state[FOLLOWED] = {"path": result.go, "anchor": ""}
        st.rerun()


def _save(deck: Deck) -> None:
    st.session_state[RECEIPT] = save(present(), st.session_state[KEY]["operations"], deck)


def _choose_grades() -> None:
    with suppress(StoreProblem):  # the desk has changed its buttons already, and the next choice is kept
        here = present()
        here.store.set_setting(here.learner, TWO_GRADES, value=st.session_state[KEY]["two_grades"] is True)


def _data(deck: Deck) -> dict[str, Any]:
    receipt = st.session_state.get(RECEIPT, Receipt())
    try:
        return payload.desk(deck, present(), receipt)
    except StoreProblem as problem:
        return payload.closed_desk(problem, receipt)


def _nothing() -> None:
    """A component returns only those triggers that have a callback."""
