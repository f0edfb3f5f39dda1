"""What a learner takes to Anki besides the cards' text: where each card stands, the answers, the settings.

Anki looks at all this once, when a card arrives; and only where the learner ticks "Import any learning
progress" and, for the settings, "Import any deck presets". Whatever a later package says of a card that Anki
knows already, Anki keeps its own.

A card that the learner never kept goes along as new. Of a card that asks both ways the first side has the
history, because that is the one that was asked here; the other is new. Answers that were undone, and those of
cards that are not exported, stay here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cards.anki.scheduling import Scheduled, scheduled
from cards.days import day_number
from cards.store.departing_cards import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cards.card import Card
    from cards.days import DayRules
    from cards.schedule import SchedulerSettings
    from cards.store import Store
    from cards.store.departures import Departures
    from cards.tuning import Tuning


@dataclass(frozen=True, eq=False)
class Progress:
    """A learner's progress.

    Attributes:
        taken: Where their cards stand, and their answers.
        tuning: What they have chosen of the scheduler.
        day: The number of their day.
    """

    taken: Departures
    tuning: Tuning
    day: int
    _settings: dict[str | None, SchedulerSettings] = field(default_factory=dict, init=False, repr=False)

    def stands(self, cards: Sequence[Card], templates: Sequence[int]) -> Scheduled:
        """Return where Anki's cards stand.

        Args:
            cards: The card whose note each is made of.
            templates: The place of the template that makes it.
        """
        place_of = self.taken.cards.get
        places = np.array(
            [
                NOWHERE if template else place_of(card.id, NOWHERE)
                for card, template in zip(cards, templates, strict=True)
            ],
            dtype=np.int64,
        )
        tracks = {track: number for number, track in enumerate(dict.fromkeys(card.track for card in cards))}
        return scheduled(
            self.taken.kept.at(places),
            [card.order for card in cards],
            [self.settings_for(track) for track in tracks],
            np.array([tracks[card.track] for card in cards], dtype=np.int64),
            self.day,
        )

    def settings_for(self, track: str | None) -> SchedulerSettings:
        """Return the settings for the cards of a track; None is what holds for all others."""
        if track not in self._settings:
            self._settings[track] = self.tuning.settings_for(track)
        return self._settings[track]


def progress_of(store: Store, learner: int, tuning: Tuning, *, rules: DayRules, now: datetime) -> Progress:
    """Return a learner's progress.

    Args:
        store: Where it is.
        learner: Whose.
        tuning: What they have chosen of the scheduler.
        rules: Where their day begins.
        now: The present, in UTC.

    Raises:
        StoreProblem: If it cannot be read. Cards and answers are read meanwhile, and raise it where they are
            used.
    """
    return Progress(store.departures(learner), tuning, day_number(now, rules))
