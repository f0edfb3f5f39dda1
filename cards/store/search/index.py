"""The index of one database: made, kept in step with the book, made again when it is damaged, and asked."""

from __future__ import annotations

import sqlite3
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from cards.query import Sort
from cards.store.engine import Database, address
from cards.store.problems import ProblemKind, StoreProblem
from cards.store.search import entry
from cards.store.search.conditions import words
from cards.store.search.refresh import refresh, text_search, writing_of
from cards.store.search.statement import is_of_words_alone, statement
from cards.store.search.tables import CARD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

    from cards.card import Deck
    from cards.query import Query
    from cards.store.search.conditions import Viewpoint
    from cards.store.search.text import TextSearch

T = TypeVar("T")

NOT_THE_FILES_FAULT = {ProblemKind.FULL, ProblemKind.BUSY, ProblemKind.CANNOT_WRITE, ProblemKind.UNREACHABLE}
SIDECARS = ("", "-wal", "-shm", "-journal")


class SearchIndex:
    """An index of the deck's text beside a database, opened when it is first asked."""

    def __init__(self, database: Database) -> None:
        self._learners = database
        self._path = None if database.path is None else beside(database.path)
        self._index: Database | None = None
        self._opened: tuple[int, int] | None = None  # which file it is that is open
        self._search: TextSearch | None = None
        self._deck: Deck | None = None
        self._digest = ""
        self._ids: tuple[str, dict[int, str]] = ("", {})  # by number, and in which writing
        self._turn = threading.RLock()

    def find(self, deck: Deck, query: Query, view: Viewpoint, sort: Sort, *, reverse: bool) -> list[str]:
        """Return the ids of the cards that a query finds, in order.

        Raises:
            StoreProblem: The index cannot be made, or the learner's cards cannot be read.
        """

        def ask(connection: Connection, search: TextSearch, writing: str) -> list[str]:
            ids = self._ids_by_number(connection, writing)
            quick = None
            if sort is Sort.RELEVANCE and not reverse and is_of_words_alone(query):
                quick = search.by_relevance(words(query))
            if quick is not None:
                prepared, values = quick
                return [ids[number] for (number,) in prepared.all(connection, values)]
            asked = statement(query, search, view, sort, reverse=reverse)
            return [ids[number] for number in connection.scalars(asked).all()]

        return self._mended(deck, ask)

    def remark(self, deck: Deck) -> str:
        """Return what a learner should know of how text is searched here; empty if nothing."""
        return self._mended(deck, lambda _, search, __: search.remark)

    def close(self) -> None:
        """Close its file."""
        with self._turn:
            if self._index is not None and self._index is not self._learners:
                self._index.close()
            self._index = self._opened = None

    def _mended(self, deck: Deck, use: Callable[[Connection, TextSearch, str], T]) -> T:
        """Use the index; a file that cannot be read is made again, once."""
        try:
            return self._in_step(deck, use)
        except StoreProblem as problem:
            if self._path is None or problem.kind in NOT_THE_FILES_FAULT:
                raise
        except (DBAPIError, sqlite3.Error):  # a table that is missing, or is not what it was
            if self._path is None:
                raise
        with self._turn:
            self._throw_away(self._path)
            return self._in_step(deck, use)

    def _in_step(self, deck: Deck, use: Callable[[Connection, TextSearch, str], T]) -> T:
        """Use the index in a transaction in which it holds this deck and no other."""
        with self._turn:
            index = self._open()
            if self._deck is not deck:
                self._deck, self._digest = deck, entry.digest(deck)
            digest = self._digest
        with index.reading() as connection:
            search = self._search = self._search or text_search(connection)
            if writing := writing_of(connection, search, digest):
                return use(connection, search, writing)
        with self._turn, index.writing() as connection:
            refresh(connection, search, deck, digest)
        with index.reading() as connection:
            return use(connection, search, writing_of(connection, search, digest))

    def _ids_by_number(self, connection: Connection, writing: str) -> dict[int, str]:
        """Return the ids of the cards; kept, since looking each of them up costs more than finding it."""
        known, ids = self._ids
        if not writing or known != writing:
            rows = connection.execute(select(CARD.c.number, CARD.c.card_id)).all()
            ids = {row.number: row.card_id for row in rows}
            self._ids = writing, ids
        return ids

    def _open(self) -> Database:
        if self._path is None or self._learners.path is None:
            self._index = self._learners
        elif self._index is None or self._opened != _which(self._path):
            self.close()  # what is open may be a file that somebody has deleted
            _touch(self._path)
            self._index, self._opened = _IndexFile(self._path, self._learners.path), _which(self._path)
        return self._index

    def _throw_away(self, path: Path) -> None:
        self.close()
        for sidecar in SIDECARS:
            path.with_name(f"{path.name}{sidecar}").unlink(missing_ok=True)


class _IndexFile(Database):
    """The file of an index, with the learner's database attached to it for reading."""

    def __init__(self, path: Path, learners: Path) -> None:
        super().__init__(address(path))
        event.listen(self._engine, "connect", partial(_attach, learners))

    def _explained(self, error: Exception) -> StoreProblem | None:
        problem = super()._explained(error)
        if problem is None:
            return None
        return _unusable(problem.kind, str(getattr(error, "orig", error)), self.where)


def beside(database: Path) -> Path:
    """Return the file of the index that belongs to a database's file."""
    return database.with_name(f"{database.stem}-search{database.suffix}")


def _touch(path: Path) -> None:
    """See to it that there is a file, for its owner alone; SQLite takes an empty one for a new database."""
    try:
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise _unusable(ProblemKind.CANNOT_WRITE, error.strerror or str(error), path) from error


def _unusable(kind: ProblemKind, reason: str, where: Path | str) -> StoreProblem:
    return StoreProblem(
        kind,
        f"The search cannot use its index ({reason}).",
        where=where,
        remedy="Free some space, or delete that file: it holds the book's words, and is made again.",
    )


def _attach(learners: Path, connection: sqlite3.Connection, _record: object) -> None:
    # For reading only: a writing transaction on the index would otherwise hold up the learner's answers.
    connection.execute("ATTACH DATABASE ? AS learners", (f"{learners.as_uri()}?mode=ro",))


def _which(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another that has taken its name."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
