"""The way back from Anki: a package is handed in, it is said what it would change, and then it may."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape
from textwrap import shorten
from typing import BinaryIO

import streamlit as st

from cards.anki.home import Home, bring_home
from cards.anki.home_words import example, left_out, summary
from cards.anki.reading.problem import PackageError
from cards.card import Deck
from cards.days import DayRules
from cards.pages.asking import do, say_what_was_done
from cards.pages.session import Present
from cards.plain import plain
from cards.store import StoreProblem

OPENING = """<div class="prose">
<h2 id="back">Back from Anki</h2>
<p>What you have reviewed in Anki can come home. There, choose <b>File → Export</b>, the deck
<b>Martingale</b>, <b>Anki deck package</b>, and tick <b>Include scheduling information</b>; a whole
collection will do as well. Hand the file in here, and it says first what it would change.</p>
</div>"""
CLOSING = """<div class="prose">
<p>Reviews are merged by when they were given, and none counts twice, however often you bring the file. Dates
follow from all of them, by your settings here. Other decks in the file are not looked at.</p>
<pre><code>python -m cards import deck.apkg --dry-run</code></pre>
</div>"""
NO_ROOM = (
    "The package cannot be unpacked: {}. "
    "See that the machine that runs this app has room for temporary files, and try again."
)
TRIED = "coming-home-tried"  # what was found in the file that was handed in last
LONGEST = 60  # characters of a card's question in an example
ROUND = "coming-home-round"  # how many files have come home, so that the next is asked for afresh


@dataclass(frozen=True)
class Tried:
    """What a file would change, or why it cannot be read."""

    file: str
    home: Home | None = None
    trouble: str = ""


def coming_home(here: Present) -> None:
    """Show the way back."""
    st.html(OPENING)
    say_what_was_done()
    package = st.file_uploader(
        "A package that Anki exported",
        type=["apkg", "colpkg"],
        key=f"come-home-{st.session_state.get(ROUND, 0)}",
    )
    if package is not None:
        tried = st.session_state.get(TRIED)
        if not isinstance(tried, Tried) or tried.file != package.file_id:
            tried = st.session_state[TRIED] = try_out(here, package.file_id, package)
        st.html(found_in_words(tried, here.rules, here.deck))
        if tried.home is not None and tried.home.merged.added:
            st.button(
                "Bring them home",
                key="bring-home",
                type="primary",
                on_click=partial(do, partial(bring, here, package)),
            )
    st.html(CLOSING)


def try_out(here: Present, name: str, package: BinaryIO) -> Tried:
    """Find out what a file would change."""
    try:
        return Tried(name, _brought(here, package, dry_run=True))
    except (PackageError, StoreProblem) as problem:
        return Tried(name, trouble=str(problem))
    except OSError as error:
        return Tried(name, trouble=NO_ROOM.format(error.strerror or error))


def bring(here: Present, package: BinaryIO) -> str:
    """Bring a file home, and say what it has changed."""
    try:
        home = _brought(here.later(), package, dry_run=False)
    except PackageError as problem:
        return str(problem)
    except OSError as error:
        return f"Nothing was changed. {NO_ROOM.format(error.strerror or error)}"
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    copy = home.merged.backup
    return summary(home, dry_run=False) + (f" A backup from before is {copy.name}." if copy else "")


def found_in_words(tried: Tried, rules: DayRules, deck: Deck) -> str:
    """What a file would change, as HTML; each example leads to where its card stands."""
    if tried.home is None:
        return f'<p class="ui" role="alert">{escape(tried.trouble)}</p>'
    merged = tried.home.merged
    rows = "".join(
        f"<li>{_named(change.card_id, deck)}: {escape(example(change, rules))}</li>"
        for change in merged.examples
    )
    rest = merged.changed - len(merged.examples)
    more = f"<li>and {rest:,} more</li>" if rest > 0 else ""
    others = "".join(f"<p>Left out: {escape(words)}</p>" for words in left_out(tried.home))
    return (
        f'<div class="ui" role="status"><p>{escape(summary(tried.home, dry_run=True))}</p>'
        f"{f'<ul>{rows}{more}</ul>' if rows else ''}{others}</div>"
    )


def _named(card_id: str, deck: Deck) -> str:
    card = deck.get(card_id)
    if card is None:
        return escape(card_id)
    words = shorten(plain(card.front), LONGEST, placeholder=" …") or card_id
    return f'<a href="/{escape(card.section)}#card-{escape(card_id)}">{escape(words)}</a>'


def _brought(here: Present, package: BinaryIO, *, dry_run: bool) -> Home:
    package.seek(0)
    return bring_home(
        here.store,
        here.learner,
        package,
        here.deck,
        rules=here.rules,
        tuning=here.tuning,
        now=here.now,
        dry_run=dry_run,
    )
