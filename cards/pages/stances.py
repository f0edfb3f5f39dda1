"""What the browser is given of claims: in their place, around a section, and at the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from cards.card import Card, Deck
from cards.claims import Credence, Outcome
from cards.kinds.credence import by_date, is_asked_before
from cards.pages import belief_words as words
from cards.pages.believed import skipped
from cards.pages.session import Present
from cards.remembered import is_remembered
from cards.settled import Settled
from cards.stance import Stance, Wanted, said

MOST = 25  # claims given to the desk at a time
READ = 0.9  # of a section: it is too late then to ask what was believed before


def of_cards(cards: Sequence[Card], present: Present) -> dict[str, Stance]:
    """Where the learner stands on some claims of the book, by id."""
    entries = present.store.credences(present.learner, [card.id for card in cards])
    resolutions = present.store.resolutions(present.learner)
    changes = present.meaning_changes

    def stance(card: Card) -> Stance:
        all_said = said(entries.get(card.id, ()), resolutions.get(card.id), changes.get(card.id))
        return Stance(card.id, by=by_date(card), authors=card.resolved, **all_said)

    return {card.id: stance(card) for card in cards}


def in_place(card: Card, present: Present) -> dict[str, Any]:
    """What a claim in its place in the prose is given: what to weigh only once something was said."""
    stance = of_cards([card], present)[card.id]
    entries = stance.entries
    return {
        "claim": asked(card),
        "weigh": card.back if entries or stance.is_settled else "",
        "standing": words.standing(stance, present.day, present.rules),
        "entry": _entry(entries[-1], present) if entries else None,
        "moved": words.moved(entries[-2], entries[-1]) if _is_second_thought(entries) else "",
        "settled": stance.is_settled,
        "own": stance.own is not None and stance.own.outcome is not Outcome.OPEN,
        "ledger": f"/ledger#claim-{card.id}",
    }


def around(cards: Sequence[Card], role: str, present: Present) -> dict[str, Any]:
    """What a section's opening ("before") or its end ("after") is given of its claims.

    At the opening those are asked that nobody has asked the learner yet, unless the learner has passed that
    over or has read the section already; and at the end those that were asked at the opening.
    """
    stances = of_cards(cards, present)
    section = cards[0].section if cards else ""
    pick = _before if role == "before" else _after
    picked = (pick(card, stances[card.id]) for card in cards)
    return {
        "role": role,
        "section": section,
        "skipped": role == "before" and section in skipped(present),
        "read": role == "before" and _has_read(section, present),
        "claims": [one for one in picked if one is not None],
    }


def at_desk(deck: Deck, present: Present) -> list[dict[str, Any]]:
    """The claims of which something is to be asked today: first those whose date has come.

    Those of the book are among them once they have been answered where they stand, and the learner's own
    from the first.
    """
    entries = present.store.credences(present.learner)
    resolutions, changes = present.store.resolutions(present.learner), present.meaning_changes
    found: list[tuple[int, Wanted, _Known]] = []
    for known in (*_of_the_book(deck, entries), *_own(present)):
        all_said = said(entries.get(known.id, ()), resolutions.get(known.id), changes.get(known.id))
        stance = Stance(known.id, by=known.by, authors=known.authors, **all_said)
        wanted = stance.wanted(present.day, present.rules)
        if wanted is not None:
            found.append((list(Wanted).index(wanted), wanted, known))
    found.sort(key=lambda one: one[0])
    return [known.asked(wanted) for _, wanted, known in found[:MOST]]


@dataclass(frozen=True)
class _Known:
    """A claim of the book or of the learner's own, as the desk asks it."""

    id: str
    html: str
    title: str
    href: str
    where: str
    by: date | None
    authors: Settled | None = None

    def asked(self, wanted: Wanted) -> dict[str, Any]:
        return {
            "id": self.id,
            "html": self.html,
            "title": self.title,
            "href": self.href,
            "where": self.where,
            "by": words.by(self.by),
            "wants": str(wanted),
        }


def _of_the_book(deck: Deck, entries: Mapping[str, Sequence[Credence]]) -> Iterator[_Known]:
    for claim_id in entries:
        card = deck.get(claim_id)
        if card is not None and not is_remembered(card):
            href = f"./{card.section}#card-{card.id}"
            yield _Known(
                card.id, card.front, card.section_title, href, "in its place", by_date(card), card.resolved
            )


def _own(present: Present) -> Iterator[_Known]:
    for claim in present.store.claims(present.learner):
        html, href = f"<p>{escape(claim.text)}</p>", f"./ledger#claim-{claim.id}"
        yield _Known(claim.id, html, "A claim of your own", href, "in your ledger", claim.by)


def asked(card: Card) -> dict[str, Any]:
    """A claim of the book, as it is asked."""
    return {"id": card.id, "html": card.front, "by": words.by(by_date(card))}


def _has_read(section: str, present: Present) -> bool:
    reading = present.store.readings(present.learner).get(section)
    return reading is not None and reading.share >= READ


def _before(card: Card, stance: Stance) -> dict[str, Any] | None:
    if stance.entries or stance.is_settled:
        return None
    return {**asked(card), "open": is_asked_before(card)}


def _after(card: Card, stance: Stance) -> dict[str, Any] | None:
    """A claim that was asked at the opening, and, if it was asked again, how far the credence has moved."""
    places = [place for place, entry in enumerate(stance.entries) if entry.occasion == "before"]
    if not places:
        return None
    before = stance.entries[places[-1]]
    since = [entry for entry in stance.entries[places[-1] + 1 :] if not entry.repeat]
    return {
        **asked(card),
        "moved": words.moved(before, since[-1]) if since else "",
        "closed": stance.is_settled,
    }


def _entry(entry: Credence, present: Present) -> dict[str, Any]:
    return {
        "id": entry.client_id,
        "said": words.said(entry, present.day, present.rules),
        "note": entry.note,
    }


def _is_second_thought(entries: Sequence[Credence]) -> bool:
    return len(entries) > 1 and entries[-1].occasion == "after" and not entries[-1].repeat
