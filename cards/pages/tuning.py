"""Tuning: how well to remember, by track, and what another choice would move.

A change is first a draft, which nothing but this page knows. What it would do is shown; then it is applied to
all cards, or to what is answered from now on, or left. What was last applied can be undone. Fitted weights
(`cards.pages.tuning_fit`) are tried as a draft, too.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from cards.card import Deck
from cards.memory import Memory, State
from cards.pages import drafting, tuning_fit, tuning_foresee
from cards.pages import tuning_figures as figures
from cards.pages import tuning_words as words
from cards.pages.drafting import DRAFT, TROUBLE
from cards.pages.session import Present, present
from cards.remembered import remembered
from cards.schedule import HIGHEST_RETENTION, LOWEST_RETENTION, SchedulerSettings
from cards.store import StoreProblem
from cards.tuning import TUNING, Tuning
from sim.pages.component import component
from sim.pages.panel import figure

BEFORE = "tuning_before"  # the key under which the store keeps what was in force before the last change

_retention = component("cards", "retention")


def page(deck: Deck, cost: Callable[[Present, Tuning], str] | None = None) -> None:
    """Show the page.

    Args:
        deck: The book's cards.
        cost: Says in a sentence what a tuning costs a learner; without it nothing is said.
    """
    with st.container(key="tuning"):
        st.html(f'<div class="prose"><h1>{words.TITLE}</h1><p class="stand">{words.STAND}</p></div>')
        try:
            here, deck = present(), remembered(deck)
            _wanted(deck, here, cost)
            _change(deck, here)
            tuning_fit.section(here)
        except StoreProblem as problem:
            drafting.say(f"{problem.what} {problem.remedy}", "trouble")


# How well


def _wanted(deck: Deck, here: Present, cost: Callable[[Present, Tuning], str] | None) -> None:
    """The desired retention, overall and of each track that the learner keeps cards of."""
    shown = drafting.draft(here)
    data = {
        "low": LOWEST_RETENTION,
        "high": HIGHEST_RETENTION,
        "overall": shown.desired_retention,
        "tracks": _tracks(deck, here, shown),
        "cost": cost(here, shown) if cost else "",
    }
    _retention(key="retention", data=data, on_wanted_change=_take_wanted)


def _tracks(deck: Deck, here: Present, shown: Tuning) -> list[dict[str, Any]]:
    kept = [deck[card_id] for card_id in here.memories() if card_id in deck]
    cards = sorted(kept, key=lambda card: card.order)
    return [
        {"slug": slug, "title": title, "cards": number, "own": shown.by_track.get(slug)}
        for slug, title in dict.fromkeys((card.track, card.track_title) for card in cards)
        for number in [sum(card.track == slug for card in cards)]
    ]


def _take_wanted() -> None:
    """Make a draft of what the learner wants; what no page of ours can have sent is none."""
    wanted = st.session_state["retention"]["wanted"]
    try:
        before = drafting.draft(present())
        others = {slug: own for slug, own in before.by_track.items() if slug not in wanted["by_track"]}
        theirs = {slug: float(own) for slug, own in wanted["by_track"].items() if own is not None}
        overall = float(wanted["overall"])
        tried = replace(before, desired_retention=overall, by_track={**others, **theirs})
    except (TypeError, KeyError, AttributeError):
        return
    except (StoreProblem, ValueError) as error:
        st.session_state[TROUBLE] = str(error)
        return
    st.session_state[DRAFT] = tried


# What it would do


def _change(deck: Deck, here: Present) -> None:
    """What the draft would do, and the buttons that settle it; or the way back from the last change."""
    if trouble := st.session_state.pop(TROUBLE, ""):
        drafting.say(trouble, "trouble")
    draft = drafting.draft(here)
    if draft == here.tuning:
        st.session_state.pop(DRAFT, None)
        _ways_back(here)
        return
    memories = here.memories()
    st.html('<div class="prose"><h2>What would move</h2></div>')
    seen = tuning_foresee.seen(deck, here, draft, memories, _settings(deck, memories, draft))
    if seen is None:
        pass  # the browser shows how far it is
    elif seen.moved:
        figure(figures.shifts(seen), words.foreseen(seen), key="shifts")
        st.html(f'<div class="prose">{words.examples(seen, deck)}</div>')
    else:
        drafting.say(words.foreseen(seen))
    with st.container(key="tuning-choices", horizontal=True):
        if seen is not None and seen.moved:
            st.button(
                "Apply, and move the dates", key="tuning-apply", on_click=_apply, args=(deck,), type="primary"
            )
        st.button("Apply to new answers only", key="tuning-future", on_click=_apply, args=(None,))
        st.button("Leave it", key="tuning-leave", type="tertiary", on_click=_leave)


def _settings(deck: Deck, memories: Mapping[str, Memory], draft: Tuning) -> dict[str, SchedulerSettings]:
    """The settings of each card that a reschedule is about: those in the book that were answered."""
    return {
        card_id: draft.settings_for(deck[card_id].track)
        for card_id, memory in memories.items()
        if card_id in deck and memory.state is not State.NEW
    }


def _apply(deck: Deck | None) -> None:
    """Put the draft in force; with a deck, for what was answered already as well."""
    try:
        here = present()
        draft = drafting.draft(here)
        if draft == here.tuning:
            return  # a press that came twice
        client_id = secrets.token_urlsafe(16) if deck is not None else None
        chosen: dict[str, Any] = {
            BEFORE: {"tuning": here.store.setting(here.learner, TUNING), "reschedule": client_id},
            TUNING: draft.to_json(),
        }
        if deck is not None and client_id is not None:
            settings = _settings(deck, here.memories(), draft)
            here.store.reschedule(here.learner, client_id, settings, here.now, chosen=chosen)
        else:
            _keep(here, chosen)
    except StoreProblem as problem:
        st.session_state[TROUBLE] = f"This is not saved. {problem.what}"
        return
    _leave()


def _leave() -> None:
    st.session_state.pop(DRAFT, None)


def _ways_back(here: Present) -> None:
    """Undo of the last change, and the defaults, as far as there is any."""
    before = here.store.setting(here.learner, BEFORE)
    is_tuned = here.tuning != Tuning()
    if not is_tuned and not isinstance(before, Mapping):
        return
    with st.container(key="tuning-ways-back", horizontal=True):
        if isinstance(before, Mapping):
            st.button("Undo the last change", key="tuning-undo", on_click=_undo)
        if is_tuned:
            st.button(
                "Back to the defaults",
                key="tuning-reset",
                type="tertiary",
                on_click=drafting.try_out,
                args=(Tuning(),),
            )


def _undo() -> None:
    """Go back to what was in force before the last change, dates included."""
    try:
        here = present()
        before = here.store.setting(here.learner, BEFORE)
        if not isinstance(before, Mapping):
            return
        chosen: dict[str, Any] = {TUNING: before.get("tuning"), BEFORE: None}
        client_id = before.get("reschedule")
        if not isinstance(client_id, str) or not here.store.undo_reschedule(
            here.learner, client_id, here.now, chosen=chosen
        ):
            _keep(here, chosen)
    except StoreProblem as problem:
        st.session_state[TROUBLE] = f"This is not undone. {problem.what}"


def _keep(here: Present, chosen: Mapping[str, Any]) -> None:
    for key, value in chosen.items():
        here.store.set_setting(here.learner, key, value)
