"""Steps: the waits within a day between the first answers to a card, and after it was forgotten.

Again leads to the first step, Hard to the same one again, Good to the next, and Easy out of the steps; Good
does too at the last. At the first step Hard waits half-way to the second, or half as long again where there
is no second. Whoever has no steps is out of them at once, and so is whoever stood beyond the last of them
when they became fewer, unless the answer is Again. These are Anki's rules as py-fsrs has them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from cards.memory import Rating, State

if TYPE_CHECKING:
    from collections.abc import Sequence

AS_LONG_AGAIN = 1.5


class Stepped(NamedTuple):
    """Where an answer leads: the state, the step in it, and the wait; no wait where the model says when."""

    state: State
    step: int | None = None
    wait: timedelta | None = None


OUT = Stepped(State.REVIEW)


class Steps:
    """The steps of some settings.

    Args:
        learning: Minutes between the first answers to a card.
        relearning: Minutes between the answers to a card that was forgotten.
    """

    def __init__(self, learning: Sequence[float], relearning: Sequence[float]) -> None:
        self._learning = tuple(timedelta(minutes=minutes) for minutes in learning)
        self._relearning = tuple(timedelta(minutes=minutes) for minutes in relearning)

    def after(self, state: State, step: int | None, rating: Rating) -> Stepped:
        """Return where an answer leads from a state and a step, which outside the steps is None."""
        if state is State.REVIEW:
            if rating is Rating.AGAIN and self._relearning:
                return Stepped(State.RELEARNING, 0, self._relearning[0])
            return OUT
        if state is State.RELEARNING:
            return _after(State.RELEARNING, self._relearning, step or 0, rating)
        return _after(State.LEARNING, self._learning, step or 0, rating)


def _after(state: State, waits: Sequence[timedelta], step: int, rating: Rating) -> Stepped:
    if not waits:
        return OUT
    if rating is Rating.AGAIN:
        return Stepped(state, 0, waits[0])
    if step >= len(waits) or rating is Rating.EASY:
        return OUT
    if rating is Rating.HARD:
        return Stepped(state, step, waits[step] if step else _half_way(waits))
    if step + 1 == len(waits):
        return OUT
    return Stepped(state, step + 1, waits[step + 1])


def _half_way(waits: Sequence[timedelta]) -> timedelta:
    return waits[0] * AS_LONG_AGAIN if len(waits) == 1 else (waits[0] + waits[1]) / 2.0
