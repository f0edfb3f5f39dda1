"""Opening a database: made private, backed up, and never touched when it cannot be used."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import Answer, ProblemKind, Store, StoreProblem, backup

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "martingale.db"


@pytest.fixture
def used(path: Path) -> Path:
    """A database with some answers in it, and one backup."""
    fill(path, answers=50)
    return path


def fill(path: Path, *, answers: int, now: datetime = NOW) -> None:
    store = Store.open(path, now=now)
    learner = store.learner("me")
    for number in range(answers):
        store.answer(
            learner,
            Answer(f"{now}-{number}", f"card-{number}", Rating.GOOD, now),
            DayRules(),
            SchedulerSettings(),
        )
    store.close()


def everything_in(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file under a folder, by name: a digest of its bytes, and when it was last changed."""
    return {
        str(file.relative_to(folder)): (
            hashlib.sha256(file.read_bytes()).hexdigest(),
            file.stat().st_mtime_ns,
        )
        for file in folder.rglob("*")
        if file.is_file()
    }


def refused(where: Path | str, *, folder: Path) -> StoreProblem:
    """Open a database that must be refused, without a byte under the folder changing."""
    before = everything_in(folder)
    with pytest.raises(StoreProblem) as caught:
        Store.open(where, now=NOW + DAY)
    assert everything_in(folder) == before
    return caught.value


def test_a_new_database_is_private(path: Path) -> None:
    old_mask = os.umask(0o022)
    try:
        fill(path, answers=1)
    finally:
        os.umask(old_mask)
    modes = {
        file.name: stat.S_IMODE(file.stat().st_mode) for file in (path, path.parent, *backup.backups(path))
    }
    (copy,) = backup.backups(path)
    assert modes == {path.name: 0o600, "home": 0o700, copy.name: 0o600}
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_the_log_beside_an_open_database_is_private_too(path: Path) -> None:
    store = Store.open(path, now=NOW)
    store.learner("me")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("martingale.db*")}
    store.close()
    assert modes == dict.fromkeys(("martingale.db", "martingale.db-wal", "martingale.db-shm"), 0o600)


def test_the_connection_is_durable_and_checks_references(path: Path) -> None:
    store = Store.open(path, now=NOW)
    with store._database.writing() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize("form", ["sqlite:///{path}", "{path}"])
def test_a_database_is_named_by_path_or_by_url(path: Path, form: str) -> None:
    store = Store.open(form.format(path=path), now=NOW)
    store.close()
    assert path.is_file()
    assert store.where == str(path)


def test_a_path_with_odd_characters(tmp_path: Path) -> None:
    path = tmp_path / "a b%20c#d?e[f]" / "my cards.db"
    fill(path, answers=1)
    fill(path, answers=1, now=NOW + DAY)
    assert len(backup.backups(path)) == 2


# Refused, and left as it was


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "martingale.db").mkdir()
    problem = refused(tmp_path / "martingale.db", folder=tmp_path)
    assert problem.kind is ProblemKind.NOT_OURS
    assert "is a folder" in str(problem)


def test_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "martingale.db"
    path.write_text("Dear diary,")
    problem = refused(path, folder=tmp_path)
    assert problem.kind is ProblemKind.NOT_OURS
    assert "not a database" in str(problem)
    assert str(path) in str(problem)


def test_another_programs_database(tmp_path: Path) -> None:
    path = tmp_path / "martingale.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.commit()
    problem = refused(path, folder=tmp_path)
    assert problem.kind is ProblemKind.NOT_OURS
    assert "another program" in str(problem)


