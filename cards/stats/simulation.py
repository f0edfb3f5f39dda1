"""Answering cards day by day, all at once: the simulation that `cards.stats.workload` describes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cards.stats.model import AGAIN, GOOD, HARD, Model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cards.desk import Limits
    from cards.schedule import SchedulerSettings
    from cards.totals import CardState

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Cards:
    """The cards to simulate, with days counted from today.

    Attributes:
        last: The day of each seen card's last answer, at most 0: [card].
        stability: Their stabilities, in days: [card].
        difficulty: Their difficulties: [card].
        new: How many cards were never answered.
        due: When each seen card is due, if not at its model interval: [card].
    """

    last: Ints
    stability: Floats
    difficulty: Floats
    new: int = 0
    due: Ints | None = None

    @classmethod
    def of(cls, states: Sequence[CardState], today: int) -> Cards:
        """Return a learner's cards as of a day number; the same whatever order they come in."""
        seen = [
            (state.last_day, state.stability, state.difficulty)
            for state in states
            if state.stability is not None
        ]
        columns = np.array(seen, dtype=np.float64).reshape(-1, 3)
        day, stability, difficulty = columns[np.lexsort(columns.T[::-1])].T
        last = np.minimum(day.astype(np.int64) - today, 0)
        return cls(last, stability, difficulty, new=len(states) - len(seen))

    @property
    def n(self) -> int:
        """How many cards there are."""
        return len(self.last) + self.new


