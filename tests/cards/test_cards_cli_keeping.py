"""The commands that keep what a learner has: from the command line, with the codes that they exit with."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pytest
from sqlalchemy import create_engine

from cards import command
from cards.__main__ import main
from cards.days import DayRules
from cards.schedule import Rating, SchedulerSettings
from cards.store import LOCAL, Answer, Store, copies_of, migrations
from tests.cards.test_cards_cli import SECTION, assert_one_line, write_section
from tests.cards.test_restoring import opened_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    """A book of two cards, and a learner who keeps both and has answered one."""
    write_section(tmp_path, SECTION)
    environ = {"MARTINGALE_CONTENT": str(tmp_path / "content"), "MARTINGALE_HOME": str(tmp_path / "home")}
    with closing(Store.open(tmp_path / "home" / "martingale.db", now=NOW)) as store:
        learner = store.learner(LOCAL)
        store.enrol(learner, ["variance-adds"], NOW)
        answer = Answer("a1", "updates-from-half", Rating.GOOD, NOW)
        store.answer(learner, answer, DayRules(), SchedulerSettings())
        store.learner("other")
    return environ


@pytest.fixture
def database(environ: Mapping[str, str]) -> Path:
    return Path(environ["MARTINGALE_HOME"]) / "martingale.db"


def run(environ: Mapping[str, str], *words: str | Path, now: datetime = LATER) -> int:
    return main([*map(str, words)], environ, now)


def held(database: Path, name: str = LOCAL) -> tuple[int, int]:
    with closing(Store.look_at(database)) as store:
        rows = store.belongings(store.learners()[name])
        return rows["memory"], rows["review"]


@pytest.mark.parametrize("name", command.names())
def test_every_command_says_what_it_is_and_takes_a_question(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"], {}, NOW)
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert f"python -m cards {name}" in out
    assert command.get(name).HELP.split()[0] in out.casefold()
    docstring = (command.COMMANDS / f"{name}.py").read_text("utf-8").split('"""')[1]
    assert docstring.startswith(f"`python -m cards {name}`")


