"""Editing many cards at once, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable

from cards.days import day_number
from cards.edit import Edit, Edited
from cards.pages.session import Present
from cards.pages.visits import Visit
from cards.remembered import is_remembered

SO = {
    Edit.KEEP: "kept",
    Edit.WITHDRAW: "taken out",
    Edit.SUSPEND: "suspended",
    Edit.RESUME: "resumed",
    Edit.BURY: "buried until tomorrow",
    Edit.DIG_OUT: "dug out",
    Edit.MARK: "marked",
    Edit.UNMARK: "unmarked",
}
ALREADY = {  # what a card is that an edit had nothing to change of
    Edit.KEEP: "kept already",
    Edit.SUSPEND: "suspended already",
    Edit.RESUME: "not suspended",
    Edit.BURY: "buried already",
    Edit.DIG_OUT: "not buried",
    Edit.MARK: "marked already",
    Edit.UNMARK: "not marked",
}
NOTHING = "There is nothing to take back."


def edit(visit: Visit, here: Present, wanted: Edit, ids: Iterable[str]) -> str:
    """Edit the cards that the book has, and say what that has changed. It can be taken back once.

    Claims are among the cards that a reader may select, and are left as they are: they are not kept.
    """
    tomorrow = day_number(here.now, here.rules) + 1
    known = [card_id for card_id in ids if card_id in visit.deck]
    cards = [card_id for card_id in known if is_remembered(visit.deck[card_id])]
    edited = here.store.edit(here.learner, cards, wanted, now=here.now, until=tomorrow)
    if edited.before:  # an edit that changed nothing leaves the one before it to be taken back
        visit.edited = edited
    return said(edited, len(known) - len(cards))


def take_back(visit: Visit, here: Present) -> str:
    """Take the last edit back, and say of how many cards."""
    edited = visit.edited
    if edited is None:
        return NOTHING
    back = here.store.take_back(here.learner, edited)
    visit.edited = None
    left = len(edited.before) - back
    also = f" {_cards(left)} changed again since, and left alone." if left else ""
    return f"Taken back: {_cards(back)}.{also}"


def said(edited: Edited, claims: int = 0) -> str:
    """Say what an edit has changed: "7 cards suspended; 2 were not kept; 1 is a claim"."""
    rest = (
        [f"{edited.already} {_was(edited.already)} {ALREADY.get(edited.edit, '')}"] if edited.already else []
    )
    rest += [f"{edited.not_kept} {_was(edited.not_kept)} not kept"] if edited.not_kept else []
    rest += [f"{claims} {'is a claim' if claims == 1 else 'are claims'}, and not kept"] if claims else []
    changed = len(edited.before)
    done = f"{_cards(changed)} {SO[edited.edit]}" if changed else "Nothing to change"
    return f"{'; '.join([done, *rest])}."


def _cards(number: int) -> str:
    return "1 card" if number == 1 else f"{number:,} cards"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
