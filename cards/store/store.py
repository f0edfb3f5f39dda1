"""The store: everything a learner has, behind one object.

Each method is one transaction. Any thread may call it, and several processes may share one database. What
goes beyond cards and answers is in the store's base classes, one a concern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cards.store import (
    answers,
    counterexamples,
    learners,
    log,
    memories,
    predictions,
    presets,
    readings,
    texts,
)
from cards.store.believing import Believing
from cards.store.browsing import Browsing
from cards.store.deciding import Deciding
from cards.store.departing import Departing
from cards.store.engine import Database, address
from cards.store.keeping import Keeping
from cards.store.merging import Merging
from cards.store.opening import back_up_daily, check, open_database
from cards.store.queueing import Queueing
from cards.store.rescheduling import Rescheduling
from cards.store.search import SearchIndex
from cards.store.texts import NO_EDITIONS
from cards.store.totalling import Totalling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from cards.days import DayRules
    from cards.desk import Today
    from cards.memory import Memory
    from cards.preferences import Leeches
    from cards.schedule import SchedulerSettings
    from cards.store.records import Answer, Counterexample, Json, Prediction, Reading, Review, Undone


class Store(Deciding, Queueing, Totalling, Rescheduling, Merging, Departing, Keeping, Browsing, Believing):
    """An open database.

    Every method may raise `StoreProblem`, when the database can no longer be read or written. What was to be
    written then has not been.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._search = SearchIndex(database)
        self._presets: dict[tuple[int, SchedulerSettings], int] = {}

    @classmethod
    def open(cls, where: str | Path, *, now: datetime) -> Store:
        """Open a database, which is created, backed up and migrated as it needs.

        Args:
            where: The path of a file, or the URL of a database.
            now: The present, in UTC, which dates the backups.

        Raises:
            StoreProblem: It cannot be used; a file that was there is left as it was.
        """
        return cls(open_database(where, now=now))

    @classmethod
    def look_at(cls, where: str | Path) -> Store:
        """Open a database as it is: nothing is created, backed up or migrated.

        Raises:
            StoreProblem: Its address names no database.
        """
        return cls(Database(address(where)))

    @property
    def where(self) -> str:
        """What to call the database in a sentence: its file, or its address without the password."""
        return self._database.where

    @property
    def address(self) -> str:
        """Where it is, for another process that is to open it; with the password, if there is one."""
        return self._database.url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Close all connections."""
        self._search.close()
        self._database.close()

    def check(self) -> None:
        """Look at every page of the database, which opening it need not have done; it may take a while.

        Raises:
            StoreProblem: It is damaged. Every method raises this from now on, so that nothing more is written
                into it.
        """
        check(self._database)

    def back_up_daily(self, now: datetime) -> None:
        """Back up the database unless that was done today; for an app that stays open for days."""
        if self._database.path is not None:
            back_up_daily(self._database.path, now)

    def learner(self, name: str) -> int:
        """Return the id of the learner of this name, who is added if there is none."""
        with self._database.writing() as connection:
            return learners.named(connection, name)

    # Cards

    def memories(self, learner: int) -> dict[str, Memory]:
        """Return the memories of the cards a learner has enrolled and not withdrawn, by card id."""
        with self._database.reading() as connection:
            return memories.enrolled(connection, learner)

    def enrol(self, learner: int, card_ids: Iterable[str], now: datetime) -> None:
        """Give a learner cards to remember. One that was withdrawn comes back as it was remembered."""
        with self._database.writing(learner) as connection:
            memories.enrol(connection, learner, card_ids, now)

    def withdraw(self, learner: int, card_ids: Iterable[str], now: datetime) -> None:
        """Stop asking a learner these cards. What is remembered of them is kept; `enrol` brings it back."""
        with self._database.writing(learner) as connection:
            memories.withdraw(connection, learner, card_ids, now)

    # Answers

    def answer(
        self,
        learner: int,
        answer: Answer,
        rules: DayRules,
        settings: SchedulerSettings,
        *,
        leeches: Leeches | None = None,
    ) -> Memory:
        """Record an answer, and return the memory of the card after it.

        An answer with the client id of one that was recorded before changes nothing, even if that one was
        undone since; it returns what the first call did. A card that was not enrolled is, by answering it;
        one that was withdrawn is asked again.

        Args:
            learner: Whose answer it is.
            answer: The answer.
            rules: Where the learner's day begins.
            settings: The learner's scheduler settings.
            leeches: What happens to a card that the answer makes a leech, and is taken back with the answer;
                by default nothing.
        """
        preset = self._preset(learner, settings)
        return self._database.answering(
            learner,
            lambda connection: answers.record(
                connection, learner, answer, rules=rules, settings=settings, preset=preset, leeches=leeches
            ),
        )

    def undo(self, learner: int, client_id: str, at: datetime, *, answer: str | None = None) -> Undone | None:
        """Take back an answer, or return None if it cannot be. Its row stays in the log.

        Args:
            learner: Whose answer it is.
            client_id: Made up by the sender, one an undo; sending it again changes nothing more.
            at: When, in UTC.
            answer: The client id of the answer; by default it is the last that still counts. One that is
                named must be the last to its card.
        """
        with self._database.writing(learner) as connection:
            return answers.undo(connection, learner, client_id, at, answer)

    def replay(self, learner: int) -> dict[str, Memory]:
        """Compute `memories` again from the log alone: always the same."""
        with self._database.reading() as connection:
            return log.replay(connection, learner)

    def reviews(self, learner: int) -> list[Review]:
        """Return all of a learner's answers that count, oldest first."""
        with self._database.reading() as connection:
            return log.reviews(connection, learner)

    def today(self, learner: int, day: int) -> Today:
        """Return what a learner has done on the day of this number, for the desk's caps."""
        with self._database.reading() as connection:
            return log.today(connection, learner, day)

    def _preset(self, learner: int, settings: SchedulerSettings) -> int:
        preset = self._presets.get((learner, settings))
        if preset is None:
            with self._database.writing(learner) as connection:
                preset = presets.keep(connection, learner, settings)
            self._presets[learner, settings] = preset  # once it is on disk, and not before
        return preset

    # Reading

    def record_reading(self, learner: int, slug: str, share: float, now: datetime) -> None:
        """Note that a section is open, read to a share from 0 to 1; scrolling back up takes nothing away."""
        with self._database.writing(learner) as connection:
            readings.record(connection, learner, slug, share, now)

    def readings(self, learner: int) -> dict[str, Reading]:
        """Return how far a learner has read, by section, the one that was open last first."""
        with self._database.reading() as connection:
            return {reading.slug: reading for reading in readings.latest_first(connection, learner)}

    def last_reading(self, learner: int) -> Reading | None:
        """Return the section that was open last, or None if none ever was."""
        return next(iter(self.readings(learner).values()), None)

    # Predictions

    def record_prediction(self, learner: int, prediction: Prediction) -> None:
        """Keep a prediction; one with the client id of one that was kept before changes nothing."""
        with self._database.writing(learner) as connection:
            predictions.record(connection, learner, prediction)

    def predictions(self, learner: int) -> list[Prediction]:
        """Return a learner's predictions, oldest first, without those whose answer was taken back."""
        with self._database.reading() as connection:
            return predictions.oldest_first(connection, learner)

    # Counterexamples

    def record_counterexample(self, learner: int, found: Counterexample) -> None:
        """Keep a counterexample; one with the client id of one that was kept before changes nothing."""
        with self._database.writing(learner) as connection:
            counterexamples.record(connection, learner, found)

    def withdraw_counterexample(self, learner: int, client_id: str, now: datetime) -> None:
        """Take a counterexample off the list. It is kept, and `restore_counterexample` puts it back."""
        with self._database.writing(learner) as connection:
            counterexamples.withdraw(connection, learner, client_id, now)

    def restore_counterexample(self, learner: int, client_id: str) -> None:
        """Put a counterexample back in its place on the list."""
        with self._database.writing(learner) as connection:
            counterexamples.restore(connection, learner, client_id)

    def counterexamples(self, learner: int, section: str) -> list[Counterexample]:
        """Return what a learner has found against a section and not withdrawn, oldest first."""
        with self._database.reading() as connection:
            return counterexamples.oldest_first(connection, learner, section)

    # Settings

    def setting(self, learner: int, key: str, default: Json = None) -> Json:
        """Return what a learner has chosen, or the default."""
        with self._database.reading() as connection:
            return learners.setting(connection, learner, key, default)

    def set_setting(self, learner: int, key: str, value: Json) -> None:
        """Keep what a learner has chosen."""
        with self._database.writing(learner) as connection:
            learners.set_setting(connection, learner, key, value)

    # Texts

    def stamp_texts(
        self, hashes: Mapping[str, str], now: datetime, *, editions: Mapping[str, int] = NO_EDITIONS
    ) -> dict[str, datetime]:
        """Return when the text of each card, given by id and hash, last changed; a new text changes now.

        Args:
            hashes: A digest of each text, by card id.
            now: The present, in UTC.
            editions: The edition of each card's meaning; one that has been raised means that it changes now.
        """
        with self._database.writing() as connection:
            return texts.stamp(connection, hashes, now, editions)

    def meaning_changes(self) -> dict[str, datetime]:
        """Return when the meaning of a card last changed, in UTC, by card id; of most it never has."""
        with self._database.reading() as connection:
            return texts.meaning_changes(connection)
