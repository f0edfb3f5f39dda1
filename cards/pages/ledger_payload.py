"""What a browser is given of the ledger: all of it in one go, and one claim with its path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cards.beliefs.credence import percent
from cards.beliefs.verdict import drift_in_words, in_words
from cards.days import day_number, number_of_date
from cards.ledger import Listed, claims_of
from cards.pages import ledger_words as words
from cards.pages.belief_words import day
from cards.pages.ledger_calibration import calibration, predictions
from cards.pages.ledger_figures import PATH_HEIGHT, path
from cards.pages.ledger_toy import beside
from cards.pages.session import Present
from cards.plain import plain
from cards.reckoning import Reckoning, reckon, with_its_end
from cards.remembered import claims
from sim.spec import BrokenToyError, UnknownToyError

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from cards.beliefs.movement import Moved
    from cards.card import Deck
    from cards.claims import ConservationCheck

SPARK = 24  # of the last credences, drawn beside a claim
HUNDRED = 100
FEWEST_MOVES = 10  # of which nine can go one way
LINES = 300  # characters of a claim in the list


@dataclass(frozen=True)
class Ledger:
    """A learner's ledger at a moment.

    Attributes:
        here: The learner, now.
        deck: The book's cards.
        claims: All claims.
    """

    here: Present
    deck: Deck
    claims: Sequence[Listed]

    @classmethod
    def of(cls, here: Present, deck: Deck) -> Ledger:
        """Read it.

        Raises:
            StoreProblem: The store cannot be read.
        """
        return cls(here, deck, claims_of(deck, here.store, here.learner))

    def find(self, claim_id: str) -> Listed | None:
        """The claim with an id."""
        return next((claim for claim in self.claims if claim.claim_id == claim_id), None)


def everything(ledger: Ledger) -> dict[str, Any]:
    """All that the page shows before a claim is opened."""
    here = ledger.here
    found = reckon(ledger.claims, here.rules)
    checks = here.store.conservation_checks(here.learner)
    made = here.store.predictions(here.learner)
    said = any(claim.is_said for claim in ledger.claims)
    return {
        "private": words.PRIVATE if here.store.file is not None else words.PRIVATE_ON_A_SERVER,
        "backup": here.store.file is not None,
        "stand": words.summary(list(ledger.claims), here.day) if said else "",
        "start": "" if said else _start(ledger.deck),
        "rows": [_row(claim, found.moved.get(claim.claim_id), here) for claim in ledger.claims],
        "together": _together(found),
        "calibration": calibration(found, drawn),
        "predictions": predictions(made),
        "checks": [_check(one, here) for one in reversed(checks)],
        "held": here.store.holds_belief(here.learner),
    }


def one_claim(ledger: Ledger, claim: Listed) -> dict[str, Any]:
    """One claim, with its path, its entries, and what can be done to it."""
    here = ledger.here
    moved = reckon([claim], here.rules).moved.get(claim.claim_id)
    picture = None
    if any(entry.probability is not None for entry in claim.entries):
        picture = {
            "figure": drawn(path(claim, now=here.now, rules=here.rules)),
            "height": PATH_HEIGHT,
            "readout": words.path_read_out(claim, here.day, here.rules),
        }
    return {
        "row": _row(claim, moved, here),
        "text": claim.text,
        "place": f"/{claim.section}#card-{claim.claim_id}" if claim.section else "",
        "picture": picture,
        "measured": words.measured(moved, with_its_end(claim, here.rules), claim) if claim.entries else [],
        "entries": _entries(claim, here),
        "turned": words.turned_out(claim, here.rules) or words.asked_again(claim, here.day, here.rules),
        "settled": claim.is_settled,
        "mine": claim.is_settled_by_learner,
        "own": claim.is_own,
        "gone": claim.is_gone,
        "by": claim.by.isoformat() if claim.by else "",
        "held": here.store.holds_belief(here.learner, claim.claim_id),
    }


def drawn(figure: Figure) -> str:
    """A figure as the browser draws it."""
    figure.layout.template = None
    return str(figure.to_json())


def _row(claim: Listed, moved: Moved | None, here: Present) -> dict[str, Any]:
    last = claim.entries[-1] if claim.entries else None
    recent = claim.own.at if claim.own is not None and claim.is_settled_by_learner else None
    moments = [at for at in (last.at if last else None, recent, claim.made_at) if at is not None]
    return {
        "id": claim.claim_id,
        "text": claim.text if len(claim.text) <= LINES else f"{claim.text[:LINES].rstrip()}…",
        "where": words.where(claim),
        "status": str(claim.status(here.day)),
        "standing": words.standing(claim, here.day, here.rules),
        "last": None if last is None or last.probability is None else last.probability,
        "moved": None if moved is None else moved.movement,
        "at": max(moments).timestamp() if moments else 0,
        "by": number_of_date(claim.by) if claim.by else None,
        "spark": _spark(claim),
    }


def _spark(claim: Listed) -> list[int | None]:
    return [
        None if entry.probability is None else round(HUNDRED * entry.probability)
        for entry in claim.entries[-SPARK:]
    ]


def _entries(claim: Listed, here: Present) -> list[dict[str, str | bool]]:
    """The entries, newest first; those that do not count say so."""
    counting = {entry.client_id for entry in claim.counting(here.rules)}
    zone = ZoneInfo(here.rules.timezone)
    found: list[dict[str, str | bool]] = []
    for entry in reversed(claim.every_entry):
        about = words.entry_about(entry)
        if entry.client_id not in counting:
            why = words.ANOTHER_CLAIM if entry in claim.earlier else words.TOO_LATE
            about = " · ".join(filter(None, [about, why]))
        when = day(day_number(entry.at, here.rules), here.day)
        found.append({
            "id": entry.client_id,
            "said": percent(entry.probability),
            "when": f"{when}, {entry.at.astimezone(zone):%H:%M}",
            "about": about,
            "note": entry.note,
        })  # fmt: skip
    return found


def _together(found: Reckoning) -> dict[str, Any]:
    try:
        toy = beside(found)
    except (UnknownToyError, BrokenToyError):  # the record is the learner's all the same
        toy = None
    record = found.together
    return {
        "rows": words.together(record) if found.moved else [],
        "verdict": in_words(record),
        "drift": (drift_in_words(record) or "") if record.up + record.down >= FEWEST_MOVES else "",
        "toy": None if toy is None else {"sentence": toy.sentence, "link": toy.link},
    }


def _check(done: ConservationCheck, here: Present) -> dict[str, Any]:
    *sentences, when = words.check(done, here.day, here.rules)
    evidence = here.evidence.get(done.check_id)
    return {
        "id": done.check_id,
        "name": plain(evidence.claim) if evidence else f"{done.check_id}, no longer in the book",
        "place": f"/{evidence.section}#card-{evidence.id}" if evidence else "",
        "sentences": sentences,
        "when": when,
    }


def _start(deck: Mapping[str, Any]) -> str:
    """What to do first, where nothing was said yet: the section of the book that makes the first claim."""
    return next((f"/{card.section}#card-{card.id}" for card in claims(deck.values())), "")
