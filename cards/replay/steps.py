"""Where each answer leads: state, step, and the wait within the day, as `cards.steps` has it, in tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from cards.memory import Rating, State
from cards.replay.columns import NONE, STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cards.replay.columns import Integers
    from cards.schedule import SchedulerSettings
    from cards.steps import Stepped


@dataclass(frozen=True)
class Steps:
    """Tables [preset, state, step + 1, rating − 1] of what follows: step 0 of them is that of no step.

    Attributes:
        state: The number of the state.
        step: The step.
        wait: The milliseconds until the card comes back within the day; 0 where it comes back by the day.
    """

    state: Integers
    step: Integers
    wait: Integers

    @classmethod
    def of(cls, settings: Sequence[SchedulerSettings]) -> Steps:
        """Ask for every state and step that answers under any of these settings can lead to."""
        most = max(
            (len(steps) for one in settings for steps in (one.learning_steps, one.relearning_steps)),
            default=0,
        )
        most = max(most, 1)
        shape = (len(settings), len(STATES), most + 1, len(Rating))
        tables = cls(*(np.full(shape, NONE) for _ in range(3)))
        for preset, chosen in enumerate(settings):
            for number, state in enumerate(STATES):
                in_steps = state in (State.LEARNING, State.RELEARNING)
                for step in range(most) if in_steps else (None,):
                    for rating in Rating:
                        place = (preset, number, 0 if step is None else step + 1, rating - 1)
                        tables._note(place, chosen.steps.after(state, step, rating))
        return tables

    def _note(self, place: tuple[int, int, int, int], after: Stepped) -> None:
        self.state[place] = STATES.index(after.state)
        self.step[place] = NONE if after.step is None else after.step
        # A moment is a whole millisecond, and what is stored of a sum is rounded down.
        self.wait[place] = 0 if after.wait is None else after.wait // timedelta(milliseconds=1)