class Simulation:
    """All copies at all settings side by side, in lanes: the cards of one lane share a desk.

    Args:
        cards: The cards of one lane.
        retentions: The desired retentions.
        settings: The scheduler settings.
        limits: The caps of each lane.
        copies: How many lanes there are at each desired retention.

    Attributes:
        reviews: Reviews that were answered, on each day so far: [day][lane].
        lapses: How many of them were forgotten.
        left: Reviews that were due and left over.
        begun: New cards begun on each day, the same in every lane: [day].
    """

    def __init__(
        self,
        cards: Cards,
        retentions: Sequence[float],
        settings: SchedulerSettings,
        limits: Limits,
        copies: int,
    ) -> None:
        self.cards, self.limits = cards, limits
        self.model = Model(settings)
        self.learning = max(1, len(settings.learning_steps))
        self.relearning = len(settings.relearning_steps)
        self.lanes, self.size = len(retentions) * copies, cards.n
        self.desired = np.repeat(np.asarray(retentions, dtype=np.float64), copies)  # [lane]
        self.stability = self._in_lanes(cards.stability, 1.0)  # these four: [lane · card]
        self.difficulty = self._in_lanes(cards.difficulty, 1.0)
        self.last = self._in_lanes(cards.last, 0)
        self.due = self._in_lanes(np.zeros(len(cards.last), dtype=np.int64), NEVER)
        self._date(cards.due)
        self.reviews: list[Ints] = []
        self.lapses: list[Ints] = []
        self.begun: list[int] = []
        self.left: list[Ints] = []

    def day(self, day: int, random: np.random.Generator) -> None:
        """Answer what is due on a day, within the caps."""
        due = np.flatnonzero(self.due <= day)
        lane = due // max(1, self.size)
        count = np.bincount(lane, minlength=self.lanes)
        left = np.maximum(count - self.limits.reviews_a_day, 0)
        if left.any():
            due = self._within_caps(due, count)
            lane = due // self.size
        stability, difficulty = self.stability[due], self.difficulty[due]
        chance = self.model.retrievability(day - self.last[due], stability)
        is_lapse = random.random(len(due)) >= chance
        self._recall(due[~is_lapse], day, stability[~is_lapse], difficulty[~is_lapse], chance[~is_lapse])
        self._forget(due[is_lapse], day, stability[is_lapse], difficulty[is_lapse], chance[is_lapse])
        self.reviews.append(count - left)
        self.lapses.append(np.bincount(lane[is_lapse], minlength=self.lanes))
        self.left.append(left)
        self.begun.append(self._begin(day))

    def remembered(self, day: int) -> Floats:
        """Cards that would be recalled on a day, on average: [lane]."""
        days = np.maximum(day - self.last, 0)
        chance = np.where(self.due == NEVER, 0.0, self.model.retrievability(days, self.stability))
        remembered: Floats = chance.reshape(self.lanes, self.size).sum(axis=1)
        return remembered

    def _in_lanes(self, seen: NDArray[Any], new: float) -> NDArray[Any]:
        one = np.concatenate([seen, np.full(self.cards.new, new, dtype=seen.dtype)])
        return np.tile(one, self.lanes)

    def _date(self, due: Ints | None) -> None:
        """Date the seen cards, at their model interval if nothing else is said."""
        seen = np.flatnonzero(self.due < NEVER)
        if due is not None:
            self.due[seen] = np.tile(due, self.lanes)
        else:
            self.due[seen] = self.last[seen] + self._interval(seen, self.stability[seen])

    def _interval(self, cards: Ints, stability: Floats) -> Ints:
        return self.model.interval(stability, self.desired[cards // max(1, self.size)])

    def _within_caps(self, due: Ints, count: Ints) -> Ints:
        """The longest due of each lane, as many as its cap allows, by card.

        Args:
            due: The cards that are due, by lane and card.
            count: How many those are of each lane.
        """
        cap = self.limits.reviews_a_day
        waiting = self.due[due] * len(self.due) + due  # by day, then by card; no two alike
        kept = [
            cards if len(cards) <= cap else np.sort(cards[np.argpartition(keys, cap)[:cap]])
            for cards, keys in zip(
                np.split(due, np.cumsum(count)[:-1]), np.split(waiting, np.cumsum(count)[:-1]), strict=True
            )
        ]
        return np.concatenate(kept)

    def _recall(self, cards: Ints, day: int, stability: Floats, difficulty: Floats, chance: Floats) -> None:
        """Grade cards Good; the dates of Hard and Good are kept apart, and a longer interval is longer."""
        before = self.due[cards] - self.last[cards]
        hard = self.model.after_recall(stability, difficulty, chance, HARD)
        good = self.model.after_recall(stability, difficulty, chance, GOOD)
        of_hard, of_good = self._interval(cards, hard), self._interval(cards, good)
        longest = self.model.maximum_interval
        shortest = np.where(of_hard > before, before + 1, 1)
        moved = np.minimum(np.maximum(of_hard, shortest), longest)
        shortest = np.where(of_good > before, np.maximum(moved + 1, before + 1), moved + 1)
        self._set(cards, day, np.minimum(np.maximum(of_good, shortest), longest), good, difficulty, GOOD)

    def _forget(self, cards: Ints, day: int, stability: Floats, difficulty: Floats, chance: Floats) -> None:
        """Forget cards, and take them through their relearning steps."""
        stability = self.model.after_lapse(stability, difficulty, chance)
        difficulty = self.model.next_difficulty(difficulty, AGAIN)
        for _ in range(self.relearning):
            stability = self.model.again_the_same_day(stability, GOOD)
            difficulty = self.model.next_difficulty(difficulty, GOOD)
        self._set(cards, day, self._interval(cards, stability), stability, difficulty)

    def _begin(self, day: int) -> int:
        """Begin the next new cards of each lane; returns how many those are in one."""
        first = min(day * self.limits.new_a_day, self.cards.new)
        last = min(first + self.limits.new_a_day, self.cards.new)
        if first == last:
            return 0
        stability, difficulty = self.model.first(GOOD)
        place = len(self.cards.last) + np.arange(first, last)
        cards = (self.size * np.arange(self.lanes)[:, None] + place).ravel()
        stabilities, difficulties = np.full(len(cards), stability), np.full(len(cards), difficulty)
        for _ in range(self.learning - 1):
            stabilities = self.model.again_the_same_day(stabilities, GOOD)
            difficulties = self.model.next_difficulty(difficulties, GOOD)
        self._set(cards, day, self._interval(cards, stabilities), stabilities, difficulties)
        return last - first

    def _set(
        self,
        cards: Ints,
        day: int,
        interval: Ints,
        stability: Floats,
        difficulty: Floats,
        rating: int | None = None,
    ) -> None:
        self.stability[cards] = stability
        self.difficulty[cards] = (
            difficulty if rating is None else self.model.next_difficulty(difficulty, rating)
        )
        self.last[cards] = day
        self.due[cards] = day + interval
