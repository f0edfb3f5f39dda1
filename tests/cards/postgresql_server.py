"""A PostgreSQL server for one test run: of its own, in a folder of its own, ended with it.

Its programs are looked for in MARTINGALE_TEST_POSTGRESQL (the folder that holds `initdb`), on the path, and
where systems put them. It listens on a socket in its folder and nowhere else, trusts whoever finds that, and
is told not to wait for the disk. As root it runs as another user, for it refuses to run as root.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import pwd

PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
FOLDER = "MARTINGALE_TEST_POSTGRESQL"
USER = "martingale"
QUICKLY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
PATIENCE = 20.0  # seconds until it has to answer
# Most servers order text by a language; a test that leans on the order of bytes is to fail.
BY_LANGUAGE = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"


@dataclass(frozen=True)
class PostgreSQL:
    """A running server.

    Attributes:
        folder: Where its socket is.
    """

    folder: Path
    numbers: count[int]

    def address(self, database: str = "postgres") -> str:
        """The address of one of its databases, as `MARTINGALE_DATABASE_URL` has it."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def empty(self) -> str:
        """Make an empty database, and return its address."""
        name = f"made_{next(self.numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} {BY_LANGUAGE}")
        return self.address(name)

    def connect(self, database: str = "postgres") -> Any:  # noqa: ANN401 - the driver is an extra
        """Connect by the driver alone, each statement a transaction."""
        import psycopg  # noqa: PLC0415 - the driver is an extra that may be missing

        return psycopg.connect(host=str(self.folder), user=USER, dbname=database, autocommit=True)


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """Run a server, or skip the tests that need it, with the reason."""
    pytest.importorskip(
        "psycopg", reason="The driver of PostgreSQL is not installed: pip install '.[cohort]'."
    )
    programs = None if sys.platform == "win32" else _programs()
    if programs is None:
        pytest.skip(f"There is no PostgreSQL here. Install it, or name the folder of initdb in {FOLDER}.")
    folder = Path(tempfile.mkdtemp(prefix="martingale-pg-"))
    try:
        yield from _served(programs, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _served(programs: Path, folder: Path) -> Iterator[PostgreSQL]:
    as_whom: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        other = _unprivileged()
        os.chown(folder, other.pw_uid, other.pw_gid)
        as_whom |= {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}
    data, log = folder / "data", folder / "log"
    make = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, **as_whom)
    options = [part for one in QUICKLY for part in ("-c", one)]
    serve = [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options]
    with log.open("wb") as said, subprocess.Popen(serve, stdout=said, stderr=said, **as_whom) as process:
        try:
            server = PostgreSQL(folder, count())
            _wait_for(server, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # end at once: nobody will open this again
            process.wait(PATIENCE)


def _programs() -> Path | None:
    """The folder of the newest programs there are."""
    named, found = os.environ.get(FOLDER), shutil.which("initdb")
    candidates = [Path(named)] if named else [Path(found).parent] if found else []
    candidates += sorted((place for pattern in PLACES for place in Path("/").glob(pattern[1:])), reverse=True)
    return next((place for place in candidates if (place / "postgres").exists()), None)


def _unprivileged() -> pwd.struct_passwd:
    import pwd  # noqa: PLC0415 - Windows has none

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it.")


def _wait_for(server: PostgreSQL, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg  # noqa: PLC0415 - the driver is an extra that may be missing

    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL does not answer: {log.read_text('utf-8', 'replace')}")
