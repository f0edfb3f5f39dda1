"""The way to the server that is left when it was started again under an open page.

Components in fragments have fragments run, and a server that was started again knows of none before the whole
page has run once. This component stands in no fragment, so that what it sends has the whole page run.
"""

from __future__ import annotations

from sim.pages.component import component

_lifeline = component("cards", "lifeline")


def lifeline() -> None:
    """Put it on a page; it shows nothing."""
    _lifeline(key="lifeline", on_again_change=_nothing)


def _nothing() -> None:
    """The run that a trigger causes is all that is wanted of it."""
