"""The part of the tuning page that fits the model to the learner's own log.

The fit is a run of `sim.runs`, which `cards.pages.fitting` starts and the browser watches. When it is done,
the browser says so, the run is asked what it has found, and that is kept until it is used or discarded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from cards import fits
from cards.fits import FIT, Found
from cards.pages import drafting
from cards.pages import tuning_figures as figures
from cards.pages import tuning_words as words
from cards.pages.drafting import TROUBLE
from cards.pages.session import Present, present
from cards.store import Store, StoreProblem
from cards.totals import Maturity
from sim.fitting.calibration import Bin
from sim.pages.component import component
from sim.pages.engine import RUNS
from sim.pages.panel import figure
from sim.runs import UnknownRunError

LOST = "The fit is gone, because the server was started anew. Fit again."

READ = "tuning-read"  # the key of what the log came to when it was last read

_fit = component("cards", "fit")


@dataclass(frozen=True, eq=False)
class Read:
    """What a learner's log comes to, as far as the page says it.

    Attributes:
        store: Where the log is.
        learner: Whose it is.
        stamp: Its stamp before it was read.
        counted: The reviews that a fit counts.
        foretold: How often cards were recalled, by the chance that was foretold.
    """

    store: Store
    learner: int
    stamp: tuple[int, ...]
    counted: int
    foretold: Sequence[Bin]


def read(here: Present, kept: Read | None = None) -> Read:
    """Read the log, or hand back what was read before if nothing was added: a million answers take a while.

    Raises:
        StoreProblem: It cannot be read.
    """
    stamp = here.store.log_stamp(here.learner)
    if kept and kept.store is here.store and (kept.learner, kept.stamp) == (here.learner, stamp):
        return kept
    recalled = here.store.recalled(here.learner)
    history = fits.answers(recalled)
    return Read(here.store, here.learner, stamp, int(history.counts.sum()), fits.foretold(recalled, history))


def section(here: Present) -> None:
    """Show what there is to fit to, the fit, what the last one found, and how well dates have foretold."""
    found = st.session_state[READ] = read(here, st.session_state.get(READ))
    counted = found.counted
    last = fits.found(here.store.setting(here.learner, FIT))
    offer = "offered" if fits.is_offered(counted, last) else ""
    st.html(
        f'<div class="prose"><h2 id="fit">Fitted to you</h2>'
        f'<p class="{offer}">{words.standing(counted, last)}</p></div>'
    )
    if not fits.too_few(counted):
        _fit(key="fit", data={"known": last.run if last else ""}, on_done_change=_take_fit)
    if last and not last.discarded:
        _outcome(here, last)
    if found.foretold:
        st.html('<div class="prose"><h2>Foretold and recalled</h2></div>')
        drawn, said = figures.calibration([("", found.foretold)]), words.calibration(found.foretold)
        figure(drawn, said, key="calibration")


def is_offered(here: Present) -> bool:
    """Whether a fit is worth the learner's while, told by the totals of the days, which cost nothing to read.

    Raises:
        StoreProblem: The store cannot be read.
    """
    days = here.store.day_totals(here.learner, 0, here.day)
    reviews = sum(one.total.answers for one in days if one.maturity is not Maturity.LEARNING)
    return fits.is_offered(reviews, fits.found(here.store.setting(here.learner, FIT)))


def _take_fit() -> None:
    """Keep what a fit has found: the run is asked, not the browser."""
    run = str(st.session_state["fit"]["done"])
    try:
        said = json.loads(RUNS.result(run) or b"{}")
        if said.get("state") == "done":
            here = present()
            here.store.set_setting(here.learner, FIT, fits.kept(run, said["fit"]))
    except UnknownRunError:
        st.session_state[TROUBLE] = LOST
    except StoreProblem as problem:
        st.session_state[TROUBLE] = f"The fit is not saved. {problem.what}"


def _outcome(here: Present, last: Found) -> None:
    """What the last fit has found, and whether to use it."""
    st.html(
        f'<div class="prose"><p class="verdict" role="status">{words.verdict(last)}</p>'
        f"{words.losses(last)}</div>"
    )
    curves = [("before", last.calibration_before), ("after", last.calibration_after)]
    figure(figures.calibration(curves), words.calibration(last.calibration_after), key="held-out")
    in_use, drafted = last.weights == here.tuning.parameters, last.weights == drafting.draft(here).parameters
    with st.container(key="fit-choices", horizontal=True):
        if in_use:
            drafting.say("These weights are in use.")
        elif drafted:
            drafting.say("What they would move is shown above.")
        elif last.better:
            tried = replace(drafting.draft(here), parameters=last.weights)
            st.button(
                "Try these weights", key="fit-use", type="primary", on_click=drafting.try_out, args=(tried,)
            )
        st.button("Discard this fit", key="fit-discard", type="tertiary", on_click=_discard)


def _discard() -> None:
    try:
        here = present()
        kept = here.store.setting(here.learner, FIT)
        if isinstance(kept, Mapping):
            here.store.set_setting(here.learner, FIT, {**kept, "discarded": True})
    except StoreProblem as problem:
        st.session_state[TROUBLE] = f"This is not saved. {problem.what}"
