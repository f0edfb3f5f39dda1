"""What the book's pages ask and tell of the learner who reads them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial

from cards.card import Deck
from cards.desk import in_words
from cards.pages import session, tuning_fit
from cards.predicted import with_said
from cards.store import Counterexample as Kept
from cards.store import Prediction, StoreProblem
from content.blocks import SimBlock
from content.pages.home import Standing
from sim.counterexample import Counterexample, Counterexamples, NotKeptError
from sim.guess import Choice, Guess, Interval, Number, PreviousGuess, Said

MOST_COUNTEREXAMPLES = 50  # under one simulation


def due(deck: Deck) -> int:
    """How many cards were seen before and are due now."""
    return session.present().queue(deck).due


def standing(deck: Deck) -> Standing:
    """What home shows of a learner."""
    present = session.present()
    queue = present.queue(deck)
    readings = present.store.readings(present.learner)
    next_due = in_words(queue.next_due, now=present.now, rules=present.rules) if queue.next_due else ""
    return Standing(
        due=queue.due,
        new=queue.new,
        kept=present.kept(deck),
        next_due=next_due,
        shares={slug: reading.share for slug, reading in readings.items()},
        last=next(iter(readings), ""),
        backlog=queue.backlog.sentence if queue.backlog else "",
        fit_is_offered=tuning_fit.is_offered(present),
    )


def open_section(slug: str) -> float:
    """Note that a section is the one in hand; returns how much of it has been read, 0 to 1."""
    record_reading(slug, 0)
    present = session.present()
    reading = present.store.readings(present.learner).get(slug)
    return reading.share if reading else 0


def record_reading(slug: str, share: float) -> None:
    """Note how much of a section has been on the screen, 0 to 1.

    Where that cannot be saved it is forgotten: it comes again, and is not worth a word to who is reading.
    """
    with suppress(StoreProblem):
        present = session.present()
        present.store.record_reading(present.learner, slug, share, present.now)


def guess(block: SimBlock) -> PreviousGuess | None:
    """What the learner last guessed at this simulation, asked so, for the settings that its author chose."""
    present = session.present()
    for kept in reversed(present.store.predictions(present.learner)):
        asked = (kept.toy, kept.fact, kept.kind) == (block.toy, block.predict, block.ask.kind)
        if asked and not kept.card_id and block.settings.items() <= kept.settings.items():
            return PreviousGuess(_said(kept), kept.settings)
    return None


def _said(kept: Prediction) -> Said | None:
    if kept.guess is not None:
        return Number(kept.guess)
    low = -math.inf if kept.low is None else kept.low
    high = math.inf if kept.high is None else kept.high
    if kept.confidence is not None:
        return Interval(low, high, kept.confidence)
    return Choice(kept.choice, low, high) if kept.choice else None


def record_guess(taken: Guess) -> None:
    """Keep a guess, with its score; the same one told twice is kept once.

    Raises:
        NotKeptError: If the store cannot keep it.
    """
    with _kept() as present:
        present.store.record_prediction(present.learner, _prediction(taken, present.now))


def _prediction(taken: Guess, now: datetime) -> Prediction:
    asked = Prediction(
        client_id=taken.client_id,
        toy=taken.toy,
        fact=taken.fact,
        settings=taken.settings,
        guess=None,
        truth=taken.truth,
        at=now,
        kind=taken.kind,
    )
    return with_said(asked, taken.said)


def counterexamples(slug: str, block: SimBlock) -> Counterexamples:
    """What the learner keeps against a section's claim under one of its simulations, and how to keep more."""
    present = session.present()
    kept = [
        Counterexample(found.client_id, found.toy, found.settings, found.seed, found.note)
        for found in present.store.counterexamples(present.learner, slug)
        if (found.block, found.toy) == (block.id, block.toy)
    ]
    return Counterexamples(
        kept=kept,
        keep=partial(_keep_counterexample, slug, block, kept),
        withdraw=_withdraw_counterexample,
        restore=_restore_counterexample,
    )


def _keep_counterexample(
    slug: str, block: SimBlock, kept: Sequence[Counterexample], found: Counterexample
) -> None:
    is_new = all(found.client_id != other.client_id for other in kept)
    if is_new and len(kept) >= MOST_COUNTEREXAMPLES:
        raise NotKeptError(
            f"{MOST_COUNTEREXAMPLES} settings are kept here already. Remove one of them first."
        )
    with _kept() as present:
        record = Kept(
            client_id=found.client_id,
            section=slug,
            block=block.id,
            toy=found.toy,
            settings=found.settings,
            seed=found.seed,
            note=found.note,
            at=present.now,
        )
        present.store.record_counterexample(present.learner, record)


def _withdraw_counterexample(client_id: str) -> None:
    with _kept() as present:
        present.store.withdraw_counterexample(present.learner, client_id, present.now)


def _restore_counterexample(client_id: str) -> None:
    with _kept() as present:
        present.store.restore_counterexample(present.learner, client_id)


@contextmanager
def _kept() -> Iterator[session.Present]:
    """Who is here, and in a panel's own words why something could not be kept for them."""
    try:
        yield session.present()
    except StoreProblem as problem:
        raise NotKeptError(f"This is not saved. {problem.what} {problem.remedy}") from problem
