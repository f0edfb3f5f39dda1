"""What the browser is given: the next cards, the date that each grade leads to, and what has been saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from cards.about import About
from cards.card import Card, Deck
from cards.desk import Queue
from cards.memory import State
from cards.pages import cost, rounds, stances
from cards.pages.asked import asked, beside, looked_at, shown
from cards.pages.operations import Receipt
from cards.pages.session import Present
from cards.pages.words import checked, rest, standing, too_old
from cards.rechecks import is_stale
from cards.schedule import is_due
from cards.sections import by_section
from cards.store import StoreProblem

AHEAD = 25  # cards given at a time: more than anyone answers while one answer is on its way
FAR = timedelta(hours=12)  # a page that is left open is asked about what comes within this time
RETRY = timedelta(seconds=5)
MILLISECOND = timedelta(milliseconds=1)


def desk(deck: Deck, present: Present, receipt: Receipt) -> dict[str, Any]:
    """What the review desk is given."""
    due = present.queue(deck)
    ahead = due.first(AHEAD)
    kept = len(due.ids) or present.kept(deck)
    about = present.about(card.id for card in ahead)
    return {
        # A card that is withdrawn at this very moment has no memory any more.
        "cards": [asked(card, about[card.id], present) for card in ahead if about[card.id].memory],
        "sections": kept_by_section(ahead, deck, present),
        "left": len(due.ids),
        "verify": verify(deck, present),
        "believe": [] if due.ids else stances.at_desk(deck, present),
        "wake": _wake(due, present),
        "rest": rest(due, kept, now=present.now, rules=present.rules),
        "rounds": [] if due.ids else rounds.offers(deck, present),
        "round": None,
        "notice": due.backlog.sentence if due.backlog else "",
        "two_grades": present.two_grades,
        **saved(receipt),
    }


def verify(deck: Deck, present: Present) -> list[dict[str, Any]]:
    """The next cards past their shelf life: shown with both sides, to be said to hold or not."""
    cards = present.stale(deck)[:AHEAD]
    about = present.about(card.id for card in cards)
    return [
        {
            **shown(card, about[card.id], present),
            "checked": checked(card, about[card.id].decision.verified_at, present.rules),
            "sources": "; ".join(card.sources),
        }
        for card in cards
    ]


def round_of_cards(name: str, deck: Deck, present: Present, receipt: Receipt) -> dict[str, Any]:
    """What the desk is given for a round that touches no date; `name` is as its address has it."""
    found = rounds.chosen(name, deck, present)
    about = present.about(card.id for card in found.cards)
    return {
        "cards": [looked_at(card, about[card.id], present) for card in found.cards],
        "sections": kept_by_section(found.cards, deck, present),
        "left": len(found.cards),
        "verify": [],
        "believe": [],
        "wake": None,
        "rest": {"title": found.problem or "Nothing is left of this round.", "sentence": ""},
        "rounds": [],
        "round": {"name": found.name, "back": found.back, "next": found.following},
        "notice": found.notice,
        "two_grades": True,
        **saved(receipt),
    }


def closed_desk(problem: StoreProblem, receipt: Receipt) -> dict[str, Any]:
    """What the review desk is given while the store cannot be read. A card that is in front stays there."""
    return {
        "cards": [],
        "sections": {},
        "left": 0,
        "verify": [],
        "believe": [],
        "wake": RETRY // MILLISECOND,
        "two_grades": None,
        "rest": {
            "title": "Your cards cannot be read just now.",
            "sentence": f"{problem.what} {problem.remedy}",
        },
        "rounds": [],
        **saved(receipt),
    }


def place(card: Card, present: Present, receipt: Receipt) -> dict[str, Any]:
    """What a card in its place in the prose is given: grades only while it is new or due."""
    about = present.about([card.id])[card.id]
    given = asked(card, about, present)
    is_old = is_stale(card, about.decision, present.now)
    if is_old or not (given["changed"] or _takes_grades(about, present)):
        given |= {**beside(card, about, present), "choices": []}
    often = present.leech_threshold
    stands = (
        too_old(card)
        if is_old
        else standing(about.memory, about.decision, now=present.now, rules=present.rules, often=often)
    )
    return {
        "card": given,
        "closed": "Its facts may have changed; see the review desk." if is_old else "",
        "standing": f"{stands} · your note" if about.note else stands,
        "two_grades": present.two_grades,
        **saved(receipt),
    }


def offer(cards: Sequence[Card], chosen: object, present: Present, receipt: Receipt) -> dict[str, Any]:
    """What the offer at a section's end is given.

    Args:
        cards: The section's.
        chosen: The ids of the cards that the reader would keep, as the browser sends them; None before any
            has been left out.
        present: The learner, now.
        receipt: What has been saved.
    """
    about = present.about(card.id for card in cards)
    missing = [card.id for card in cards if not about[card.id].memory]
    picked = (
        missing if not isinstance(chosen, list) else [card_id for card_id in missing if card_id in chosen]
    )
    return {
        "cards": [{"id": card.id, "front": card.front, "kept": card.id not in missing} for card in cards],
        "cost": _cost(picked, present) if picked else "",
        "round": f"/review?cram=section:{cards[0].section}",
        **saved(receipt),
    }


def _cost(card_ids: Sequence[str], present: Present) -> str:
    minutes = cost.sentence(card_ids, present) if present.limits.new_a_day else ""
    return f"{keeping_cost(card_ids, present)} {minutes}".rstrip()


def keeping_cost(card_ids: Sequence[str], present: Present) -> str:
    """Say what keeping cards leads to, before it is done."""
    new_a_day = present.limits.new_a_day
    if not new_a_day:
        return "Kept cards wait until you take on new ones again: your settings allow none a day."
    days = -(-len(card_ids) // new_a_day)
    when = "with your next review" if days == 1 else f"over {days} days, {new_a_day} a day"
    return f"Kept cards are asked {when}, then again each time you are about to forget them."


def kept_by_section(cards: Sequence[Card], deck: Deck, present: Present) -> dict[str, dict[str, Any]]:
    """The kept cards of the sections of these cards: what dropping a section would take out of review."""
    titles = {card.section: card.section_title for card in cards}
    beside = {slug: [card.id for card in by_section(deck)[slug]] for slug in titles}
    about = present.about(card_id for ids in beside.values() for card_id in ids)
    return {
        slug: {"title": title, "cards": [card_id for card_id in beside[slug] if about[card_id].memory]}
        for slug, title in titles.items()
    }


def saved(receipt: Receipt) -> dict[str, Any]:
    """What the browser need not send again, what there is to say of it, and why the rest was not saved."""
    return {
        "confirmed": list(receipt.confirmed),
        "problem": receipt.problem,
        "told": dict(receipt.told),
        "refused": {client_id: refusal._asdict() for client_id, refusal in receipt.refused.items()},
    }


def _takes_grades(about: About, present: Present) -> bool:
    memory = about.memory
    if about.decision.suspended_at is not None:
        return False
    if memory is None or memory.state is State.NEW:
        return True
    return is_due(memory, now=present.now, rules=present.rules)


def _wake(due: Queue, present: Present) -> int | None:
    """Milliseconds until a card will have come back and the desk should ask again; `None` if far off."""
    if due.next_due is None:
        return None
    wait = due.next_due - present.limits.learn_ahead - present.now
    return max(1000, wait // MILLISECOND) if wait < FAR else None
