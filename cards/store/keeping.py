"""What the store does to keep what it holds: backups, one file out and in, examination, repair, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cards.store import (
    belongings,
    consistency,
    copies,
    counterexamples,
    filing,
    learners,
    loading,
    opening,
    portable,
    problems,
    readings,
    soundness,
)
from cards.store.tables import Row

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from typing import TextIO

    from sqlalchemy import Connection

    from cards.schedule import SchedulerSettings
    from cards.store.copies import Copy
    from cards.store.engine import Database
    from cards.store.findings import Finding
    from cards.store.loading import Loaded

BY_HAND = "by-hand"


class _OnlyTriedError(Exception):
    """Takes a transaction back after a trial."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__()
        self.loaded = loaded


class Keeping:
    """The part of a store that keeps it safe."""

    _database: Database
    _presets: dict[tuple[int, SchedulerSettings], int]

    @property
    def file(self) -> Path | None:
        """The file that holds the database, or None where a server does."""
        return self._database.path

    def back_up(self, now: datetime, *, why: str = BY_HAND) -> Path:
        """Back up the database now, and return the copy.

        Args:
            now: The present, in UTC.
            why: What the copy is made for, in its name.
        """
        return opening.back_up(self._path(), now, why=why)

    def copies(self) -> list[Copy]:
        """Return the copies that can be restored, the newest first; none if a server holds the database."""
        return [] if self._database.path is None else copies.copies_of(self._database.path)

    def belongings(self, learner: int) -> dict[str, int]:
        """Return how many rows of each table belong to a learner, by the table's name."""
        with self._database.reading() as connection:
            return belongings.counts(connection, learner)

    def dump(self, learner: int, file: TextIO, now: datetime) -> dict[str, int]:
        """Write all that a learner has as JSON (`portable`); return how many rows of each table it had."""
        with self._database.reading() as connection:
            return portable.dump(connection, learner, file, now)

    def load(
        self,
        learner: int,
        file: TextIO,
        *,
        replace: bool = False,
        dry_run: bool = False,
        name: str = "The file",
    ) -> Loaded:
        """Load what `dump` wrote: all of it or nothing.

        Args:
            learner: Who gets it.
            file: The document.
            replace: Whether it takes the place of what the learner has. If not, and the learner has anything,
                nothing is loaded.
            dry_run: Whether to do everything and keep nothing.
            name: What a message calls the document.

        Raises:
            LoadError: It cannot be loaded; the message is one sentence.
        """
        try:
            with self._database.writing(learner) as connection:
                if replace:
                    _delete_all(connection, learner)
                elif has := {name: n for name, n in belongings.counts(connection, learner).items() if n}:
                    raise loading.LoadError(_has_already(has))
                loaded = loading.load(connection, learner, file, is_alone=_is_alone(connection), name=name)
                if dry_run:
                    raise _OnlyTriedError(loaded)  # noqa: TRY301 - what it takes back is this transaction
        except _OnlyTriedError as tried:
            return tried.loaded
        self._presets.clear()
        return loaded

    def erase(self, learner: int) -> dict[str, int]:
        """Delete all that a learner has; return how many rows of each table that was."""
        with self._database.writing(learner) as connection:
            held = belongings.counts(connection, learner)
            _delete_all(connection, learner)
        self._presets.clear()
        return held

    def examine(self) -> list[Finding]:
        """Return all that is not as it should be with the database and its backups, whoever's it is."""
        found = [] if self.file is None else soundness.of_backups(self.file)
        with self._database.reading() as connection:
            return found + soundness.of_database(connection)

    def examine_learner(self, learner: int) -> list[Finding]:
        """Return all that does not make sense of what a learner has."""
        with self._database.reading() as connection:
            return consistency.findings(connection, learner)

    def repair(self, learner: int) -> int:
        """Compute again, from the log, all that is computed from it; return how many rows were wrong."""
        with self._database.writing(learner) as connection:
            return consistency.repair(connection, learner)

    def rename_section(self, learner: int, old: str, new: str) -> None:
        """Keep what a learner has read and found in a section under the slug that it has now."""
        with self._database.writing(learner) as connection:
            readings.rename(connection, learner, old, new)
            counterexamples.rename(connection, learner, old, new)

    def slugs(self, learner: int) -> set[str]:
        """Return the sections that something of a learner's is kept about, by slug."""
        with self._database.reading() as connection:
            read = {reading.slug for reading in readings.latest_first(connection, learner)}
            return read | counterexamples.sections(connection, learner)

    def learners(self) -> dict[str, int]:
        """Return the ids of all learners, by name."""
        with self._database.reading() as connection:
            return learners.everyone(connection)

    def _path(self) -> Path:
        if self._database.path is None:
            raise problems.no_file(self._database.where)
        return self._database.path


def _delete_all(connection: Connection, learner: int) -> None:
    belongings.delete_all(connection, learner)
    filing.keep_within_the_log(connection)


def _is_alone(connection: Connection) -> bool:
    return connection.scalar(select(func.count()).select_from(Row.metadata.tables["learner"])) == 1


def _has_already(has: dict[str, int]) -> str:
    answers, kept = belongings.answers_that_count(has), has.get("memory", 0)
    return (
        f"You have something here already ({kept} cards, {answers} answers, {sum(has.values())} rows in all) "
        "and two histories cannot be added up; ask for the file to replace it, which backs it up first."
    )
