"""Claims on a section's page: each in its place, and all of them before it is read and after.

Beside them evidence that the reader is to foresee, whose numbers take the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from cards.card import Card
from cards.evidence import Evidence
from cards.pages import foreseen, stances
from cards.pages.following import follow
from cards.pages.payload import saved
from cards.pages.saving import given, keep_sent
from cards.pages.session import present
from cards.remembered import claims
from sim.pages.component import component

_claim = component("cards", "claim")
_around = component("cards", "around")
_conservation = component("cards", "conservation")


@st.fragment
def card(asked: Card) -> None:
    """Show a claim where it stands."""
    key = f"claim-{asked.id}"
    data = given(key, lambda receipt: stances.in_place(asked, present()) | saved(receipt))
    if data:
        result = _claim(
            key=key, data=data, on_operations_change=partial(keep_sent, key), on_go_change=_nothing
        )
        follow(result.go)


@st.fragment
def before(cards: Sequence[Card]) -> None:
    """Offer, once, to put numbers on a section's claims before it is read; nothing if it has none."""
    _show_around(cards, "before")


@st.fragment
def after(cards: Sequence[Card]) -> None:
    """Ask for those numbers again after a section's end, and show how far they have moved."""
    _show_around(cards, "after")


def _show_around(cards: Sequence[Card], role: str) -> None:
    asked = claims(cards)
    if not asked:
        return
    key = f"{role}-{asked[0].section}"
    data = given(key, lambda receipt: stances.around(asked, role, present()) | saved(receipt))
    if data:
        _around(key=key, data=data, on_operations_change=partial(keep_sent, key))


@st.fragment
def evidence(asked: Evidence) -> None:
    """Show evidence that the reader is to foresee."""
    key = f"evidence-{asked.id}"
    data = given(key, lambda receipt: foreseen.in_place(asked, present()) | saved(receipt))
    if data:
        _conservation(key=key, data=data, on_operations_change=partial(keep_sent, key))


def _nothing() -> None:
    """A component returns only those triggers that have a callback."""
