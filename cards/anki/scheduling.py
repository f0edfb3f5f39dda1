"""Where a card stands in Anki's terms, from where it stands here.

Anki counts a date in days from the collection's first, and a learning card's in seconds. It reads a memory
(stability `s`, difficulty `d`) and the moment of the last answer (`lrt`) from a card's `data`, rounded as it
rounds them itself. A due date is the learner's calendar day; where their day begins at another hour than
Anki's, which begins at 4 unless it was told otherwise, the same date begins a little earlier or later there.

A card that was withdrawn here is suspended there: it keeps its history, and is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from cards.anki.identity import FIRST_MILLISECOND
from cards.memory import State

if TYPE_CHECKING:
    from cards.schedule import SchedulerSettings
    from cards.store.departures import Kept

DAY_ZERO = FIRST_MILLISECOND // 86_400_000  # the day number of the collection's first day
TYPES: Mapping[str, int] = {State.NEW: 0, State.LEARNING: 1, State.REVIEW: 2, State.RELEARNING: 3}
QUEUES: Mapping[str, int] = {State.NEW: 0, State.LEARNING: 1, State.REVIEW: 2, State.RELEARNING: 1}
NEW, LEARNING = State.NEW, State.LEARNING  # of 100,000 cards, looking a member up by name is a third
SUSPENDED, BURIED = -1, -3
EASE = 2500  # what every card that has left learning has under FSRS, which does not look at it


class Scheduled(NamedTuple):
    """The columns of a card in Anki that say where it stands."""

    type: int
    queue: int
    due: int
    ivl: int
    factor: int
    reps: int
    lapses: int
    left: int
    data: str


def unseen(position: int) -> Scheduled:
    """Return where a card stands that is new, by its place among the new ones."""
    return Scheduled(0, 0, position, 0, 0, 0, 0, 0, "")


def scheduled(kept: Kept, position: int, settings: SchedulerSettings, day: int) -> Scheduled:
    """Return where a card stands.

    Args:
        kept: Where it stands here.
        position: Its place among the new cards, to which it returns should it be reset.
        settings: The learner's settings for it.
        day: The number of the learner's day.
    """
    queue = QUEUES[kept.state]
    if kept.is_suspended or kept.is_withdrawn:
        queue = SUSPENDED
    elif kept.buried_until is not None and kept.buried_until > day:
        queue = BURIED
    if kept.state == NEW:
        return Scheduled(0, queue, position, 0, 0, 0, 0, 0, "")
    return Scheduled(
        TYPES[kept.state],
        queue,
        kept.due // 1000 if kept.due_day is None else kept.due_day - DAY_ZERO,
        _interval(kept),
        0 if kept.state == LEARNING else EASE,
        kept.reps,
        kept.lapses,
        _steps_left(kept, settings),
        _data(kept, position, settings),
    )


def _interval(kept: Kept) -> int:
    """The days between the last answer and the next; of a forgotten card, those that it will come to."""
    if kept.state == LEARNING:
        return 0
    if kept.due_day is None or kept.last_day is None:
        return max(1, round(kept.stability or 1))
    return max(1, kept.due_day - kept.last_day)


def _steps_left(kept: Kept, settings: SchedulerSettings) -> int:
    if kept.step is None:
        return 0
    steps = settings.learning_steps if kept.state == LEARNING else settings.relearning_steps
    return max(1, len(steps) - kept.step)


def _data(kept: Kept, position: int, settings: SchedulerSettings) -> str:
    return (
        f'{{"pos":{position},"s":{kept.stability or 0:.4f},"d":{kept.difficulty or 0:.3f},'
        f'"dr":{settings.desired_retention:.2f},"decay":{settings.parameters[-1]:.3f},'
        f'"lrt":{(kept.last_review or 0) // 1000}}}'
    )