def test_backup_restore_and_back(
    environ: Mapping[str, str], database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(environ, "backup") == 0
    out = capsys.readouterr().out
    assert "2026-11-03 09:00 UTC (by-hand)" in out
    assert "2 cards, 1 answers" in out
    assert run(environ, "erase", "--yes") == 0
    assert held(database) == (0, 0)
    assert "before-erase" in capsys.readouterr().out
    assert run(environ, "restore") == 0
    assert held(database) == (2, 1)
    assert "martingale-set-aside-2026-11-03T090000.db" in capsys.readouterr().out
    assert run(environ, "backup", "--list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert {copy["why"] for copy in listed} == {"", "by-hand", "before-erase", "set-aside"}
    aside = next(copy["path"] for copy in listed if copy["why"] == "set-aside")
    assert run(environ, "restore", aside) == 0
    assert held(database) == (0, 0)


def test_answers_that_were_taken_back_are_not_counted(
    environ: Mapping[str, str], database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Store.open(database, now=NOW)) as store:
        learner = store.learner(LOCAL)
        for number in (2, 3):
            answer = Answer(f"a{number}", "updates-from-half", Rating.GOOD, NOW)
            store.answer(learner, answer, DayRules(), SchedulerSettings())
            store.undo(learner, f"u{number}", NOW)
    file = tmp_path / "mine.json"
    for words in (
        ("backup",),
        ("backup", "--list"),
        ("dump", "--out", file),
        ("load", file, "--dry-run", "--replace"),
        ("restore",),
        ("erase", "--yes"),
    ):
        assert run(environ, *words) == 0
        assert "2 cards" in (said := capsys.readouterr().out.splitlines()[0])
        assert "1 answers" in said
    assert run(environ, "restore") == 0
    assert held(database) == (2, 3)  # none is lost
    capsys.readouterr()
    assert run(environ, "load", file) == 1
    assert_one_line(capsys, "(2 cards, 1 answers, ")


def test_listing_makes_nothing(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = {**environ, "MARTINGALE_HOME": str(tmp_path / "nowhere")}
    assert run(nowhere, "backup", "--list") == 0
    assert capsys.readouterr().out == "There are no backups yet.\n"
    assert not (tmp_path / "nowhere").exists()


def test_dump_and_load_elsewhere(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.json"
    assert run(environ, "dump", "--out", file) == 0
    assert f"wrote 2 cards and 1 answers to {file}" in capsys.readouterr().out
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    elsewhere = {**environ, "MARTINGALE_HOME": str(tmp_path / "elsewhere")}
    database = tmp_path / "elsewhere" / "martingale.db"
    assert run(elsewhere, "load", file, "--dry-run") == 0
    assert "would load 2 cards and 1 answers" in capsys.readouterr().out
    assert held(database) == (0, 0)
    assert run(elsewhere, "load", file) == 0
    assert held(database) == (2, 1)
    again = tmp_path / "again.json"
    assert run(elsewhere, "dump", "--out", again) == 0
    assert again.read_text("utf-8") == file.read_text("utf-8")


def test_load_does_not_overrun_what_is_there_unless_it_is_told_to(
    environ: Mapping[str, str], database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.json"
    run(environ, "dump", "--out", file, "--learner", "other")
    capsys.readouterr()
    assert run(environ, "load", file) == 1
    assert_one_line(capsys, "two histories cannot be added up")
    assert held(database) == (2, 1)
    assert run(environ, "load", file, "--replace") == 0
    assert "before-load" in capsys.readouterr().out
    assert held(database) == (0, 0)
    assert run(environ, "restore", "latest") == 0
    assert held(database) == (2, 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("load", "nowhere.json"), 2, "There is no file nowhere.json"),
        (("dump",), 2, "--out"),
        (("dump", "--out", "/nowhere/mine.json"), 2, "There is no folder /nowhere"),
        (("dump", "--out", "."), 2, "is a folder"),
        (
            ("dump", "--out", "mine.json", "--learner", "nobody"),
            2,
            "no learner 'nobody'; there are local, other",
        ),
        (("dump", "--out", "mine.json", "--learner", "x" * 5000), 2, "xxx…'; there are local, other"),
        (("erase",), 2, "This deletes 2 cards, 1 answers and all else that 'local' has"),
        (("erase", "--yes", "--learner", "nobody"), 2, "no learner 'nobody'"),
        (("restore", "nowhere.db"), 1, "There is no backup 'nowhere.db'"),
        (("doctor", "--colour"), 2, "--colour"),
    ],
)
def test_what_makes_no_sense_or_cannot_be_done_is_one_line_and_changes_nothing(
    environ: Mapping[str, str],
    database: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert run(environ, *words) == code
    assert_one_line(capsys, said)
    assert held(database) == (2, 1)


LONG = "x" * 300


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("load", "folder"), 2, "folder is a folder; name a file in it."),
        (("load", "pipe"), 2, "pipe is a pipe or a device; save what comes out of it as a file"),
        (("load", "mine.json/a"), 2, "There is no file mine.json/a."),
        (("load", "circle"), 2, "circle cannot be used: Too many levels of symbolic links; name another"),
        (("load", LONG), 2, "xxx cannot be used: File name too long; name another file."),
        (("restore", "folder"), 1, "folder is no file, and so no backup"),
        (("restore", "pipe"), 1, "pipe is no file, and so no backup"),
        (("restore", "circle"), 1, "There is no backup 'circle'"),
        (("restore", "~nobody-has-this-name/a.db"), 1, "There is no backup '~nobody"),
        (("restore", LONG), 1, "xxx'; `python -m cards backup --list`"),
        *(
            case
            for command in ("dump", "export")
            for case in (
                ((command, "--out", "folder"), 2, "folder is a folder; name a file in it, such as folder/"),
                ((command, "--out", "pipe"), 2, "pipe cannot be used: it is a pipe or a device"),
                ((command, "--out", "to-pipe"), 2, "to-pipe cannot be used: it is a pipe or a device"),
                ((command, "--out", "circle"), 2, "circle cannot be used: Too many levels of symbolic"),
                ((command, "--out", "to-nowhere"), 2, "no/where to write a.json in; make it first."),
                ((command, "--out", "mine.json/a"), 2, "There is no folder mine.json to write a in"),
                ((command, "--out", LONG), 2, "xxx cannot be used: File name too long; name another file."),
                ((command, "--out", f"{LONG}/a"), 2, "a cannot be used: File name too long; name another"),
            )
        ),
    ],
)
def test_what_is_no_file_is_one_line_and_stays_what_it_is(
    environ: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("mine.json").write_text("mine", "utf-8")
    os.mkfifo("pipe")
    for link, to in (("to-pipe", "pipe"), ("circle", "circle"), ("to-nowhere", "no/where/a.json")):
        Path(link).symlink_to(to)
    before = sorted((path, path.lstat().st_mode) for path in tmp_path.iterdir())
    assert run(environ, *words) == code
    assert_one_line(capsys, said)
    assert sorted((path, path.lstat().st_mode) for path in tmp_path.iterdir()) == before
    assert Path("mine.json").read_text("utf-8") == "mine"


def test_what_a_link_leads_to_is_written_and_named(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there, link = tmp_path / "there.json", tmp_path / "link.json"
    link.symlink_to(there)
    assert run(environ, "dump", "--out", link) == 0
    assert capsys.readouterr().out == f"wrote 2 cards and 1 answers to {there}\n"
    assert link.is_symlink()
    assert run(environ, "load", link, "--dry-run", "--replace") == 0


REFUSALS = [
    (errno.ENOENT, "its folder takes no new files; name a file in a folder in which you may write."),
    (errno.EACCES, "you may not write in its folder; name a file in a folder in which you may write."),
    (errno.EROFS, "its disk can only be read; name a file on another disk."),
    (errno.ENOSPC, "the disk is full; free some space, or name a file on another disk."),
    (errno.EIO, f"{os.strerror(errno.EIO)}; name another file."),
]


@pytest.mark.parametrize(("code", "said"), REFUSALS)
@pytest.mark.parametrize("words", [("dump",), ("export",), ("export", "--csv"), ("ledger",)])
def test_a_folder_that_takes_no_file_is_one_line_with_a_remedy(
    environ: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    folder = tmp_path / "closed"
    folder.mkdir()

    def refusing(made: Callable[..., object]) -> Callable[..., object]:
        def make(path: str, *given: object, **named: object) -> object:
            if Path(path).parent == folder:
                raise OSError(code, os.strerror(code), path)
            return made(path, *given, **named)

        return make

    for name in ("open", "mkdir"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    assert run(environ, *words, "--out", folder / "mine") == 1
    assert capsys.readouterr() == ("", f"{folder / 'mine'} cannot be written: {said}\n")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("words", [("load",), ("load", "--replace"), ("import",)])
def test_a_file_that_may_not_be_read_is_one_line_and_no_backup_is_made(
    environ: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    file = tmp_path / "mine.json"
    file.touch()
    monkeypatch.setattr(os, "access", lambda path, _: path != file)
    assert run(environ, *words, file) == 2
    assert_one_line(capsys, f"You may not read {file}; name a file that you may.")
    assert not list((tmp_path / "home" / "backups").glob("*before-load*"))


@pytest.mark.parametrize("words", [("backup",), ("backup", "--list"), ("doctor",), ("restore",), ("erase",)])
def test_a_home_of_nobodys_is_one_line(
    environ: Mapping[str, str], capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run({**environ, "MARTINGALE_HOME": "~nobody-has-this-name"}, *words) == 1
    assert_one_line(capsys, "MARTINGALE_HOME names begins with a home that this machine does not know.")


@pytest.mark.parametrize("words", [("backup", "--list"), ("restore",), ("erase", "--yes")])
def test_a_home_with_a_name_that_no_folder_can_have_is_one_line(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run({**environ, "MARTINGALE_HOME": str(tmp_path / LONG)}, *words) == 1
    assert_one_line(capsys, "cannot be written (File name too long)")


def test_a_file_that_is_none_of_ours_is_one_line_and_changes_nothing(
    environ: Mapping[str, str], database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("Dear diary", '{"format": "anki"}', "\ufeff[]"):
        (tmp_path / "mine.json").write_text(text, "utf-8")
        assert run(environ, "load", tmp_path / "mine.json", "--replace") == 1
        assert_one_line(capsys, f"{tmp_path / 'mine.json'} cannot be loaded: it ")
        assert held(database) == (2, 1)


def test_a_file_that_cannot_be_loaded_pushes_out_no_older_copy(
    environ: Mapping[str, str], database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(environ, "erase", "--yes") == 0
    assert "backup --list` names too, if nothing is to be left" in capsys.readouterr().out
    (tmp_path / "mine.json").write_text("Dear diary", "utf-8")
    for minute in range(12):
        now = LATER + timedelta(minutes=minute)
        assert run(environ, "load", tmp_path / "mine.json", "--replace", now=now) == 1
    assert [copy.why for copy in copies_of(database) if copy.why] == ["before-erase"]


def test_while_the_app_is_open_nothing_is_replaced_or_deleted_behind_its_back(
    environ: Mapping[str, str], database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(environ, "dump", "--out", tmp_path / "mine.json")
    run(environ, "backup")
    capsys.readouterr()
    with opened_elsewhere(database):
        for words in (("restore",), ("erase", "--yes"), ("load", str(tmp_path / "mine.json"), "--replace")):
            assert run(environ, *words) == 1
            assert_one_line(capsys, "Another program has the database of your cards open")
        assert run(environ, "backup") == 0
        assert run(environ, "doctor") == 0
    assert held(database) == (2, 1)


def test_the_doctor_finds_nothing_where_all_is_well_and_says_how_much_there_is(
    environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(environ, "doctor") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert "2 cards" in line
    assert line.endswith(": sound")


def test_the_doctor_finds_orphans_and_mends_what_it_is_told_to(
    environ: Mapping[str, str], database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_section(tmp_path, SECTION.replace("variance-adds", "another-id"))
    assert run(environ, "doctor", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert [finding["code"] for finding in report["findings"]] == ["orphan"]
    assert "variance-adds" in report["findings"][0]["what"]
    assert run(environ, "doctor", "--repair") == 0
    assert "1 row mended" in capsys.readouterr().out
    assert run(environ, "doctor") == 0
    assert held(database) == (2, 1)  # what was remembered is kept


def test_the_doctor_looks_at_what_cannot_be_opened(
    environ: Mapping[str, str], database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database.write_bytes(database.read_bytes()[:5000])
    before = database.read_bytes()
    assert run(environ, "doctor") == 1
    out = capsys.readouterr().out
    assert out.startswith("damaged: The database of your cards is damaged")
    assert "python -m cards restore" in out
    assert database.read_bytes() == before
    nowhere = {**environ, "MARTINGALE_HOME": str(tmp_path / "nowhere")}
    assert run(nowhere, "doctor") == 0
    assert "no database yet" in capsys.readouterr().out
    assert not (tmp_path / "nowhere").exists()


def test_the_doctor_says_in_json_too_that_there_is_nothing_yet(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run({**environ, "MARTINGALE_HOME": str(tmp_path / "new")}, "doctor", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["sound"], report["counts"]) == (True, {})
    assert report["where"] == str(tmp_path / "new" / "martingale.db")
    assert not (tmp_path / "new").exists()


def test_the_doctor_tells_of_an_old_version_and_changes_nothing_unless_told_to(
    environ: Mapping[str, str], database: Path, capsys: pytest.CaptureFixture[str]
) -> None:

    database.unlink()
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")  # as the app leaves it
    engine.dispose()
    before = database.read_bytes()
    assert run(environ, "doctor") == 1
    assert "old-version: The database is at version 0001" in capsys.readouterr().out
    assert database.read_bytes() == before
    assert run(environ, "doctor", "--repair") == 0


def test_a_file_whose_name_is_no_text_is_written_and_named_all_the_same(
    environ: Mapping[str, str], tmp_path: Path
) -> None:
    out = os.fsencode(tmp_path) + b"/mine-\xff.json"
    done = subprocess.run(
        [sys.executable, "-m", "cards", "dump", "--out", out],
        env={**os.environ, **environ, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b"mine-\\udcff.json\n")
    assert b'"format"' in Path(os.fsdecode(out)).read_bytes()


def test_whoever_stops_to_read_is_not_shown_a_trace(environ: Mapping[str, str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = as_a_module(environ, "backup", "--list", stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_what_cannot_be_said_is_one_line(environ: Mapping[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = as_a_module(environ, "doctor", stdout=full)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"What came of it cannot be written: No space left")


def test_an_interrupt_is_no_trace(
    environ: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command.get("backup"), "run", interrupted)
    assert run(environ, "backup") == 130
    assert capsys.readouterr() == ("", "\n")


def as_a_module(
    environ: Mapping[str, str], *words: str, stdout: int | BinaryIO
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cards", *words],
        env={**os.environ, **environ},
        stdout=stdout,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        check=False,
    )
