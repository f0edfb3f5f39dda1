"""Where a card stands in Anki's terms, from where it stands here.

Anki counts a date in days from the collection's first, and a learning card's in seconds. It reads a memory
(stability `s`, difficulty `d`) and the moment of the last answer (`lrt`) from a card's `data`, rounded as it
rounds them itself. A due date is the learner's calendar day; where their day begins at another hour than
Anki's, which begins at 4 unless it was told otherwise, the same date begins a little earlier or later there.

A card that was withdrawn here is suspended there: it keeps its history, and is not asked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from cards.anki.identity import FIRST_MILLISECOND
from cards.memory import State
from cards.store.moments import to_ms

if TYPE_CHECKING:
    from cards.memory import Memory
    from cards.schedule import SchedulerSettings
    from cards.store.departures import Kept

DAY_ZERO = FIRST_MILLISECOND // 86_400_000  # the day number of the collection's first day
TYPES = {State.NEW: 0, State.LEARNING: 1, State.REVIEW: 2, State.RELEARNING: 3}
QUEUES = {State.NEW: 0, State.LEARNING: 1, State.REVIEW: 2, State.RELEARNING: 1}
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
    memory = kept.memory
    queue = QUEUES[memory.state]
    if kept.is_suspended or kept.is_withdrawn:
        queue = SUSPENDED
    elif kept.buried_until is not None and kept.buried_until > day:
        queue = BURIED
    if memory.state is State.NEW:
        return unseen(position)._replace(queue=queue)
    return Scheduled(
        type=TYPES[memory.state],
        queue=queue,
        due=to_ms(memory.due) // 1000 if memory.due_day is None else memory.due_day - DAY_ZERO,
        ivl=_interval(memory),
        factor=0 if memory.state is State.LEARNING else EASE,
        reps=memory.reps,
        lapses=memory.lapses,
        left=_steps_left(memory, settings),
        data=_data(memory, position, settings),
    )


def _interval(memory: Memory) -> int:
    """The days between the last answer and the next; of a forgotten card, those that it will come to."""
    if memory.state is State.LEARNING:
        return 0
    if memory.due_day is None or memory.last_day is None:
        return max(1, round(memory.stability or 1))
    return max(1, memory.due_day - memory.last_day)


def _steps_left(memory: Memory, settings: SchedulerSettings) -> int:
    if memory.step is None:
        return 0
    is_learning = memory.state is State.LEARNING
    steps = settings.learning_steps if is_learning else settings.relearning_steps
    return max(1, len(steps) - memory.step)


def _data(memory: Memory, position: int, settings: SchedulerSettings) -> str:
    known = {
        "pos": position,
        "s": None if memory.stability is None else round(memory.stability, 4),
        "d": None if memory.difficulty is None else round(memory.difficulty, 3),
        "dr": round(settings.desired_retention, 2),
        "decay": round(settings.parameters[-1], 3),
        "lrt": None if memory.last_review is None else to_ms(memory.last_review) // 1000,
    }
    return json.dumps({name: value for name, value in known.items() if value is not None})
