"""Migrations: from every version the tables become those that the code declares, or stay as they were."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect

from cards.preferences import read
from cards.store import Store, backup, migrations
from cards.store.tables import Row

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return create_engine(f"sqlite:///{tmp_path / 'martingale.db'}")


@pytest.mark.parametrize("version", [None, *sorted(migrations.known())])
def test_every_version_becomes_todays(engine: Engine, version: str | None) -> None:
    with engine.begin() as connection:
        if version is not None:
            migrations.upgrade(connection, version)
        migrations.upgrade(connection)
        assert migrations.current(connection) == migrations.head()
        assert compare_metadata(MigrationContext.configure(connection), Row.metadata) == []
        declared = {
            name: {(index.name, tuple(index.columns.keys())) for index in table.indexes}
            for name, table in Row.metadata.tables.items()
        }
        found = {
            name: {
                (index["name"], tuple(index["column_names"]))
                for index in inspect(connection).get_indexes(name)
            }
            for name in declared
        }
        assert found == declared
    engine.dispose()


def test_names_of_constraints_are_those_of_the_declaration(engine: Engine) -> None:
    """A later step finds by these names what it is to change, on any database."""
    with engine.begin() as connection:
        migrations.upgrade(connection)
        for name, table in Row.metadata.tables.items():
            inspector = inspect(connection)
            found = {
                inspector.get_pk_constraint(name)["name"],
                *(key["name"] for key in inspector.get_foreign_keys(name)),
                *(key["name"] for key in inspector.get_unique_constraints(name)),
            }
            assert found == {constraint.name for constraint in table.constraints}
    engine.dispose()


def test_steps_form_one_line() -> None:
    assert migrations.head() in migrations.known()


def test_upgrading_twice_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    for _ in range(2):
        with engine.begin() as connection:
            migrations.upgrade(connection)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "martingale.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (migrations.head(),)
        ]


def test_guesses_of_the_first_version_are_numbers_and_are_scored(tmp_path: Path) -> None:
    path = tmp_path / "martingale.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
        connection.exec_driver_sql("INSERT INTO learner (id, name) VALUES (1, 'me')")
        for number, guess in enumerate([200.0, 2500.0, None, 0.0], 1):
            connection.exec_driver_sql(
                "INSERT INTO prediction (learner_id, client_id, toy, fact, settings, guess, truth, at) "
                "VALUES (1, ?, 'belief_walk', 'expected_updates', '{\"start\": 0.5}', ?, 2500.0, 7000)",
                (f"p{number}", guess),
            )
    engine.dispose()
    store = Store.open(path, now=NOW)
    kept = store.predictions(1)
    store.close()
    assert [(one.client_id, one.guess, one.kind, one.skipped) for one in kept] == [
        ("p1", 200.0, "number", False),
        ("p2", 2500.0, "number", False),
        ("p3", None, "number", True),
        ("p4", 0.0, "number", False),
    ]
    assert [one.score for one in kept] == [pytest.approx(math.log(12.5)), 0.0, None, None]
    assert {one.at for one in kept} == {datetime(1970, 1, 1, 0, 0, 7, tzinfo=UTC)}


def test_a_choice_of_two_grades_moves_among_the_preferences(tmp_path: Path) -> None:
    path = tmp_path / "martingale.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0003")
        for number, value in enumerate(["true", "false", '"broken"', None], 1):
            connection.exec_driver_sql("INSERT INTO learner (id, name) VALUES (?, ?)", (number, f"{number}"))
            if value is not None:
                connection.exec_driver_sql(
                    "INSERT INTO setting (learner_id, key, value) VALUES (?, 'two_grades', ?)",
                    (number, value),
                )
    engine.dispose()
    store = Store.open(path, now=NOW)
    chosen = [read(store.setting(learner, "preferences")) for learner in (1, 2, 3, 4)]
    left = [store.setting(learner, "two_grades") for learner in (1, 2, 3, 4)]
    store.close()
    assert [found.preferences.two_grades for found in chosen] == [True, False, False, False]
    assert [found.problems for found in chosen] == [()] * 4
    assert left == [None] * 4


def drop_readings(connection: Connection) -> None:
    connection.exec_driver_sql("DROP TABLE reading")


def ending_with(step: Callable[[Connection], None]) -> Callable[..., None]:
    """Upgrades that do something else to a database as it is; to which tables a version has, they do not."""
    upgrade = migrations.upgrade

    def upgraded(connection: Connection, version: str | None = None) -> None:
        if version is None:
            step(connection)
        else:
            upgrade(connection, version)

    return upgraded


def test_a_backup_is_made_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "martingale.db"
    Store.open(path, now=NOW).close()
    monkeypatch.setattr(migrations, "head", lambda: "9998")
    monkeypatch.setattr(migrations, "upgrade", ending_with(drop_readings))
    Store.open(path, now=NOW).close()
    copy = next(copy for copy in backup.backups(path) if "before-9998" in copy.name)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM reading").fetchone() == (0,)


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "martingale.db"
    store = Store.open(path, now=NOW)
    learner = store.learner("me")
    store.close()

    def fails(connection: Connection) -> None:
        drop_readings(connection)
        raise RuntimeError("half-way")

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "head", lambda: "9998")
        patch.setattr(migrations, "upgrade", ending_with(fails))
        with pytest.raises(RuntimeError, match="half-way"):
            Store.open(path, now=NOW)
    store = Store.open(path, now=NOW)
    assert store.learner("me") == learner
    assert store.readings(learner) == {}
    store.close()
