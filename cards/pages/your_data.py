"""All that a learner has: looked over, copied, put back, taken along, deleted. Nothing goes without a copy.

Whatever cannot be undone by a second press asks first, in the place of the button that was pressed, and says
how much is at stake. Where other learners share the database, or a server holds it, its copies are not this
learner's to put back, and are not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from cards.doctor import Report, Shelf, examine, repair
from cards.pages import session
from cards.pages.asking import confirmed, do, say, say_next, say_what_was_done
from cards.pages.following import FOLLOWED
from cards.pages.one_file import one_file
from cards.pages.session import Present, day_rules, present
from cards.pages.your_data_words import (
    BACKUPS,
    COPIED,
    ERASED,
    KEPT_IN,
    TITLE,
    all_in_words,
    copy_in_words,
    findings_in_words,
    has_in_words,
    heading,
)
from cards.store import Copy, StoreProblem, copies_of, file_of, restore

REPORT = "your-data-report"


def page(shelf: Shelf) -> None:
    """Show the page."""
    with st.container(key="your-data"):
        try:
            here = present()
            held = here.store.belongings(here.learner)
            mine = here.store.file is not None and len(here.store.learners()) == 1
        except StoreProblem as problem:
            say(f"{problem.what} {problem.remedy}")
            return
        where = KEPT_IN.format(escape(here.store.where)) if mine else ""
        st.html(f'<div class="prose"><h1>{TITLE}</h1><p class="stand">{has_in_words(held)}{where}</p></div>')
        say_what_was_done()
        _looked_over(here, shelf)
        if mine:
            _backups(here)
        one_file(here, held)
        _deleting(here, held)


def rescue() -> None:
    """Offer the copies there are, where the database itself cannot be used."""
    with suppress(StoreProblem):
        file = file_of(session.place())
        found = [copy for copy in copies_of(file) if not copy.trouble]
        if found:
            with st.container(key="your-data"):
                st.html(f'<div class="prose">{heading("Put a backup back")}<p>{BACKUPS}</p></div>')
                say_what_was_done()
                _list_of(found, _rescue)


def _rescue(source: Path) -> str:
    """Restore a copy, and lead to the page on which that is said."""
    said = _restore(source)
    st.session_state[FOLLOWED] = {"path": "/your-data", "anchor": ""}
    return said


def _looked_over(here: Present, shelf: Shelf) -> None:
    st.html(f'<div class="prose">{heading("Is everything sound?")}</div>')
    report: Report | None = st.session_state.get(REPORT)
    if report is not None:
        st.html(findings_in_words(report))
    with st.container(key="examine", horizontal=True):
        st.button("Look it over", key="look-over", on_click=partial(_examine, here, shelf))
        if report is not None and any(finding.is_mendable for finding in report.findings):
            st.button("Mend what can be mended", key="mend", on_click=partial(_mend, here, shelf))


def _examine(here: Present, shelf: Shelf, mended: int = 0) -> None:
    st.session_state[REPORT] = examine(here.store, shelf, learner=here.learner, mended=mended)


def _mend(here: Present, shelf: Shelf) -> None:
    try:
        mended = repair(here.store, shelf, [here.learner], here.later().now)
    except StoreProblem as problem:
        say_next(f"Nothing was mended. {problem.what} {problem.remedy}")
    else:
        _examine(here, shelf, mended)


def _backups(here: Present) -> None:
    st.html(f'<div class="prose">{heading("Backups")}<p>{BACKUPS}</p></div>')
    with st.container(key="back-up-now"):
        st.button("Back up now", key="back-up", on_click=partial(do, partial(_back_up, here)))
    _list_of(here.store.copies(), _restore)


def _back_up(here: Present) -> str:
    made = here.store.back_up(here.later().now)
    return f"Backed up: {made.name}."


def _list_of(found: list[Copy], put_back: Callable[[Path], str]) -> None:
    rules = day_rules(st.context.timezone)
    for number, copy in enumerate(found):
        with st.container(key=f"copy-{number}", horizontal=True):
            st.html(copy_in_words(copy, rules))
            if not copy.trouble:
                words = "Put this one back? What is there now is set aside, and can be put back in its turn."
                confirmed(f"restore-{number}", "Put back", words, "Put it back", partial(put_back, copy.path))


def _restore(source: Path) -> str:
    """Restore a copy. The store is opened again by whoever asks for it next, and brought up to date."""
    now = session.now()
    with session.closed() as where:
        aside = restore(file_of(where), source, now)
    st.session_state.pop(REPORT, None)
    session.store()
    before = f" What was there is now {aside.name}." if aside else ""
    return f"{source.name} is back in its place.{before}"


def _deleting(here: Present, held: dict[str, int]) -> None:
    st.html(f'<div class="prose">{heading("Delete everything")}</div>')
    if not any(held.values()):
        say("There is nothing to delete.")
        return
    copied = "" if here.store.file is None else " A backup is made first."
    words = f"Delete {all_in_words(held)}?{copied}"
    with st.container(key="erase"):
        confirmed("erase", "Delete everything I have", words, "Delete it all", partial(_erase, here))


def _erase(here: Present) -> str:
    copy = None if here.store.file is None else here.store.back_up(here.later().now, why="before-erase")
    here.store.erase(here.learner)
    st.session_state.pop(REPORT, None)
    return ERASED + (COPIED.format(copy) if copy else "")
