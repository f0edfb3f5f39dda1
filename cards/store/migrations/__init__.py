"""Migrations: how a database of any age becomes one of today.

Each file of `versions` is one step, applied in the order that its `down_revision` gives. Steps are only ever
added, never edited: a step that has been released has run on somebody's data. To change the tables, change
`tables.py` and add a step that does the same to a database; a test compares the two.

All steps run in one transaction of the caller's, so a migration happens as a whole or not at all.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOLDER = Path(__file__).parent
VERSION_TABLE = "alembic_version"
VERSIONS = "SELECT version_num FROM alembic_version"


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring a database up to a revision, in the transaction that is open on the connection."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def current(connection: Connection) -> str | None:
    """Return the revision that a database is at, or None for a database without tables."""
    return MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE}
    ).get_current_revision()


@cache
def known() -> frozenset[str]:
    """Return every revision that this version of the app knows."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


@cache
def head() -> str:
    """Return the newest revision."""
    (revision,) = ScriptDirectory.from_config(_config()).get_heads()
    return revision


def _config() -> Config:
    config = Config()
    # Alembic reads its options as a file would hold them, where a percent sign is doubled.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
