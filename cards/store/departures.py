"""What a learner takes along to another program: where each card stands, and every answer that counts.

All of it is handed over in columns, because a million answers take 25 MB so, and a gigabyte as objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from cards.store.departing_answers import Answers
    from cards.store.departing_cards import Kept


@dataclass(frozen=True, eq=False)
class Departures:
    """What is taken along. It may still be being read, and who wants it waits.

    Attributes:
        standing: The cards, and where each stands.
        answering: The answers.
    """

    standing: Future[tuple[Mapping[str, int], Kept]]
    answering: Future[Answers]

    @property
    def cards(self) -> Mapping[str, int]:
        """The place of each card that the learner keeps, or kept once, in `kept`, by its id.

        Raises:
            StoreProblem: They could not be read.
        """
        cards, _ = self.standing.result()
        return cards

    @property
    def kept(self) -> Kept:
        """Where each of the cards stands.

        Raises:
            StoreProblem: They could not be read.
        """
        _, kept = self.standing.result()
        return kept

    @property
    def answers(self) -> Answers:
        """The answers by when they were given: [answer].

        They have these columns: `card`, the place of its card in `kept`; `at`, in milliseconds since 1970;
        `rating`; `elapsed_ms`; and of the memory that was answered `state`, as its place in
        `cards.replay.columns.STATES`, `interval`, in days above 0 and in seconds below, and `difficulty`, 0
        where it was new. What was undone is left out, and so is what was answered of a card of which there
        is no memory.

        Raises:
            StoreProblem: They could not be read.
        """
        return self.answering.result()
