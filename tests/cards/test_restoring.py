"""Putting a copy in the place of the database: looked at first, whole at every moment, nothing lost."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import (
    Answer,
    Copy,
    ProblemKind,
    Store,
    StoreProblem,
    backup,
    copies_of,
    file_of,
    find,
    migrations,
    restore,
    version_of,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOLDER = """
import sys
from datetime import UTC, datetime
from cards.store import Store
store = Store.open(sys.argv[1], now=datetime(2026, 11, 24, tzinfo=UTC))
store.learner("me")
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a daily backup of three answers, and five answers since."""
    path = tmp_path / "home" / "martingale.db"
    answer(path, 3, NOW)
    answer(path, 5, NOW + DAY)
    return path


def answer(path: Path, answers: int, now: datetime) -> None:
    with closing(Store.open(path, now=now)) as store:
        learner = store.learner("me")
        for number in range(answers):
            sent = Answer(f"{now}-{number}", f"card-{number}", Rating.GOOD, now)
            store.answer(learner, sent, DayRules(), SchedulerSettings())


def answers(path: Path) -> int:
    with closing(Store.open(path, now=NOW + DAY)) as store:
        return len(store.reviews(store.learner("me")))


@contextmanager
def opened_elsewhere(path: Path) -> Iterator[None]:
    """Let another process have a database open."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", HOLDER, path], text=True, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield
        process.communicate()


def refused(database: Path, source: Path) -> StoreProblem:
    """Restore what must be refused, without anything being changed or left behind."""
    before = {file.name: file.read_bytes() for file in database.parent.iterdir() if file.is_file()}
    with pytest.raises(StoreProblem) as caught:
        restore(database, source, NOW + DAY)
    assert {file.name: file.read_bytes() for file in database.parent.iterdir() if file.is_file()} == before
    return caught.value


def test_a_backup_comes_back_and_what_was_there_is_set_aside(path: Path) -> None:
    oldest = backup.backups(path)[0]
    whole = oldest.read_bytes()
    aside = restore(path, oldest, NOW + DAY)
    assert aside is not None
    assert stat.S_IMODE(aside.stat().st_mode) == stat.S_IMODE(path.stat().st_mode) == 0o600
    assert answers(path) == 0  # the first backup is of the database as it was made
    assert oldest.read_bytes() == whole
    assert restore(path, aside, NOW + DAY) is not None
    assert answers(path) == 8


def test_what_is_still_in_the_log_beside_the_database_is_set_aside_too(path: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed"
    with closing(Store.open(path, now=NOW + DAY)) as store:
        store.set_setting(store.learner("me"), "last", 1)
        shutil.copytree(path.parent, crashed)
    (log,) = crashed.glob("*-wal")
    assert log.stat().st_size > 0
    database = crashed / path.name
    aside = restore(database, backup.backups(database)[0], NOW + DAY)
    assert aside is not None
    assert not log.exists()
    assert answers(database) == 0
    restore(database, aside, NOW + DAY)
    with closing(Store.open(database, now=NOW + DAY)) as store:
        assert store.setting(store.learner("me"), "last") == 1


@pytest.mark.parametrize("kept", [0, 10, 5000, None])
def test_a_damaged_database_gives_way_and_is_kept(path: Path, kept: int | None) -> None:
    damaged = path.read_bytes()[:kept] if kept is not None else b"SQLite format 3\x00" + b"\xff" * 8192
    path.write_bytes(damaged)
    path.with_name(f"{path.name}-wal").write_bytes(b"a log that nobody can read")
    aside = restore(path, find(path, "latest"), NOW + DAY)
    assert aside is not None
    assert aside.read_bytes() == damaged
    assert answers(path) == 3
    marked = next(copy for copy in copies_of(path) if copy.path == aside)
    assert (marked.trouble != "", marked.why) == (True, "set-aside")
    assert find(path, "latest") != aside


def test_a_database_that_is_gone_comes_back(path: Path) -> None:
    path.unlink()
    assert restore(path, find(path, "latest"), NOW + DAY) is None
    assert answers(path) == 3


def test_it_is_refused_while_another_process_has_the_database_open(path: Path) -> None:
    """And what that process has not written yet goes where it meant it to."""
    with opened_elsewhere(path):
        with pytest.raises(StoreProblem) as caught:
            restore(path, find(path, "latest"), NOW + DAY)
        assert caught.value.kind is ProblemKind.BUSY
        assert "open" in caught.value.what
        assert [copy.why for copy in copies_of(path)] == ["", ""]
    assert answers(path) == 8


def test_whoever_still_holds_the_store_writes_no_more(path: Path) -> None:
    store = Store.open(path, now=NOW + DAY)
    learner = store.learner("me")
    store.close()
    restore(path, find(path, "latest"), NOW + DAY)
    with pytest.raises(StoreProblem, match="just been replaced"):
        store.enrol(learner, ["late"], NOW)
    store.close()


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{old}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
        connection.exec_driver_sql("INSERT INTO learner (id, name) VALUES (1, 'me')")
    engine.dispose()
    database = tmp_path / "home" / "martingale.db"
    restore(database, old, NOW)
    assert answers(database) == 0


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.write_bytes(file.read_bytes()[:9000]), "damaged"),
        (lambda file: file.write_text("Dear diary"), "no database of this app"),
        (lambda file: file.write_bytes(b""), "empty"),
        (lambda file: execute(file, "UPDATE alembic_version SET version_num = '9999'"), "newer version"),
        (lambda file: execute(file, "INSERT INTO undo VALUES (1, 1, 'u', 77, 0)"), "damaged"),
        (lambda file: execute(file, "DROP TABLE review"), "no database of this app"),
    ],
)
def test_a_copy_that_is_not_sound_is_refused(path: Path, spoil: object, said: str) -> None:
    source = path.parent / "copy.db"
    shutil.copy(find(path, "latest"), source)
    spoil(source)
    problem = refused(path, source)
    assert problem.kind is ProblemKind.BAD_BACKUP
    assert said in problem.what
    assert str(source) in str(problem)


