"""The part of the tuning page that says what a draft would move.

Few answers are replayed at once, in the script. More of them are replayed by a run of `sim.runs`, which the
browser starts, watches and can stop; when it is done the browser says so, and the run is asked what it saw.
What was seen is kept with its draft, so that looking again costs nothing until an answer has been given.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

import streamlit as st

from cards import shifts
from cards.card import Deck
from cards.foreseeing import Wanted, read
from cards.memory import Memory
from cards.pages import fitting
from cards.pages.drafting import TROUBLE
from cards.pages.session import Present
from cards.schedule import SchedulerSettings
from cards.shifts import Foreseen
from cards.tuning import Tuning
from sim.pages.component import component
from sim.pages.engine import RUNS
from sim.runs import UnknownRunError

AT_ONCE = 10_000  # answers, which take some 100 ms of a processor; a million take ten seconds and more
SEEN, NAMED = "tuning-seen", "tuning-named"
LOST = "What was foreseen is gone, because the server was started anew. Look again."

_foresee = component("cards", "foresee")


def seen(
    deck: Deck,
    here: Present,
    draft: Tuning,
    memories: Mapping[str, Memory],
    settings: Mapping[str, SchedulerSettings],
) -> Foreseen | None:
    """Return what a draft would move, or None while that is being worked out and the browser shows how far.

    Args:
        deck: The book's cards.
        here: The learner, now.
        draft: The draft.
        memories: The learner's, by card.
        settings: Those of each card that the draft is about.
    """
    if sum(memories[card_id].reps for card_id in settings) <= AT_ONCE:
        after = here.store.rescheduled(here.learner, settings)
        return shifts.foreseen(memories, after, today=here.day, rules=here.rules)
    state = (draft, here.day, sum(memory.reps for memory in memories.values()), len(memories))
    if st.session_state.get(NAMED, (None,))[0] != state:
        st.session_state[NAMED] = (state, secrets.token_urlsafe(24))
    name = st.session_state[NAMED][1]
    found: tuple[str, Foreseen] | None = st.session_state.get(SEEN)
    if found and found[0] == name:
        return found[1]
    tracks = {card_id: card.track for card_id, card in deck.items()}
    fitting.put_down(
        Wanted(name, here.store.address, here.learner, draft, tracks, today=here.day, rules=here.rules)
    )
    _foresee(key="foresee", data={"wanted": name}, on_done_change=_take)
    return None


def _take() -> None:
    """Keep what a run has seen: the run is asked, not the browser."""
    try:
        said = json.loads(RUNS.result(str(st.session_state["foresee"]["done"])) or b"{}")
    except UnknownRunError:
        st.session_state[TROUBLE] = LOST
        return
    if said.get("state") == "done" and "seen" in said:
        st.session_state[SEEN] = (said["wanted"], read(said["seen"]))
