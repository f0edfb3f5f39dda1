"""A learner's answers as rows of Anki's review log.

A row is named by its moment, in milliseconds. Where two answers have the same, the later one moves on by a
millisecond, as in Anki. Each row says how long the card had been put off before (`lastIvl`) and was put off
then (`ivl`), in days, or in seconds below 0, and how difficult it was after the answer (`factor`, from 100 to
1100 under FSRS). FSRS itself looks at the moment and the rating alone.

What an answer led to is what the card's next answer met, in the order of time, and after its last one where
the card stands now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from cards.memory import State
from cards.model import EASIEST, HARDEST
from cards.replay.columns import STATES
from cards.store.arrays import NOT_THERE
from cards.store.departing_answers import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cards.store.departing_cards import Kept
    from cards.store.departures import Departures

Integers = npt.NDArray[np.int64]

KINDS = {State.NEW: 0, State.LEARNING: 0, State.REVIEW: 1, State.RELEARNING: 2}
KIND = np.array([KINDS[state] for state in STATES], dtype=np.int8)
NO_CARD = -1
INT32 = np.iinfo(np.int32).min, np.iinfo(np.int32).max
NEW_HERE = -1  # Anki's update number of whatever has never been synchronised


class Log(NamedTuple):
    """Anki's review log in columns, each [row], the oldest first and each as wide as its values can be."""

    id: Integers
    cid: Integers
    usn: npt.NDArray[np.int8]
    ease: npt.NDArray[np.int8]
    ivl: npt.NDArray[np.int32]
    last_ivl: npt.NDArray[np.int32]
    factor: npt.NDArray[np.int16]
    time: npt.NDArray[np.int32]
    type: npt.NDArray[np.int8]


def review_log(taken: Departures, numbers: Mapping[str, int]) -> Log:
    """Return a learner's answers as Anki's review log.

    Args:
        taken: The answers.
        numbers: The number that each card has in the package, by its id; answers of others are left out.
    """
    of_cards = [numbers.get(card_id, NO_CARD) for card_id in taken.cards]
    answers = taken.answers
    card = np.array(of_cards, dtype=np.int64)[answers["card"]]
    interval, difficulty = _after(taken)
    columns = Log(
        id=_unique(answers["at"]),
        cid=card,
        usn=np.full(len(answers), NEW_HERE, dtype=np.int8),
        ease=answers["rating"],
        ivl=interval,
        last_ivl=answers["interval"],
        factor=np.rint((difficulty - 1) / 9 * 1000 + 100).astype(np.int16),
        time=answers["elapsed_ms"],
        type=KIND[answers["state"]],
    )
    is_taken = card != NO_CARD
    return columns if is_taken.all() else Log._make(column[is_taken] for column in columns)


def _unique(at: Integers) -> Integers:
    """Return moments, given in order, each moved on by as little as makes all of them different."""
    place = np.arange(len(at))
    moved: Integers = np.maximum.accumulate(at - place) + place
    return moved


def _after(taken: Departures) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return the interval and the difficulty that each answer led to."""
    answers = taken.answers
    last, now = _as_it_stands(taken.kept)
    interval, difficulty = last[answers["card"]], now[answers["card"]]
    by_card = np.argsort(answers["card"], kind="stable")
    is_same = np.diff(answers["card"][by_card]) == 0
    before, then = by_card[:-1][is_same], by_card[1:][is_same]
    interval[before] = answers["interval"][then]
    difficulty[before] = answers["difficulty"][then]
    return interval, difficulty.clip(EASIEST, HARDEST)


def _as_it_stands(kept: Kept) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return the interval that each card was given last, and its difficulty; both 0 if it was never answered.

    An interval is in days above 0, and in seconds below.
    """
    seconds = (kept.last_review - kept.due) // 1000
    interval = np.where(kept.due_day == NOT_THERE, seconds, kept.due_day - kept.last_day)
    interval[(kept.last_review == NOT_THERE) | (kept.last_day == NOT_THERE)] = 0
    return interval.clip(*INT32).astype(np.int32), np.nan_to_num(kept.difficulty, nan=NONE).astype(np.float32)
