"""What the store hands over to whoever takes a learner's progress elsewhere."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from cards.store.departures import Answers, Departures, answers_to, cards_of

if TYPE_CHECKING:
    from cards.store.engine import Database


class Departing:
    """The part of a store that is read as a whole, in one transaction."""

    _database: Database

    def departures(self, learner: int) -> Departures:
        """Return where each of a learner's cards stands, and every answer that counts.

        The answers are still being read when this returns, by a thread that has the database to itself for
        most of that time, and in the transaction in which the cards were read.

        Raises:
            StoreProblem: They cannot be read.
        """
        cards: Future[dict[str, tuple[Any, ...]]] = Future()

        def read() -> Answers:
            try:
                with self._database.reading() as connection:
                    found, numbers = cards_of(connection, learner)
                    cards.set_result(found)
                    return answers_to(numbers, connection, learner)
            except Exception as error:  # whatever it is, whoever waits for the cards is told as well
                if not cards.done():
                    cards.set_exception(error)
                raise

        reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="departures")
        answers = reader.submit(read)
        reader.shutdown(wait=False)
        return Departures(cards.result(), answers)
