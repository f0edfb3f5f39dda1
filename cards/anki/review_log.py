"""A learner's answers as rows of Anki's review log.

A row is named by its moment, in milliseconds. Where two answers have the same, the later one moves on by a
millisecond, as in Anki. Each row says how long the card had been put off before (`lastIvl`) and was put off
then (`ivl`), in days, or in seconds below 0, and how difficult it was after the answer (`factor`, from 100 to
1100 under FSRS). FSRS itself looks at the moment and the rating alone.

What an answer led to is what the card's next answer met, in the order of time, and after its last one where
the card stands now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cards.memory import State
from cards.replay.columns import STATES
from cards.store.departures import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cards.store.departures import Departures, Kept

Row = tuple[int, ...]
Integers = npt.NDArray[np.int64]

SOME = 10_000  # rows that are Python's own at a time
KINDS = {State.NEW: 0, State.LEARNING: 0, State.REVIEW: 1, State.RELEARNING: 2}
KIND = np.array([KINDS[state] for state in STATES], dtype=np.int64)
NO_CARD = -1
EASIEST = 1  # the least difficulty that there is


def log_rows(taken: Departures, numbers: Mapping[str, int]) -> Iterator[Row]:
    """Go through the rows `(id, cid, ease, ivl, lastIvl, factor, time, type)`, the oldest first.

    Args:
        taken: A learner's answers.
        numbers: The number that each card has in the package, by its id; answers of others are left out.
    """
    card_number = np.array([numbers.get(card_id, NO_CARD) for card_id in taken.cards], dtype=np.int64)
    answers = taken.answers
    if not len(answers):
        return
    interval, difficulty = _after(taken)
    at = _unique(answers["at"])
    for start in range(0, len(answers), SOME):
        part = slice(start, start + SOME)
        some, card = answers[part], card_number[answers["card"][part]]
        columns = (
            at[part],
            card,
            some["rating"],
            interval[part],
            some["interval"],
            np.rint((difficulty[part] - 1) / 9 * 1000 + 100).astype(np.int64),
            some["elapsed_ms"],
            KIND[some["state"]],
        )
        is_taken = card != NO_CARD
        yield from zip(*(column[is_taken].tolist() for column in columns), strict=True)


def _unique(at: Integers) -> Integers:
    """Return moments, given in order, each moved on by as little as makes all of them different."""
    place = np.arange(len(at))
    moved: Integers = np.maximum.accumulate(at - place) + place
    return moved


def _after(taken: Departures) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return the interval and the difficulty that each answer led to."""
    answers, cards = taken.answers, taken.cards.values()
    interval = np.array([_interval(kept) for kept in cards], dtype=np.int32)[answers["card"]]
    now = np.array([kept.difficulty or NONE for kept in cards], dtype=np.float32)
    difficulty = now[answers["card"]]
    by_card = np.argsort(answers["card"], kind="stable")
    is_same = np.diff(answers["card"][by_card]) == 0
    before, then = by_card[:-1][is_same], by_card[1:][is_same]
    interval[before] = answers["interval"][then]
    difficulty[before] = answers["difficulty"][then]
    return interval, np.maximum(difficulty, EASIEST)


def _interval(kept: Kept) -> int:
    """The interval that a card was given last: days above 0, seconds below, 0 if it was never answered."""
    if kept.last_review is None or kept.last_day is None:
        return 0
    if kept.due_day is None:
        return (kept.last_review - kept.due) // 1000
    return kept.due_day - kept.last_day
