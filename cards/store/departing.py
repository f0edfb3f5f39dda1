"""What the store hands over to whoever takes a learner's progress elsewhere."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cards.store.departing_answers import answers_to
from cards.store.departing_cards import cards_of
from cards.store.departures import Departures
from cards.store.memories import MEMORY
from cards.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cards.store.departing_answers import Answers
    from cards.store.departing_cards import Kept
    from cards.store.engine import Database

MOMENT = Prepared(select(func.max(MEMORY.c.learner_id)))  # what is read first settles what all the rest sees


class Departing:
    """The part of a store that is read as a whole, in one transaction."""

    _database: Database

    def departures(self, learner: int) -> Departures:
        """Return where each of a learner's cards stands, and every answer that counts, as of now.

        Both are still being read when this returns, by a thread that has the database to itself for most of
        that time, and in one transaction, which has begun.

        Raises:
            StoreProblem: They cannot be read.
        """
        begun: Future[None] = Future()
        standing: Future[tuple[Mapping[str, int], Kept]] = Future()

        def read() -> Answers:
            try:
                with self._database.reading() as connection:
                    MOMENT.first(connection, {})
                    begun.set_result(None)
                    cards, kept, numbers = cards_of(connection, learner)
                    standing.set_result((cards, kept))
                    return answers_to(numbers, connection, learner)
            except Exception as error:  # whatever it is, whoever waits for the rest is told as well
                for waited_for in (begun, standing):
                    if not waited_for.done():
                        waited_for.set_exception(error)
                raise

        reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="departures")
        answering = reader.submit(read)
        reader.shutdown(wait=False)
        begun.result()
        return Departures(standing, answering)
