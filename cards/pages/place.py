"""A card in its place in the prose, and the offer at a section's end to keep all its cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from html import escape

import streamlit as st

from cards.card import Card
from cards.pages import payload
from cards.pages.operations import Receipt, save
from cards.pages.session import Present, present
from cards.store import Store, StoreProblem
from sim.pages.component import component

KEEP_PROBLEM = "keep-problem"

_place = component("cards", "place")


@st.fragment
def card(asked: Card) -> None:
    """Show a card. What the page says elsewhere of the learner's cards follows an answer given here."""
    key = f"place-{asked.id}"
    if st.session_state.pop(f"{key}-answered", False):
        st.rerun()
    receipt = st.session_state.get(f"{key}-receipt", Receipt())
    try:
        data = payload.place(asked, present(), receipt)
    except StoreProblem as problem:
        _say(problem.what)
        return
    _place(key=key, data=data, on_operations_change=partial(_save, key, asked))


def _save(key: str, asked: Card) -> None:
    receipt = save(present(), st.session_state[key]["operations"], {asked.id: asked})
    st.session_state[f"{key}-receipt"] = receipt
    st.session_state[f"{key}-answered"] = bool(receipt.confirmed)


def keep(cards: Sequence[Card]) -> None:
    """Offer to keep all of a section's cards in review, or to take them out again; nothing if it has none."""
    if not cards:
        return
    with st.container(key="keep"):
        try:
            _offer([card.id for card in cards], present())
        except StoreProblem as problem:
            _say(problem.what)


def _offer(ids: list[str], here: Present) -> None:
    if problem := st.session_state.pop(KEEP_PROBLEM, ""):
        _say(problem)
    memories = here.memories()
    missing = [card_id for card_id in ids if card_id not in memories]
    if missing:
        _say(_cost(len(missing), here.limits.new_a_day))
        st.button(
            f"Keep {_these(len(missing), len(ids))}",
            key="keep-cards",
            on_click=partial(_change, Store.enrol, missing),
        )
    else:
        one = len(ids) == 1
        _say("The card of this section is in your review." if one else _all(len(ids)))
        words = "Take it out" if one else "Take them out"
        st.button(words, key="drop-cards", type="tertiary", on_click=partial(_change, Store.withdraw, ids))


def _change(change: Callable[[Store, int, list[str], datetime], None], ids: list[str]) -> None:
    try:
        here = present()
        change(here.store, here.learner, ids, here.now)
    except StoreProblem as problem:
        st.session_state[KEEP_PROBLEM] = problem.what


def _all(cards: int) -> str:
    return f"All {cards} cards of this section are in your review."


def _these(missing: int, total: int) -> str:
    """Name the cards that a press would keep: "this card", "these 7 cards", "the other 3 cards"."""
    if missing < total:
        return "the other card" if missing == 1 else f"the other {missing} cards"
    return "this card" if missing == 1 else f"these {missing} cards"


def _cost(cards: int, new_a_day: int) -> str:
    """Say what keeping cards leads to, before it is done."""
    days = -(-cards // max(1, new_a_day))
    when = "with your next review" if days == 1 else f"over {days} days, {new_a_day} a day"
    return f"Kept cards are asked {when}, then again each time you are about to forget them."


def _say(sentence: str) -> None:
    st.html(f'<p class="ui">{escape(sentence)}</p>')
