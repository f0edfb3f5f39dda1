"""The page on which a learner says how the desk is to be; what is changed is saved at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from cards.card import Deck
from cards.pages.session import Present, present
from cards.pages.settings_links import PAGES, settings_links
from cards.preferences import (
    BOUNDS,
    DEFAULTS,
    PREFERENCES,
    LeechAction,
    Mix,
    NewOrder,
    Preferences,
    ReviewOrder,
    changed,
    read,
)
from cards.store import StoreProblem
from sim.pages.component import component

KEY = "preferences"
HERE = "/settings"
SAID = "preferences-said"

_form = component("cards", "preferences")


class Wish(NamedTuple):
    """How one preference is asked for.

    Attributes:
        name: The field of `Preferences`.
        label: What it is called.
        about: What it does, in a sentence or two.
        choices: The words for each value, where it is one of several.
    """

    name: str
    label: str
    about: str
    choices: Mapping[str, str] = {}


GROUPS: tuple[tuple[str, tuple[Wish, ...]], ...] = (
    (
        "How much a day",
        (
            Wish("new_a_day", "New cards", "Each comes back several times in its first weeks."),
            Wish("reviews_a_day", "Reviews", "What is over waits for the next day. None is skipped."),
            Wish(
                "catch_up",
                "When more has piled up, ask first what is most overdue for its interval",
                "After a break these are the cards you are closest to forgetting.",
            ),
        ),
    ),
    (
        "In which order",
        (
            Wish(
                "review_order",
                "Reviews",
                "A random order is the same all day.",
                {
                    ReviewOrder.LONGEST_DUE: "the longest due first",
                    ReviewOrder.OVERDUE: "the most overdue for its interval first",
                    ReviewOrder.BOOK: "section by section, as in the book",
                    ReviewOrder.RANDOM: "at random",
                },
            ),
            Wish(
                "new_order",
                "New cards",
                "",
                {NewOrder.BOOK: "section by section, as in the book", NewOrder.RANDOM: "at random"},
            ),
            Wish(
                "mix",
                "Together",
                "",
                {
                    Mix.REVIEWS_FIRST: "reviews, then new cards",
                    Mix.NEW_FIRST: "new cards, then reviews",
                    Mix.MIXED: "new cards evenly between the reviews",
                },
            ),
        ),
    ),
    (
        "Cards that give each other's answers away",
        (
            Wish(
                "part_new_siblings",
                "Keep new ones for another day",
                "If you answered one of the same family today, or are to.",
            ),
            Wish("part_review_siblings", "Keep reviews for another day", "The same for cards you know."),
        ),
    ),
    (
        "Cards you keep forgetting",
        (
            Wish(
                "leech_threshold",
                "A card is a leech once forgotten",
                "It then costs more than it teaches, and is better rewritten or left.",
            ),
            Wish(
                "leech_action",
                "What to do with a leech",
                "Undoing the answer takes this back too.",
                {
                    LeechAction.OFFER: "tell me, and leave it to me",
                    LeechAction.MARK: "mark it",
                    LeechAction.SUSPEND: "stop asking it",
                },
            ),
        ),
    ),
    (
        "At the desk",
        (
            Wish("two_grades", "Two buttons instead of four", "Forgot, and Knew it."),
            Wish(
                "learn_ahead_minutes",
                "Ask a card in its first steps early by",
                "Only when nothing else is left, so that a session does not end in a wait.",
            ),
            Wish(
                "day_starts_at",
                "My day begins at",
                "What you answer after midnight still counts as the evening.",
            ),
        ),
    ),
)
LABELS = {wish.name: wish.label for _, wishes in GROUPS for wish in wishes}


def page(deck: Deck, show: Callable[..., None]) -> None:
    """Show the page; `show` shows HTML with links that change the page in place."""
    with st.container(key="settings"):
        settings_links(show, HERE)
        st.html(f'<div class="prose"><h1>{PAGES[HERE]}</h1></div>')
        _preferences(deck)


@st.fragment
def _preferences(deck: Deck) -> None:
    try:
        data = form(deck, present(), st.session_state.pop(SAID, {}))
    except StoreProblem as problem:
        st.html(f'<p class="ui">{escape(problem.what)} {escape(problem.remedy)}</p>')
        return
    _form(key=KEY, data=data, on_chosen_change=_choose, on_reset_change=_reset)


def form(deck: Deck, here: Present, said: Mapping[str, str]) -> dict[str, Any]:
    """What the form is given: every preference with its words, its bounds and its value.

    Args:
        deck: The book's cards.
        here: The learner.
        said: What became of the last change: the preference's name, and a sentence.
    """
    backlog = here.queue(deck).backlog
    _, problems = read(here.store.setting(here.learner, PREFERENCES))
    return {
        "groups": [
            {"title": title, "wishes": [_asked(wish, here.preferences) for wish in wishes]}
            for title, wishes in GROUPS
        ],
        "said": dict(said),
        "notes": [*([backlog.sentence] if backlog else []), *problems],
    }


def choose(here: Present, raw: object) -> dict[str, str]:
    """Keep what the browser says was chosen, `{"name", "value"}`, and return what became of it."""
    name, value = (raw.get("name"), raw.get("value")) if isinstance(raw, Mapping) else (None, None)
    label = LABELS.get(name, "") if isinstance(name, str) else ""
    try:
        here.prefer(changed(here.preferences, name, value))
    except ValueError as error:
        return {"name": str(name), "sentence": f"{label}: {error}.".removeprefix(": ")}
    except StoreProblem as problem:
        return {"name": str(name), "sentence": f"Not saved. {problem.what}"}
    return {"name": str(name), "sentence": "Saved."}


def _choose() -> None:
    chosen = st.session_state[KEY]["chosen"]
    try:
        st.session_state[SAID] = choose(present(), chosen)
    except StoreProblem as problem:
        st.session_state[SAID] = {"name": "", "sentence": f"Not saved. {problem.what}"}


def _reset() -> None:
    try:
        present().prefer(DEFAULTS)
    except StoreProblem as problem:
        st.session_state[SAID] = {"name": "", "sentence": f"Not saved. {problem.what}"}
    else:
        st.session_state[SAID] = {"name": "", "sentence": "All is as it was at first."}


def _asked(wish: Wish, preferences: Preferences) -> dict[str, Any]:
    value = getattr(preferences, wish.name)
    asked = {"name": wish.name, "label": wish.label, "about": wish.about, "value": value}
    if wish.choices:
        return {**asked, "kind": "choice", "choices": list(wish.choices.items())}
    if wish.name not in BOUNDS:
        return {**asked, "kind": "switch"}
    least, most, unit = BOUNDS[wish.name]
    return {**asked, "kind": "number", "least": least, "most": most, "unit": unit}
