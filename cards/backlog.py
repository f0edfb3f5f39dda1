"""What has piled up: more reviews than a learner takes on in a day, as after weeks away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Backlog:
    """Reviews that are due, where they are more than a day's.

    Attributes:
        waiting: How many are due.
        a_day: How many the learner takes on in a day.
    """

    waiting: int
    a_day: int

    @classmethod
    def of(cls, due: int, *, done: int, a_day: int) -> Backlog | None:
        """Return what has piled up, or None if what is due and what was done today fit into one day."""
        return cls(due, a_day) if due and due + done > a_day else None

    @property
    def days(self) -> int | None:
        """How many days it takes, or None if the learner takes on no reviews at all."""
        return -(-self.waiting // self.a_day) if self.a_day else None

    @property
    def sentence(self) -> str:
        """What the learner is told."""
        reviews = "1 review has" if self.waiting == 1 else f"{self.waiting:,} reviews have"
        if self.days is None:
            return f"{reviews} piled up, and none is asked while you take on no reviews a day."
        days = "1 day" if self.days == 1 else f"{self.days:,} days"
        takes = "it takes" if self.waiting == 1 else "they take"
        return f"{reviews} piled up; at {self.a_day:,} a day {takes} {days}, and none is skipped."
