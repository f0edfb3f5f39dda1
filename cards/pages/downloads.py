"""The downloads of a page: what they will hold, a button for each file, and a link beside them.

The browser fetches a file from a route (`cards.pages.file_routes`) and saves it. Streamlit's own button would
say "Failed to generate file for download" for five seconds where one cannot be made, and print a trace; here
the reason is a sentence that stays. What a file will hold is said with the buttons, so that they agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from cards.card import Deck
from cards.pages.session import Present
from cards.pages.visits import VISITS
from sim.pages.component import component

TICKET = "downloads-ticket"

_downloads = component("cards", "downloads")


@dataclass(frozen=True)
class Offer:
    """A file that can be downloaded.

    Attributes:
        name: Its name, by which its route knows how to make it.
        words: What stands on its button.
        query: What it is to hold, as names and values of its address.
        main: Whether it is the one that most come for.
    """

    name: str
    words: str
    query: list[tuple[str, str]] = field(default_factory=list)
    main: bool = False


def downloads(
    key: str,
    here: Present,
    deck: Deck,
    offers: Sequence[Offer],
    *,
    said: str = "",
    link: tuple[str, str] | None = None,
    is_offered: bool = True,
) -> None:
    """Show the buttons.

    Args:
        key: Of the component.
        here: Whose files they are.
        deck: The cards of the book.
        offers: The files.
        said: What they will hold, in words.
        link: An address and what stands on the link to it, if there is one.
        is_offered: Whether there is anything to download.
    """
    ticket = VISITS.renew(st.session_state.get(TICKET, ""), here, deck)
    st.session_state[TICKET] = ticket
    data: dict[str, Any] = {
        "ticket": ticket,
        "said": said,
        "files": [
            {
                "name": offer.name,
                "words": offer.words,
                "query": offer.query,
                "main": offer.main,
                "offered": is_offered,
            }
            for offer in offers
        ],
        "link": {"address": link[0], "words": link[1]} if link else None,
    }
    _downloads(key=key, data=data, on_renew_change=_nothing)


def _nothing() -> None:
    """The run that a trigger causes is all that is wanted of it."""
