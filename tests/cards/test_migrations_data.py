"""Migrations with something to lose: from every version that has ever landed, all rows survive.

A database of each version is made by running the steps as far as that version, and filled by what is then in
it: rows for every table, each value told by its column. Afterwards every column holds what it held.
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, insert, select

from cards.schedule import SchedulerSettings
from cards.store import Store, migrations
from cards.store.belongings import COMPUTED
from cards.store.log import REVIEW, SINCE
from cards.store.memories import FILED, MEMORY
from cards.store.tables import Row
from tests.cards.histories import NOW

ROWS = 3
MOMENT = 1_790_000_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "martingale.db"


@pytest.fixture(params=sorted(migrations.known()))
def filled(request: pytest.FixtureRequest, path: Path) -> dict[str, list[dict[str, Any]]]:
    """What is in a database of some version, by table."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, request.param)
        tables = reflected(connection)
        for table in tables.sorted_tables:
            if Row.metadata.tables[table.name].info.get(COMPUTED):
                continue  # the database fills it itself
            connection.execute(insert(table), [row_of(table, number) for number in range(1, ROWS + 1)])
        held = everything(connection, tables)
    engine.dispose()
    return held


def reflected(connection: Connection) -> MetaData:
    """The tables as they are in a database, but for the one that holds its version."""
    tables = MetaData()
    tables.reflect(connection, only=lambda name, _: name != migrations.VERSION_TABLE)
    return tables


def everything(connection: Connection, tables: MetaData) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in tables.sorted_tables
    }


def row_of(table: Table, number: int) -> dict[str, Any]:
    return {column.name: value_of(table, column.name, number) for column in table.columns}


def value_of(table: Table, name: str, number: int) -> object:
    """A value that makes sense in a column of any version; all rows belong to the first learner."""
    if name in FILED:
        return value_of(table, FILED[name], number)
    column = table.columns[name]
    made = {
        "learner_id": 1,
        "id": number,
        "state": "new",
        "before_state": "new",
        "settings": SchedulerSettings(desired_retention=0.8 + number / 100).to_json(),
        "value": json.dumps({"number": number}),
        "is_filed": True,
    }
    if name in made:
        return made[name]
    if column.foreign_keys:
        return number
    sort = column.type.python_type
    is_moment = name.endswith("_at") or name in ("at", "due", "before_due")
    return {
        int: MOMENT + number if is_moment else number,
        float: number / 4,
        str: f"{name} {number}",
        bool: number % 2 == 1,
    }[sort]


def test_every_row_of_every_version_survives(path: Path, filled: dict[str, list[dict[str, Any]]]) -> None:
    with closing(Store.open(path, now=NOW)):
        pass
    engine: Engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        now = everything(connection, reflected(connection))
    engine.dispose()
    assert filled.keys() <= now.keys()
    for name, rows in filled.items():
        for before, after in zip(rows, now[name], strict=True):
            kept = {column: value for column, value in before.items() if (name, column) not in REWRITTEN}
            assert {column: after[column] for column in kept} == kept, name


REWRITTEN: set[tuple[str, str]] = (
    set()
)  # columns that a step has given another meaning, each with its own test


def test_a_store_of_every_version_is_sound_can_be_mended_and_taken_along(
    path: Path, filled: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    with closing(Store.open(path, now=NOW)) as store:
        assert store.examine() == []
        learner = store.learners()["name 1"]
        store.repair(learner)  # the rows were made up, and what is remembered is not what their log says
        left = {finding.code for finding in store.examine_learner(learner)}
        assert left == {"wrong-day"}  # as were the days on which it all happened
        assert set(store.memories(learner)) == set(store.replay(learner))
        with (tmp_path / "mine.json").open("w", encoding="utf-8") as file:
            rows = store.dump(learner, file, NOW)
    assert {name: rows[name] for name in filled if name in rows} == {
        name: ROWS for name in filled if name in rows
    }


def test_what_any_version_kept_is_filed(path: Path, filled: dict[str, list[dict[str, Any]]]) -> None:
    with closing(Store.open(path, now=NOW)) as store, store._database.reading() as connection:
        rows = connection.execute(select(*(MEMORY.c[name] for name in (*FILED, *FILED.values())))).all()
        since = connection.scalars(select(REVIEW.c.id).where(SINCE), {"learner": 1}).all()
    assert len(rows) == len(filled["memory"])
    assert all(row[: len(FILED)] == row[len(FILED) :] for row in rows)
    assert since == []