def test_a_newer_database(used: Path) -> None:
    with closing(sqlite3.connect(used)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    problem = refused(used, folder=used.parent)
    assert problem.kind is ProblemKind.NEWER
    assert "9999" in str(problem)


def test_a_newer_database_that_was_not_closed_properly(used: Path, tmp_path: Path) -> None:
    """Its newest changes are still in the log beside it; neither file changes."""
    with closing(sqlite3.connect(used)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for name in ("martingale.db", "martingale.db-wal", "martingale.db-shm"):
            shutil.copy(used.with_name(name), crashed)
    files = ("martingale.db", "martingale.db-wal")
    before = {name: (crashed / name).read_bytes() for name in files}
    with pytest.raises(StoreProblem, match="newer version of the app"):
        Store.open(crashed / "martingale.db", now=NOW)
    assert {name: (crashed / name).read_bytes() for name in files} == before


def test_a_damaged_database(used: Path) -> None:
    damage = bytearray(used.read_bytes())
    damage[3 * 4096 : 8 * 4096] = b"\xa5" * (5 * 4096)
    used.write_bytes(damage)
    problem = refused(used, folder=used.parent)
    (copy,) = backup.backups(used)
    assert problem.kind is ProblemKind.DAMAGED
    assert f'python -m cards restore "{copy}"' in str(problem)


@pytest.mark.parametrize("kept", [0, 10, 5000])
def test_a_database_that_was_cut_short(used: Path, kept: int) -> None:
    """Even to nothing: where there are backups, an empty file is a loss and not a beginning."""
    used.write_bytes(used.read_bytes()[:kept])
    assert refused(used, folder=used.parent).kind is ProblemKind.DAMAGED


@pytest.mark.parametrize("kept", [0, 10, 5000])
def test_a_database_that_was_cut_short_since_it_was_last_looked_at(used: Path, kept: int) -> None:
    """Though it has been backed up today, and so is not looked at page by page."""
    used.write_bytes(used.read_bytes()[:kept])
    before = everything_in(used.parent)
    with pytest.raises(StoreProblem, match="damaged"):
        Store.open(used, now=NOW + timedelta(hours=1))
    assert everything_in(used.parent) == before


def test_what_opening_did_not_look_at_is_looked_at_behind_it_and_then_refused(used: Path) -> None:
    """Pages that the schema does not lie on are damaged on a day on which a backup was made already."""
    damage = bytearray(used.read_bytes())
    rows = damage.rindex(b"card-49")
    damage[rows - 200 : rows + 200] = b"\xa5" * 400
    used.write_bytes(damage)
    store = Store.open(used, now=NOW + timedelta(hours=1))
    with pytest.raises(StoreProblem) as caught:
        store.check()
    assert caught.value.kind is ProblemKind.DAMAGED
    for use in (lambda: store.learner("me"), lambda: store.memories(1), lambda: store.enrol(1, ["new"], NOW)):
        with pytest.raises(StoreProblem, match="damaged"):
            use()
    store.close()
    assert used.read_bytes() == damage
    assert len(backup.backups(used)) == 1


def test_a_sound_database_passes_the_look_behind_the_first_page(used: Path) -> None:
    store = Store.open(used, now=NOW + timedelta(hours=1))
    store.check()
    assert len(store.memories(store.learner("me"))) == 50
    store.check()  # with changes in the log beside it
    store.close()


def test_a_database_that_was_not_closed_is_looked_at_page_by_page(used: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed"
    store = Store.open(used, now=NOW)
    store.set_setting(store.learner("me"), "key", "in the log")  # which holds no page of the answers
    shutil.copytree(used.parent, crashed)
    store.close()
    path = crashed / used.name
    damage = bytearray(path.read_bytes())
    rows = damage.rindex(b"card-49")
    damage[rows - 200 : rows + 200] = b"\xa5" * 400
    path.write_bytes(damage)
    with pytest.raises(StoreProblem, match="damaged"):
        Store.open(path, now=NOW)
    assert path.read_bytes() == damage


def test_damage_without_a_backup_says_so(used: Path) -> None:
    shutil.rmtree(backup.folder(used))
    used.write_bytes(used.read_bytes()[:5000])
    assert "no backup" in str(refused(used, folder=used.parent))


def test_the_backup_named_in_the_message_restores(used: Path) -> None:
    fill(used, answers=50, now=NOW + DAY)
    used.write_bytes(b"SQLite format 3\x00" + b"\xff" * 8192)
    problem = refused(used, folder=used.parent)
    latest = backup.newest(used)
    assert latest is not None
    assert str(latest) in problem.remedy
    shutil.copy(latest, used)
    store = Store.open(used, now=NOW + DAY)
    assert len(store.memories(store.learner("me"))) == 50
    store.close()


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("not a folder")
    problem = refused(tmp_path / "home" / "martingale.db", folder=tmp_path)
    assert problem.kind is ProblemKind.CANNOT_WRITE
    assert "a file stands where its folder should" in problem.what


def test_backups_whose_folder_is_a_file(path: Path) -> None:
    with closing(Store.open(path, now=NOW)) as store:
        shutil.rmtree(backup.folder(path))
        backup.folder(path).write_text("not a folder")
        with pytest.raises(StoreProblem, match=r"made \(a file stands where its folder should") as caught:
            store.back_up(NOW)
    assert caught.value.where == str(backup.folder(path))


def test_a_place_where_nothing_can_be_made(tmp_path: Path) -> None:
    problem = refused("/proc/martingale.db", folder=tmp_path)
    assert problem.kind is ProblemKind.CANNOT_WRITE
    assert "/proc/martingale.db" in str(problem)
    nowhere = refused("/proc/nowhere/martingale.db", folder=tmp_path)
    assert "its folder is not there, and cannot be made" in nowhere.what


AS_NOBODY = """
import os, sys
from datetime import UTC, datetime
from cards.store import Store, StoreProblem, migrations
migrations.known()  # nobody may not be allowed to read the app's own files
if os.getuid() == 0:
    os.setuid(65534)  # root may write anything
try:
    Store.open(sys.argv[1], now=datetime(2026, 11, 24, tzinfo=UTC))
except StoreProblem as problem:
    print(problem.kind)
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own is closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o777), (0o666, 0o555), (0o000, 0o777)])
def test_without_the_right_to_write(open_to_all: Path, file: int, folder: int) -> None:
    path = open_to_all / "martingale.db"
    fill(path, answers=5)
    path.chmod(file)
    open_to_all.chmod(folder)
    before = everything_in(open_to_all)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, path], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("cannot-write", "")
    assert everything_in(open_to_all) == before


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:cards.db?mode=ro&uri=true", "names no file"),
        ("oracle8://host/db", "oracle8"),
        ("mssql+pyodbc://host/db", "pyodbc"),  # a driver that is not installed
        ("postgresql+psycopg://host:port/db", "port is no number"),
        ("sqlite:///cards.db?timeout=soon", "takes no options, such as timeout"),
        ("://", "parse"),
    ],
)
def test_an_address_that_names_no_database(tmp_path: Path, address: str, reason: str) -> None:
    problem = refused(address, folder=tmp_path)
    assert problem.kind is ProblemKind.BAD_ADDRESS
    assert reason in problem.what


@pytest.mark.parametrize("address", ["nosuch://me:secret@host/db", "postgresql+nosuch://me:secret@host/db"])
def test_a_password_is_never_shown(tmp_path: Path, address: str) -> None:
    problem = refused(address, folder=tmp_path)
    assert "secret" not in str(problem)
    assert "host/db" in problem.where


# In use


def test_a_full_disk_saves_nothing_and_harms_nothing(path: Path) -> None:
    store = Store.open(path, now=NOW)
    learner = store.learner("me")
    with store._database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreProblem) as caught:
        store.enrol(learner, [f"card-{number}" for number in range(2000)], NOW)
    assert caught.value.kind is ProblemKind.FULL
    assert store.memories(learner) == {}
    with store._database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    store.enrol(learner, ["card-1"], NOW)
    assert set(store.memories(learner)) == {"card-1"}
    store.close()


def test_a_database_that_another_program_holds(path: Path) -> None:
    store = Store.open(path, now=NOW)
    with store._database.writing() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 1")  # a test does not wait five seconds
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreProblem) as caught:
            store.learner("me")
        other.execute("ROLLBACK")
    assert caught.value.kind is ProblemKind.BUSY
    assert store.learner("me") > 0
    store.close()


# Backups


def test_one_backup_a_day_and_the_newest_ten_are_kept(path: Path) -> None:
    for day in range(13):
        fill(path, answers=1, now=NOW + day * DAY)
        fill(path, answers=1, now=NOW + day * DAY + timedelta(hours=3))
    kept = [copy.name for copy in backup.backups(path)]
    assert kept == [f"martingale-{NOW + day * DAY:%Y-%m-%d}T090000.db" for day in range(3, 13)]


def test_a_backup_that_was_just_made_is_kept_where_the_clock_has_been_set_back(path: Path) -> None:
    for day in range(10, 21):
        fill(path, answers=1, now=NOW + day * DAY)
    with closing(Store.open(path, now=NOW)) as store:
        assert not backup.is_due(path, NOW)
        for hour in range(10, 21):
            store.back_up(NOW + 20 * DAY + timedelta(hours=hour), why="before-erase")
        made = store.back_up(NOW, why="before-erase")
        assert made.is_file()


def test_a_backup_holds_what_was_there_when_the_day_began(path: Path) -> None:
    fill(path, answers=50)
    fill(path, answers=50, now=NOW + DAY)
    latest = backup.newest(path)
    assert latest is not None
    with closing(sqlite3.connect(latest)) as connection:
        assert connection.execute("SELECT count(*) FROM review").fetchone() == (50,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_store_that_stays_open_is_backed_up_too(path: Path) -> None:
    store = Store.open(path, now=NOW)
    store.back_up_daily(NOW + timedelta(hours=5))
    store.back_up_daily(NOW + DAY)
    store.back_up_daily(NOW + DAY)
    store.close()
    assert len(backup.backups(path)) == 2


def test_a_database_that_is_damaged_while_it_is_open_is_not_copied(path: Path) -> None:
    fill(path, answers=50)
    store = Store.open(path, now=NOW)
    whole = path.read_bytes()
    path.write_bytes(whole[:2048] + b"\xa5" * (len(whole) - 2048))
    with pytest.raises(StoreProblem) as caught:
        store.back_up_daily(NOW + DAY)
    assert caught.value.kind is ProblemKind.DAMAGED
    assert len(backup.backups(path)) == 1
    store.close()


def test_a_backup_that_was_cut_off_is_no_backup_and_is_swept_up(path: Path) -> None:
    fill(path, answers=1)
    cut_off = backup.folder(path) / ".martingale-2026-11-23-abc.part"
    cut_off.write_bytes(b"half")
    assert cut_off not in backup.backups(path)
    fill(path, answers=1, now=NOW + DAY)
    assert not cut_off.exists()


def test_other_databases_in_the_folder_keep_their_own_backups(tmp_path: Path) -> None:
    one, other = tmp_path / "cards.db", tmp_path / "cards-2.db"
    fill(one, answers=1)
    fill(other, answers=1)
    assert len(backup.backups(one)) == len(backup.backups(other)) == 1
