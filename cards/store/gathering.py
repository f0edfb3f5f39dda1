"""Answers as they are read from the log, gathered into the columns that are replayed at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cards.memory import Memory
from cards.replay.columns import NONE, STATES, Log, Replayed
from cards.replay.many import replay
from cards.store.moments import from_ms

if TYPE_CHECKING:
    from cards.replay.columns import Integers
    from cards.schedule import SchedulerSettings


class Gathering:
    """The log of some cards, card by card."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._rows: list[tuple[int, int, int, int, int]] = []
        self._presets: dict[SchedulerSettings, int] = {}

    def card(self, card_id: str) -> None:
        """Begin another card; at least one answer has to follow."""
        self._ids.append(card_id)

    def answer(self, rating: int, at: int, day: int, settings: SchedulerSettings) -> None:
        """Add the next answer of the card, and the settings to replay it under."""
        preset = self._presets.setdefault(settings, len(self._presets))
        self._rows.append((len(self._ids) - 1, rating, at, day, preset))

    def replayed(self) -> dict[str, Memory]:
        """Return the memory of each card after its last answer."""
        if not self._rows:
            return {}
        card, rating, at, day, preset = np.array(self._rows, dtype=np.int64).T
        log = Log(card, rating, at, day, preset, settings=tuple(self._presets), seeds=self._ids)
        found, last = replay(log), log.at[log.first + log.count - 1]
        return dict(zip(self._ids, memories_of(found, last, np.arange(len(last))), strict=True))


def memories_of(found: Replayed, last_review: Integers, cards: Integers) -> list[Memory]:
    """Return the memories of some cards that a replay has found; each was answered, last at its moment."""
    columns = (*vars(found.after).values(), found.due, found.due_day, last_review)
    rows = zip(*(column[cards].tolist() for column in columns), strict=True)
    return [
        Memory(
            state=STATES[state],
            due=from_ms(due),
            due_day=None if due_day == NONE else due_day,
            step=None if step == NONE else step,
            stability=stability,
            difficulty=difficulty,
            last_review=from_ms(at),
            last_day=last_day,
            reps=reps,
            lapses=lapses,
        )
        for state, step, stability, difficulty, last_day, reps, lapses, due, due_day, at in rows
    ]
