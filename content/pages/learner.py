"""What the book's pages ask and tell of the learner who reads them."""

from __future__ import annotations

from cards.card import Deck
from cards.desk import in_words
from cards.pages import session
from cards.store.records import Prediction
from content.blocks import SimBlock
from content.pages.home import Standing
from sim.guess import Guess, PreviousGuess


def due(deck: Deck) -> int:
    """How many cards were seen before and are due now."""
    present = session.present()
    return present.queue(deck, present.memories()).due


def standing(deck: Deck) -> Standing:
    """What home shows of a learner."""
    present = session.present()
    memories = present.memories()
    queue = present.queue(deck, memories)
    readings = present.store.readings(present.learner)
    next_due = in_words(queue.next_due, now=present.now, rules=present.rules) if queue.next_due else ""
    return Standing(
        due=queue.due,
        new=queue.new,
        kept=sum(card_id in deck for card_id in memories),
        next_due=next_due,
        shares={slug: reading.share for slug, reading in readings.items()},
        last=next(iter(readings), ""),
    )


def open_section(slug: str) -> float:
    """Note that a section is the one in hand; returns how much of it has been read, 0 to 1."""
    present = session.present()
    present.store.record_reading(present.learner, slug, 0, present.now)
    return present.store.readings(present.learner)[slug].share


def record_reading(slug: str, share: float) -> None:
    """Note how much of a section has been on the screen, 0 to 1."""
    present = session.present()
    present.store.record_reading(present.learner, slug, share, present.now)


def guess(block: SimBlock) -> PreviousGuess | None:
    """What the learner last guessed at this simulation, for the settings that its author chose."""
    present = session.present()
    for said in reversed(present.store.predictions(present.learner)):
        asked = said.toy == block.toy and said.fact == block.predict
        if asked and block.settings.items() <= said.settings.items():
            return PreviousGuess(said.guess, said.settings)
    return None


def record_guess(taken: Guess) -> None:
    """Keep a guess; the same one told twice is kept once."""
    present = session.present()
    prediction = Prediction(
        client_id=taken.client_id,
        toy=taken.toy,
        fact=taken.fact,
        settings=taken.settings,
        guess=taken.guess,
        truth=taken.truth,
        at=present.now,
    )
    present.store.record_prediction(present.learner, prediction)
