"""The review desk, one card on the whole screen: the browser runs it, here it is saved and given cards."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import streamlit as st

from cards.card import Deck
from cards.pages import payload
from cards.pages.following import follow
from cards.pages.operations import Receipt, save
from cards.pages.session import present
from cards.store import StoreProblem
from sim.pages.component import component

KEY = "review"
RECEIPT = "review-receipt"
ROUND = "cram"  # what the address calls cards to go through without touching their dates

_review = component("cards", "review")


def page(deck: Deck) -> None:
    """Show the desk, or, where the address asks for it, a round that touches no date."""
    _desk(deck, st.query_params.get(ROUND, ""))


@st.fragment
def _desk(deck: Deck, asked_for: str) -> None:
    result = _review(
        key=KEY,
        data=_data(deck, asked_for),
        on_operations_change=_save,
        on_refresh_change=_nothing,
        on_go_change=_nothing,
        on_two_grades_change=_choose_grades,
    )
    follow(result.go)


def _save() -> None:
    try:
        receipt = save(present(), st.session_state[KEY]["operations"])
    except StoreProblem as problem:
        receipt = Receipt(problem=f"Not saved yet. {problem.what}")
    st.session_state[RECEIPT] = receipt


def _choose_grades() -> None:
    with suppress(StoreProblem):  # the desk has changed its buttons already, and the next choice is kept
        here = present()
        here.prefer(replace(here.preferences, two_grades=st.session_state[KEY]["two_grades"] is True))


def _data(deck: Deck, asked_for: str) -> dict[str, Any]:
    receipt = st.session_state.get(RECEIPT, Receipt())
    try:
        here = present()
        if asked_for:
            return payload.round_of_cards(asked_for, deck, here, receipt)
        return payload.desk(deck, here, receipt)
    except StoreProblem as problem:
        return payload.closed_desk(problem, receipt)


def _nothing() -> None:
    """A component returns only those triggers that have a callback."""
