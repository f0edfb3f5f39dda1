"""The connection to the database: everything that depends on which database it is.

SQLite runs with a write-ahead log and full synchronisation: an answer that was acknowledged survives a crash
and a loss of power. Each writing transaction begins with BEGIN IMMEDIATE, before it reads: a deferred one
would read, find that another writer came first, and fail at once however long it was told to wait.

Any other database is used by its address. There a writing transaction first locks the learner's row, which
puts one learner's writes in order as SQLite puts all of them; and a reading one asks to see one state of the
database throughout, which SQLite's do anyway.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy import URL, Connection, bindparam, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlmodel import col

from cards.store import problems
from cards.store.backup import newest
from cards.store.tables import Learner

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

PRAGMAS = (
    "busy_timeout = 5000",  # milliseconds; it stands first because others may have to wait
    "page_size = 2048",  # of a new file; an answer logs some four whole pages, so small ones are less to do
    "journal_mode = WAL",
    "wal_autocheckpoint = 4000",  # pages, 8 MB; emptying the log costs as much as some answers do
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",  # 64 MB
    "mmap_size = 268435456",
    "temp_store = MEMORY",
)
BEGIN_TO_WRITE = "BEGIN IMMEDIATE"
T = TypeVar("T")
READING = "reading"
ONE_STATE = {READING: True, "isolation_level": "REPEATABLE READ"}  # on a server, whose own choice is another
LOCK = select(Learner).where(col(Learner.id) == bindparam("learner")).with_for_update()


class Database:
    """A database and the connections to it.

    Attributes:
        url: Its address.
        path: Its file, or None where it is not SQLite.
        where: What to call it in a message: the file, or the address without its password.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.path = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
        self.where = str(self.path or url.render_as_string(hide_password=True))
        if self.path is None:
            self._engine = create_engine(url, pool_pre_ping=True)
        else:
            # The driver is told to begin no transactions of its own; `_begin` does. Indexes attach by URI.
            self._engine = create_engine(url, connect_args={"isolation_level": None, "uri": True})
            event.listen(self._engine, "connect", _prepare)
            event.listen(self._engine, "begin", _begin)
        # What the answer path hands to the driver itself (`prepared`) fails with the driver's own errors.
        self._driver_error = self._engine.dialect.loaded_dbapi.Error
        self._writer: Connection | None = None
        self._refused: problems.StoreProblem | None = None
        self._turn = threading.Lock()
        self._is_closed = False

    @contextmanager
    def writing(self, learner: int | None = None) -> Iterator[Connection]:
        """Run a transaction that may write: committed at the end of the block, or not at all if it raises.

        Args:
            learner: Whose rows it reads and writes, or None for none or several.

        Raises:
            StoreProblem: The database cannot be written; nothing was changed.
        """
        self._check_that_it_may_be_used()
        try:
            if self.path is None:
                with self._engine.begin() as connection:
                    if learner is not None:
                        connection.execute(LOCK, {"learner": learner})
                    yield connection
            else:
                # SQLite has one writer at a time. Threads take turns here, because SQLite's own waiting
                # sleeps and is unfair; and they share a connection, because taking one from the pool costs
                # more than the statements of an answer.
                with self._turn, self._shared_writer().begin():
                    yield self._shared_writer()
        except (DBAPIError, self._driver_error) as error:
            problem = self._explained(error)
            if problem is None:
                raise
            raise problem from error

    def answering(self, learner: int, work: Callable[[Connection], T]) -> T:
        """Return what work comes to in a transaction as `writing` has them, quickly where it is all prepared.

        SQLite's own driver begins and ends it, because SQLAlchemy takes longer for that than for a statement.
        What SQLAlchemy executes is in the same transaction; but its sessions would begin one of their own.
        """
        if self.path is None:
            with self.writing(learner) as connection:
                return work(connection)
        self._check_that_it_may_be_used()
        try:
            with self._turn:
                connection = self._shared_writer()
                driver = _driver(connection)
                driver.execute(BEGIN_TO_WRITE)
                try:
                    done = work(connection)
                    driver.commit()
                except BaseException:
                    driver.rollback()
                    raise
                finally:
                    connection.rollback()  # nothing is left to take back: SQLAlchemy learns that it is over
                return done
        except (DBAPIError, self._driver_error) as error:
            problem = self._explained(error)
            if problem is None:
                raise
            raise problem from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Run a transaction that only reads, and sees one state of the database throughout.

        Raises:
            StoreProblem: The database cannot be read.
        """
        self._check_that_it_may_be_used()
        try:
            with self._engine.connect() as connection:
                connection.execution_options(**({READING: True} if self.path else ONE_STATE))
                # What goes to the driver as text (`prepared`) begins none by itself.
                with connection.begin():
                    yield connection
        except (DBAPIError, self._driver_error) as error:
            problem = self._explained(error)
            if problem is None:
                raise
            raise problem from error

    def refuse(self, problem: problems.StoreProblem) -> None:
        """Let every transaction from now on fail with this problem."""
        self._refused = problem

    def close(self) -> None:
        """Close all connections. Whoever still holds it writes no more: another file may take its place."""
        with self._turn:
            self._is_closed = True
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        self._engine.dispose()

    def _check_that_it_may_be_used(self) -> None:
        if self._refused is not None:
            raise self._refused.with_traceback(None)

    def _shared_writer(self) -> Connection:
        if self._is_closed:
            raise problems.closed(self.where)
        if self._writer is None:
            self._writer = self._engine.connect()
        return self._writer

    def _explained(self, error: Exception) -> problems.StoreProblem | None:
        return problems.explained(error, self.where, self.path and newest(self.path))


def address(where: str | Path) -> URL:
    """Return the address of a database that is named by a file's path or by a URL.

    Raises:
        StoreProblem: It names no database.
    """
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(Path(where).absolute()))
    try:
        url = make_url(where)
        dialect = url.get_dialect()
        dialect.import_dbapi()
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise problems.bad_address(_without_password(where), str(error)) from error
    if url.get_backend_name() != "sqlite":
        return url
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise problems.bad_address(where, "it names no file")
    return url.set(database=str(Path(url.database).absolute()))


def _without_password(where: str) -> str:
    """Cut out whatever stands between the scheme and the host; the address may be too broken to parse."""
    scheme, _, rest = where.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    driver = _driver(connection)
    if not driver.in_transaction:
        reading = connection.get_execution_options().get(READING, False)
        driver.execute("BEGIN" if reading else BEGIN_TO_WRITE)


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)
