"""Editing many cards at once, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

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
REPEATED = "That was done already."


def edit(visit: Visit, here: Present, client_id: str, wanted: Edit, ids: Iterable[str], at: datetime) -> str:
    """Edit the cards that the book has, and say what that has changed. It can be taken back once.

    Claims are among the cards that a reader may select, and are left as they are: they are not kept.

    Args:
        visit: The page, which remembers what can be taken back, and what it said last.
        here: The learner, now.
        client_id: The edit's own id; one that was said last is said again, and not done again.
        wanted: The edit.
        ids: The cards.
        at: When the learner wanted it, in UTC.
    """
    if visit.said[0] == client_id:
        return visit.said[1]
    tomorrow = day_number(at, here.rules) + 1
    known = [card_id for card_id in ids if card_id in visit.deck]
    cards = [card_id for card_id in known if is_remembered(visit.deck[card_id])]
    edited = here.store.edit(here.learner, client_id, cards, wanted, at=at, now=here.now, until=tomorrow)
    if edited.before:  # an edit that changed nothing leaves the one before it to be taken back
        visit.edited = edited
    visit.said = client_id, said(edited, len(known) - len(cards))
    return visit.said[1]


def take_back(visit: Visit, here: Present, client_id: str, at: datetime) -> str:
    """Take the last edit back, and say of how many cards."""
    if visit.said[0] == client_id:
        return visit.said[1]
    edited = visit.edited
    if edited is None:
        return NOTHING
    back = here.store.take_back(here.learner, client_id, edited, at)
    visit.edited = None
    left = len(edited.before) - back
    also = f" {_cards(left)} changed again since, and left alone." if left else ""
    visit.said = client_id, f"Taken back: {_cards(back)}.{also}"
    return visit.said[1]


def said(edited: Edited, claims: int = 0) -> str:
    """Say what an edit has changed: "7 cards suspended; 2 were not kept; 1 is a claim"."""
    if edited.is_repeated:
        return REPEATED
    already = ALREADY.get(edited.edit, "")
    counts = (
        (edited.already, already), (edited.not_kept, "not kept"), (edited.late, "changed elsewhere since")
    )  # fmt: skip
    rest = [f"{number:,} {_was(number)} {so}" for number, so in counts if number]
    rest += [f"{claims} {'is a claim' if claims == 1 else 'are claims'}, and not kept"] if claims else []
    changed = len(edited.before)
    done = f"{_cards(changed)} {SO[edited.edit]}" if changed else "Nothing to change"
    return f"{'; '.join([done, *rest])}."


def _cards(number: int) -> str:
    return "1 card" if number == 1 else f"{number:,} cards"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
