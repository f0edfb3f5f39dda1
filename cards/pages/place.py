"""A card in its place in the prose, and the offer at a section's end to keep its cards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from cards.card import Card
from cards.pages import payload
from cards.pages.following import follow
from cards.pages.saving import given, keep_sent
from cards.pages.session import present
from cards.remembered import is_remembered
from sim.pages.component import component

_place = component("cards", "place")
_keep = component("cards", "keep")


@st.fragment
def card(asked: Card) -> None:
    """Show a card. What the page says elsewhere of the learner's cards follows what is done here."""
    key = f"place-{asked.id}"
    data = given(key, lambda receipt: payload.place(asked, present(), receipt))
    if data:
        _place(key=key, data=data, on_operations_change=partial(keep_sent, key))


@st.fragment
def keep(cards: Sequence[Card]) -> None:
    """Offer to keep a section's cards in review, or to take them out again; nothing if it has none.

    Claims are not among them: nobody grades those.
    """
    cards = [card for card in cards if is_remembered(card)]
    if not cards:
        return
    key = f"keep-{cards[0].section}"
    chosen = st.session_state.get(f"{key}-chosen")
    data = given(key, lambda receipt: payload.offer(cards, chosen, present(), receipt))
    if not data:
        return
    result = _keep(
        key=key,
        data=data,
        on_operations_change=partial(keep_sent, key),
        on_chosen_change=partial(_choose, key),
        on_go_change=_nothing,
    )
    follow(result.go)


def _choose(key: str) -> None:
    st.session_state[f"{key}-chosen"] = st.session_state[key]["chosen"]


def _nothing() -> None:
    """A component returns only those triggers that have a callback."""
