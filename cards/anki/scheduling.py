"""Where a card stands in Anki's terms, from where it stands here.

Anki counts a date in days from the collection's first, and a learning card's in seconds. It reads a memory
(stability `s`, difficulty `d`) and the moment of the last answer (`lrt`) from a card's `data`, rounded as it
rounds them itself. A due date is the learner's calendar day; where their day begins at another hour than
Anki's, which begins at 4 unless it was told otherwise, the same date begins a little earlier or later there.

A card that was withdrawn here is suspended there: it keeps its history, and is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from cards.anki.identity import FIRST_MILLISECOND
from cards.memory import State
from cards.replay.columns import STATES
from cards.store.arrays import NOT_THERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cards.schedule import SchedulerSettings
    from cards.store.departing_cards import Kept

Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

DAY_ZERO = FIRST_MILLISECOND // 86_400_000  # the day number of the collection's first day
TYPES = {State.NEW: 0, State.LEARNING: 1, State.REVIEW: 2, State.RELEARNING: 3}
QUEUES = {State.NEW: 0, State.LEARNING: 1, State.REVIEW: 2, State.RELEARNING: 1}
TYPE, QUEUE = (np.array([numbers[state] for state in STATES]) for numbers in (TYPES, QUEUES))
NEW, LEARNING = STATES.index(State.NEW), STATES.index(State.LEARNING)
SUSPENDED, BURIED = -1, -3
LONGEST = np.iinfo(np.int32).max  # days, for a stability that has no meaning
EASE = 2500  # what every card that has left learning has under FSRS, which does not look at it


class Scheduled(NamedTuple):
    """The columns of Anki's cards that say where each stands: [card]."""

    type: Integers
    queue: Integers
    due: Integers
    ivl: Integers
    factor: Integers
    reps: Integers
    lapses: Integers
    left: Integers
    data: Texts


def unseen(positions: Sequence[int]) -> Scheduled:
    """Return where cards stand that are new, by their places among the new ones."""
    none = np.zeros(len(positions), dtype=np.int64)
    places, data = np.array(positions, dtype=np.int64), np.full(len(positions), "", dtype=object)
    return Scheduled(none, none, places, none, none, none, none, none, data)


def scheduled(
    kept: Kept, positions: Sequence[int], settings: Sequence[SchedulerSettings], of_card: Integers, day: int
) -> Scheduled:
    """Return where cards stand.

    Args:
        kept: Where each stands here: [card].
        positions: Its place among the new cards, to which it returns should it be reset: [card].
        settings: The learner's settings.
        of_card: Which of them are each card's: [card].
        day: The number of the learner's day.
    """
    state = kept.state
    is_new, is_learning, has_day = state == NEW, state == LEARNING, kept.due_day != NOT_THERE
    queue = np.where(kept.buried_until > day, BURIED, QUEUE[state])
    queue[(kept.is_suspended | kept.is_withdrawn) > 0] = SUSPENDED
    due = np.where(has_day, kept.due_day - DAY_ZERO, kept.due // 1000)
    return Scheduled(
        TYPE[state],
        queue,
        np.where(is_new, positions, due),
        np.where(is_new | is_learning, 0, _interval(kept)),
        np.where(is_new | is_learning, 0, EASE),
        np.where(is_new, 0, kept.reps),
        np.where(is_new, 0, kept.lapses),
        np.where(is_new, 0, _steps_left(kept, settings, of_card)),
        np.array(list(_data(kept, positions, settings, of_card)), dtype=object),
    )


def _interval(kept: Kept) -> Integers:
    """The days between the last answer and the next; of a forgotten card, those that it will come to."""
    has_days = (kept.due_day != NOT_THERE) & (kept.last_day != NOT_THERE)
    in_days = np.rint(_known(kept.stability)).clip(max=LONGEST).astype(np.int64)
    return np.where(has_days, kept.due_day - kept.last_day, in_days).clip(min=1)


def _steps_left(kept: Kept, settings: Sequence[SchedulerSettings], of_card: Integers) -> Integers:
    steps = np.where(
        kept.state == LEARNING,
        np.array([len(one.learning_steps) for one in settings])[of_card],
        np.array([len(one.relearning_steps) for one in settings])[of_card],
    )
    return np.where(kept.step == NOT_THERE, 0, (steps - kept.step).clip(min=1))


def _data(
    kept: Kept, positions: Sequence[int], settings: Sequence[SchedulerSettings], of_card: Integers
) -> Iterator[str]:
    of_settings = [
        f'"dr":{one.desired_retention:.2f},"decay":{one.parameters[-1]:.3f},"lrt":' for one in settings
    ]
    last_review = np.where(kept.last_review == NOT_THERE, 0, kept.last_review // 1000)
    columns = (kept.state, _known(kept.stability), _known(kept.difficulty), of_card, last_review)
    for position, state, stability, difficulty, which, last in zip(
        positions, *(column.tolist() for column in columns), strict=True
    ):
        yield (
            f'{{"pos":{position},"s":{stability:.4f},"d":{difficulty:.3f},{of_settings[which]}{last}}}'
            if state != NEW
            else ""
        )


def _known(reals: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return real numbers with 0 for those that are none."""
    return np.where(np.isnan(reals), 0, reals)
