"""All that a learner has as one file: taken along, and put in the place of what is there."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import BinaryIO

import streamlit as st

from cards.pages.asking import confirmed
from cards.pages.downloads import Offer, downloads
from cards.pages.session import Present
from cards.pages.your_data_words import all_in_words, counted, heading
from cards.store import Loaded, LoadError, StoreProblem

FILE_NAME = "martingale.json"
WHAT = (
    "All that you have, answers, memories, notes, settings, as a text that this app can load on any machine "
    "and any program that knows JSON can read. Put it where you keep what must not be lost."
)
TRIED = "your-data-tried"  # what was found in the file that was chosen last
ROUND = "your-data-round"  # how many files have been loaded, so that the next is asked for afresh


@dataclass(frozen=True)
class Tried:
    """What was found in a file, without keeping it: what it holds, or why it cannot be loaded."""

    file: str
    found: Loaded | None = None
    trouble: str = ""


def one_file(here: Present, held: Mapping[str, int]) -> None:
    """Show the way out and the way in."""
    st.html(f'<div class="prose">{heading("In one file")}<p>{escape(WHAT)}</p></div>')
    downloads("download-json", here, here.deck, [Offer(FILE_NAME, f"Download {FILE_NAME}")])
    chosen = st.file_uploader(
        "Load a file that was downloaded here", type="json", key=f"load-{st.session_state.get(ROUND, 0)}"
    )
    if chosen is None:
        return
    tried = st.session_state.get(TRIED)
    if not isinstance(tried, Tried) or tried.file != chosen.file_id:
        tried = st.session_state[TRIED] = _try(here, chosen.file_id, chosen)
    if tried.found is None:
        st.html(f'<p class="ui" role="alert">{escape(tried.trouble)}</p>')
        return
    _offer(here, held, chosen, tried.found)


def written(here: Present) -> bytes:
    """The file, as the browser is given it."""
    file = io.StringIO()
    here.store.dump(here.learner, file, here.now)
    return file.getvalue().encode()


def load(here: Present, file: BinaryIO, *, dry_run: bool) -> Loaded:
    """Put a file in the place of what is there.

    Raises:
        LoadError: It cannot be loaded, and nothing was changed.
        StoreProblem: The database cannot be written, and nothing was changed.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig")
    try:
        return here.store.load(here.learner, text, replace=True, dry_run=dry_run)
    finally:
        text.detach()  # the file is Streamlit's, and stays open


def _try(here: Present, name: str, file: BinaryIO) -> Tried:
    try:
        return Tried(name, load(here, file, dry_run=True))
    except (LoadError, StoreProblem) as error:
        return Tried(name, trouble=str(error))


def _offer(here: Present, held: Mapping[str, int], file: BinaryIO, found: Loaded) -> None:
    written_at = f", written on {found.made_at[:10]}" if found.made_at else ""
    st.html(f'<p class="ui">The file holds {counted(found.rows)}{escape(written_at)}.</p>')
    act = partial(_load, here, file)
    if not any(held.values()):
        confirmed("load", "Load it", "Load this file?", "Load it", act)
        return
    backed_up = "" if here.store.file is None else " A backup is made first."
    question = f"Replace {all_in_words(held)} by this file?{backed_up}"
    confirmed("load", "Replace what I have with it", question, "Replace it", act)


def _load(here: Present, file: BinaryIO) -> str:
    if here.store.file is not None:
        here.store.back_up(here.later().now, why="before-load")
    try:
        loaded = load(here, file, dry_run=False)
    except LoadError as error:
        return str(error)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    return f"Loaded: {counted(loaded.rows)}."
