"""Answers that were given elsewhere, as they arrive, and what merging them comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cards.days import DayRules
from cards.memory import Memory
from cards.replay.columns import Integers
from cards.schedule import SchedulerSettings


class Arriving(Protocol):
    """Answers as `Arrivals` has them, of which the rest is read when they are asked for."""

    @property
    def card_ids(self) -> Sequence[str]:
        """The cards."""

    @property
    def card(self) -> Integers:
        """[answer] which of them was answered."""

    @property
    def at(self) -> Integers:
        """[answer] when, in milliseconds since 1970."""

    def __len__(self) -> int:
        """How many answers."""

    def these(self, rows: npt.NDArray[np.bool_] | Integers) -> Arrivals:
        """Return some of the answers in full, in the order given."""


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Answers in columns, in any order; the log may know some of them already.

    Attributes:
        card_ids: The cards.
        card: [answer] which of them was answered.
        at: [answer] when, in milliseconds since 1970.
        rating: [answer] 1 to 4.
        elapsed_ms: [answer] how long it took, in milliseconds; 0 if nobody knows.
        interval: [answer] the days after which the card had been to come back; 0 if sooner.
    """

    card_ids: Sequence[str]
    card: Integers
    at: Integers
    rating: Integers
    elapsed_ms: Integers
    interval: Integers

    def __len__(self) -> int:
        return len(self.card)

    def these(self, rows: npt.NDArray[np.bool_] | Integers) -> Arrivals:
        """Return some of the answers, in the order given."""
        chosen = {name: getattr(self, name)[rows] for name in _ANSWER_COLUMNS}
        return replace(self, **chosen)

    def by_card(self) -> Arrivals:
        """Return the answers card by card, each card's by when they were given, and none twice."""
        if not len(self):
            return self
        order = np.lexsort((self.at, self.card))
        card, at = self.card[order], self.at[order]
        is_new = np.append(True, (np.diff(card) != 0) | (np.diff(at) != 0))
        return self.these(order[is_new])


_ANSWER_COLUMNS = ("card", "at", "rating", "elapsed_ms", "interval")


@dataclass(frozen=True)
class Terms:
    """Under what answers are merged.

    Attributes:
        rules: Where the learner's day begins.
        settings: The scheduler settings for a card, by its id; `otherwise` holds for those not named.
        otherwise: The learner's overall settings.
        sections: The section that a card stands in, by its id.
    """

    rules: DayRules
    otherwise: SchedulerSettings = field(default_factory=SchedulerSettings)
    settings: Mapping[str, SchedulerSettings] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """A card whose memory a merge changes; before it there may have been none."""

    card_id: str
    before: Memory | None
    after: Memory


@dataclass(frozen=True)
class Merged:
    """What merging answers came to, or would.

    Attributes:
        added: Answers that the log did not know.
        known: Answers that it did.
        cards: Cards that answers were added to.
        enrolled: Those of them that were not kept before.
        changed: Those whose date or stability is another now.
        examples: Some of these, the best known first.
        backup: The copy that was made before, if one was.
    """

    added: int = 0
    known: int = 0
    cards: int = 0
    enrolled: int = 0
    changed: int = 0
    examples: tuple[Change, ...] = ()
    backup: Path | None = None