def test_a_link_to_the_database_stays_one(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link" / "cards.db"
    link.parent.mkdir()
    link.symlink_to(path)
    copy = find(path, "latest")
    aside = restore(link, copy, NOW + DAY)
    assert aside is not None
    assert aside.parent == link.parent
    assert (link.is_symlink(), answers(path), answers(link)) == (True, 3, 3)
    assert (link.resolve(), answers(aside)) == (path.resolve(), 8)


def test_a_pipe_in_the_databases_place_stays_there(path: Path) -> None:
    copy = find(path, "latest")
    path.unlink()
    os.mkfifo(path)
    assert refused(path, copy).kind is ProblemKind.NOT_OURS
    assert stat.S_ISFIFO(path.stat().st_mode)


def only_called_so(file: Path, version: str) -> None:
    """Make a database that has the names of our tables and a version, and nothing else of ours."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for table in ("learner", "memory", "review"):
            connection.execute(f"CREATE TABLE {table} (anything TEXT)")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))


@pytest.mark.parametrize("version", ["0001", migrations.head()])
def test_a_file_that_only_has_our_tables_names_is_refused(path: Path, version: str) -> None:
    source = path.parent / "half.db"
    only_called_so(source, version)
    assert "damaged" in refused(path, source).what
    assert answers(path) == 8


def test_a_file_with_views_in_the_tables_places_is_refused(path: Path) -> None:
    source = path.parent / "views.db"
    shutil.copy(find(path, "latest"), source)
    execute(source, "ALTER TABLE review RENAME TO hidden")
    execute(source, "CREATE VIEW review AS SELECT * FROM hidden")
    assert "damaged" in refused(path, source).what


def test_a_file_whose_tables_have_lost_their_keys_is_refused(path: Path) -> None:
    """All names are there, so that only a comparison with the declared tables finds it."""
    source = path.parent / "keyless.db"
    shutil.copy(find(path, "latest"), source)
    execute(source, "CREATE TABLE copy AS SELECT * FROM setting")
    execute(source, "DROP TABLE setting")
    execute(source, "ALTER TABLE copy RENAME TO setting")
    assert "not those of this app" in refused(path, source).what


@pytest.mark.parametrize("version", ["0001", migrations.head()])
def test_such_a_file_in_the_databases_place_is_damaged_and_left_alone(path: Path, version: str) -> None:
    path.unlink()
    only_called_so(path, version)
    before = path.read_bytes()
    for use in (lambda: Store.open(path, now=NOW + DAY), lambda: version_of(path)):
        with pytest.raises(StoreProblem) as caught:
            use()
        assert caught.value.kind is ProblemKind.DAMAGED
        assert "python -m cards restore" in caught.value.remedy
    assert path.read_bytes() == before
    restore(path, find(path, "latest"), NOW + DAY)
    assert answers(path) == 3


def execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(statement)
        connection.commit()


def test_what_a_restore_left_that_was_cut_off_is_swept_up(path: Path) -> None:
    cut_off = path.with_name(".martingale-abc.part")
    cut_off.write_bytes(b"half")
    restore(path, find(path, "latest"), NOW + DAY)
    assert not cut_off.exists()
    assert answers(path) == 3


def test_the_database_is_no_copy_of_itself(path: Path) -> None:
    assert "the database itself" in refused(path, path).what


def test_a_copy_that_may_not_be_written_can_still_be_restored(path: Path) -> None:
    latest = find(path, "latest")
    latest.chmod(0o400)
    restore(path, latest, NOW + DAY)
    assert answers(path) == 3


def test_copies_tell_when_they_were_made_why_and_what_they_hold(path: Path) -> None:
    with closing(Store.open(path, now=NOW + DAY)) as store:
        made = store.back_up(NOW + DAY + timedelta(hours=1))
        listed = store.copies()
    assert [(copy.made_at, copy.why, copy.cards, copy.answers) for copy in listed] == [
        (NOW + DAY + timedelta(hours=1), "by-hand", 5, 8),
        (NOW + DAY, "", 3, 3),
        (NOW, "", 0, 0),
    ]
    assert listed[0] == Copy(made, listed[0].made_at, "by-hand", made.stat().st_size, 5, 8)


def test_backups_by_hand_do_not_push_out_the_daily_ones(path: Path) -> None:
    with closing(Store.open(path, now=NOW + DAY)) as store:
        for hour in range(14):
            store.back_up(NOW + DAY + timedelta(hours=hour))
        reasons = [copy.why for copy in store.copies()]
    assert (reasons.count("by-hand"), reasons.count("")) == (10, 2)


def test_what_only_has_the_name_of_a_copy_is_none(path: Path) -> None:
    known = copies_of(path)
    folder = backup.folder(path)
    (folder / "martingale-2026-11-01T000000.db").symlink_to(folder / "nowhere")
    (folder / "martingale-2026-11-02T000000.db").mkdir()
    (folder / "martingale-2026-99-01T000000.db").touch()
    path.with_name("martingale-set-aside-2026-99-01T000000.db").touch()
    path.with_name("martingale-set-aside-2026-11-01T000000.db").symlink_to(folder / "nowhere")
    assert copies_of(path) == known


def test_copies_that_nobody_may_look_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> Iterator[Path]:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "iterdir", refused)  # as for whoever is not the root of this machine
    with pytest.raises(StoreProblem, match="cannot be listed") as caught:
        find(path, "latest")
    assert caught.value.where == str(backup.folder(path))


def test_a_copy_is_named_by_its_file_by_its_path_or_as_the_latest(path: Path) -> None:
    oldest, latest = backup.backups(path)
    assert find(path, "latest") == find(path, latest.name) == latest
    assert find(path, str(oldest)) == oldest
    with pytest.raises(LookupError, match="no backup 'nowhere'"):
        find(path, "nowhere")
    shutil.rmtree(backup.folder(path))
    with pytest.raises(LookupError, match="could be restored"):
        find(path, "latest")


def test_two_things_set_aside_in_one_second_are_both_kept(path: Path) -> None:
    aside = {restore(path, find(path, "latest"), NOW + DAY) for _ in range(3)}
    assert len(aside) == 3
    assert len([copy for copy in copies_of(path) if copy.why == "set-aside"]) == 3


def test_a_database_on_a_server_has_no_file() -> None:
    with pytest.raises(StoreProblem) as caught:
        file_of("mysql+pymysql://me:secret@host/db")
    assert caught.value.kind in (
        ProblemKind.NO_FILE,
        ProblemKind.BAD_ADDRESS,
    )  # as its driver is there or not
    assert "secret" not in str(caught.value)


def test_a_backup_can_be_dumped_after_it_was_restored(path: Path) -> None:
    restore(path, find(path, "latest"), NOW + DAY)
    with closing(Store.open(path, now=NOW + DAY)) as store:
        assert store.dump(store.learner("me"), io.StringIO(), NOW)["review"] == 3
        assert store.examine() == []
