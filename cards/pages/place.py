"""A card in its place in the prose, and the offer at a section's end to keep its cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from cards.card import Card
from cards.pages import payload
from cards.pages.following import follow
from cards.pages.operations import Receipt, save
from cards.pages.session import present
from cards.store import StoreProblem
from sim.pages.component import component

_place = component("cards", "place")
_keep = component("cards", "keep")


@st.fragment
def card(asked: Card) -> None:
    """Show a card. What the page says elsewhere of the learner's cards follows what is done here."""
    key = f"place-{asked.id}"
    data = _data(key, lambda receipt: payload.place(asked, present(), receipt))
    if data:
        _place(key=key, data=data, on_operations_change=partial(_save, key))


@st.fragment
def keep(cards: Sequence[Card]) -> None:
    """Offer to keep a section's cards in review, or to take them out again; nothing if it has none."""
    if not cards:
        return
    key = f"keep-{cards[0].section}"
    chosen = st.session_state.get(f"{key}-chosen")
    data = _data(key, lambda receipt: payload.offer(cards, chosen, present(), receipt))
    if not data:
        return
    result = _keep(
        key=key,
        data=data,
        on_operations_change=partial(_save, key),
        on_chosen_change=partial(_choose, key),
        on_go_change=_nothing,
    )
    follow(result.go)


def _data(key: str, read: Callable[[Receipt], dict[str, Any]]) -> dict[str, Any] | None:
    if st.session_state.pop(f"{key}-saved", False):
        st.rerun()
    try:
        return read(st.session_state.get(f"{key}-receipt", Receipt()))
    except StoreProblem as problem:
        st.html(f'<p class="ui">{escape(problem.what)}</p>')
        return None


def _save(key: str) -> None:
    receipt = save(present(), st.session_state[key]["operations"])
    st.session_state[f"{key}-receipt"] = receipt
    st.session_state[f"{key}-saved"] = bool(receipt.confirmed)


def _choose(key: str) -> None:
    st.session_state[f"{key}-chosen"] = st.session_state[key]["chosen"]


def _nothing() -> None:
    """A component returns only those triggers that have a callback."""
